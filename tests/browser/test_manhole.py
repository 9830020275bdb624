"""The missing manhole cover, whole: a citizen reports, four offices work, the citizen rates; on a phone and a desk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, log_in
from tests.small_district import HERE, TOWNS

pytestmark = pytest.mark.browser

TITLE = "小学门口东侧人行道井盖缺失"
TAIL = "8000"


def go_on(page: Page, heading: str) -> None:
    """Press the button and wait for the next page."""
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def point_on_map(page: Page) -> None:
    """A finger on the map, left of its middle: that is the first town."""
    space = page.locator("[data-place-map]")
    expect(space.locator("canvas")).to_be_visible()
    expect(space).to_contain_text("示意")
    expect(space).to_contain_text(TOWNS[HERE])
    box = space.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2)
    expect(page.locator("[data-place-status]")).to_contain_text(TOWNS[HERE])


def report(page: Page, photograph: Path) -> str:
    """From the home page to the receipt; the number."""
    page.goto("/")
    page.get_by_role("link", name="我要上报").click()
    page.get_by_role("radio", name="井盖缺失或破损", exact=True).check()
    go_on(page, "请更正以下内容")
    page.get_by_role("link", name="请填写情况说明。").click()
    expect(page.get_by_label("情况说明")).to_be_focused()
    page.keyboard.type(TITLE)
    go_on(page, "在什么地方")
    point_on_map(page)
    page.get_by_label("地址").fill("小学东门")
    go_on(page, "拍张照片")
    page.locator("input[type=file]").set_input_files(photograph)
    go_on(page, "怎样联系您")
    page.get_by_label("手机号码").fill(f"1380013{TAIL}")
    go_on(page, "提交前请核对")
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    expect(page.locator("main img")).to_be_visible()
    page.get_by_role("button", name="提交上报").click()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("前办结")
    return str(page.locator("[data-number]").get_attribute("data-number"))


def work(page: Page, who: str, fill: Callable[[Page], None], box: str = "post") -> None:
    """One office: log in, find the case in the list, do the task."""
    log_in(page, f"{HERE}-{who}")
    page.goto(f"{reverse('desk:work')}?box={box}")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    fill(page)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".notice-success, .toast-success").first).to_contain_text("成功")


def follow(page: Page, number: str) -> None:
    page.goto("/follow/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("手机号码后四位").fill(TAIL)
    page.get_by_role("main").get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def accept(page: Page) -> None:
    page.get_by_role("radio", name="受理", exact=True).check()
    page.get_by_role("radio", name="紧急", exact=True).check()


def dispatch(page: Page) -> None:
    page.get_by_role("radio", name="水务", exact=True).check()
    page.get_by_label("派遣意见").fill("今天内先围蔽")


def handle(photograph: Path) -> Callable[[Page], None]:
    def fill(page: Page) -> None:
        page.get_by_label("处置情况").fill("已更换井盖并加固")
        page.locator("input[type=file]").first.set_input_files(photograph)

    return fill


def verify(page: Page) -> None:
    page.get_by_role("radio", name="是", exact=True).check()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manhole_cover_from_report_to_rating(width: int, visitor: Callable[..., Page], photograph: Path) -> None:
    citizen = visitor(width)
    number = report(citizen, photograph)
    work(visitor(width), "acceptor", accept)
    follow(citizen, number)
    expect(citizen.locator(".stage-done")).to_contain_text("受理")
    expect(citizen.locator(".stage-current")).to_contain_text("派遣")
    work(visitor(width), "dispatcher", dispatch)
    work(visitor(width), "handler-water", handle(photograph), "unit")
    work(visitor(width), "inspector", verify)
    citizen.reload()
    answer = citizen.get_by_role("region", name="办理结果")
    expect(answer).to_contain_text("已更换井盖并加固")
    expect(answer.locator("img")).to_be_visible()
    expect(citizen.get_by_role("main")).not_to_contain_text("今天内先围蔽")
    citizen.get_by_role("radio", name="很满意").check()
    citizen.get_by_role("button", name="提交评价").click()
    expect(citizen.get_by_role("main")).to_contain_text("您已评价：5 分")
