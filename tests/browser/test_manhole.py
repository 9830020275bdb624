"""The missing manhole cover, whole, in a real browser on a phone and a desk: everybody it passes does their part.

The citizen reports and rates; the centre accepts and dispatches; three units say it is not theirs, the head of the
shift rules; the unit named shows by its photo that it was there; the inspector closes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import WIDTHS
from tests.small_district import DISTRICT, HERE, TOWNS
from yiwang.engines.cases.api import act
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.directory.api import User, actor_for
from yiwang.engines.stories.api import photo
from yiwang.kernel.clock import now

pytestmark = pytest.mark.browser

TITLE = "小学门口东侧人行道雨水井盖缺失"
TAIL = "8000"
NOT_OURS = "不属本单位职责"


def go_on(page: Page, heading: str) -> None:
    """Press the button and wait for the next page."""
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()


def point_on_map(page: Page) -> None:
    """A finger on the map beside the place that the photo proposes."""
    space = page.locator("[data-place-map]")
    expect(space.locator("canvas")).to_be_visible()
    expect(space).to_contain_text("示意")
    expect(page.locator("[data-place-status]")).to_contain_text(TOWNS[HERE])
    before = page.get_by_label("经度").input_value()
    assert before == "112.9", "the place of the photo"
    box = space.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2)
    expect(page.get_by_label("经度")).not_to_have_value(before)
    expect(page.locator("[data-place-status]")).to_contain_text(TOWNS[HERE])


def report(page: Page, shot: Path) -> str:
    """From the home page to the receipt; the number."""
    page.goto("/")
    page.get_by_role("link", name="我要上报").click()
    page.get_by_role("main").get_by_role("link", name="城市部件事件").click()
    page.get_by_role("radio", name="井盖缺失或破损", exact=True).check()
    go_on(page, "请更正以下内容")
    page.get_by_role("link", name="请填写情况说明。").click()
    expect(page.get_by_label("情况说明")).to_be_focused()
    page.keyboard.type("有人掉进下水道，流血昏迷")
    expect(page.get_by_role("alert").filter(has_text="请立即拨打 120")).to_be_visible()
    page.get_by_label("情况说明").fill(TITLE)
    expect(page.locator(".advice")).not_to_contain_text("拨打")
    go_on(page, "拍张照片")
    page.locator("input[type=file]").set_input_files(shot)
    go_on(page, "在什么地方")
    expect(page.get_by_role("main")).to_contain_text("已填上照片的拍摄位置")
    point_on_map(page)
    page.get_by_label("地址").fill("小学东门")
    go_on(page, "怎样联系您")
    page.get_by_label("手机号码").fill(f"1380013{TAIL}")
    go_on(page, "提交前请核对")
    expect(page.get_by_role("main")).to_contain_text(TITLE)
    expect(page.locator("main img")).to_be_visible()
    page.get_by_role("button", name="提交上报").click()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("前办结")
    return str(page.locator("[data-number]").get_attribute("data-number"))


def seated(desk: BrowserContext, site: str, who: str) -> Page:
    """A page for the next at the same desk; how people log in is tried by keys in `test_keyboard`."""
    for page in desk.pages:
        page.close()
    client = Client()
    client.force_login(User.objects.get(username=who))
    session = client.cookies["sessionid"].value
    desk.clear_cookies()
    desk.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return desk.new_page()


def work(
    at: tuple[BrowserContext, str], who: str, fill: Callable[[Page], None], box: str = "post", button: str = "提交"
) -> None:
    """One office: sit down, find the case in the list, do the task."""
    desk, site = at
    page = seated(desk, site, who)
    page.goto(f"{reverse('desk:work')}?box={box}")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    fill(page)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".notice-success, .toast-success").first).to_contain_text("成功")


def follow(page: Page, number: str) -> None:
    page.goto("/follow/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("手机号码后四位").fill(TAIL)
    page.get_by_role("main").get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def accept(page: Page) -> None:
    """The class stands there already, with how sure the suggestion is; another is one press away and back."""
    box = page.locator(".case-suggested")
    expect(box).to_contain_text(re.compile("建议类别：雨水井盖（把握 [0-9]+%）"))
    expect(page.locator("[name=class_code]")).to_have_value("C0103")
    page.get_by_role("radio", name="受理立案", exact=True).check()
    other = box.get_by_role("button").first
    code = str(other.get_attribute("value"))
    other.click()
    expect(page.locator("[name=class_code]")).to_have_value(code)
    expect(page.get_by_role("radio", name="受理立案", exact=True)).to_be_checked()
    page.locator("[name=class_code]").evaluate("(list) => { list.value = 'C0103' }")
    page.get_by_role("radio", name="紧急", exact=True).check()


def dispatch_wrongly(page: Page) -> None:
    """What the matrix says stands there already; the dispatcher thinks otherwise."""
    expect(page.get_by_role("group", name="主办单位").get_by_role("radio", name="水务")).to_be_checked()
    expect(page.get_by_role("radio", name="镇街", exact=True)).to_be_checked()
    page.get_by_role("group", name="主办单位").get_by_role("radio", name="城管").check()
    page.get_by_label("派遣意见").fill("今天内先围蔽")


def send_back(page: Page) -> None:
    """Not without a reason."""
    page.locator(".case-more > summary").click()
    page.locator(".case-more").get_by_role("link", name="退回").click()
    page.get_by_role("radio", name="派遣", exact=True).check()
    page.get_by_role("button", name="确定退回").click()
    expect(page.get_by_role("heading", name="请更正以下内容")).to_be_visible()
    page.get_by_label("理由").fill(NOT_OURS)


def rule(page: Page) -> None:
    expect(page.get_by_role("main")).to_contain_text(NOT_OURS)
    page.get_by_role("group", name="主办单位").get_by_role("radio", name="水务").check()


def handle(shot: Path) -> Callable[[Page], None]:
    """The photo tells place and time."""

    def fill(page: Page) -> None:
        page.get_by_label("处置情况").fill("已更换井盖并加固")
        page.locator("input[type=file]").first.set_input_files(shot)

    return fill


def verify(page: Page) -> None:
    page.get_by_role("group", name="问题是否已解决").get_by_role("radio", name="是", exact=True).check()


def step(case_id: Any, who: str, verb: str, arguments: dict[str, Any]) -> None:
    """A step by the services, for what a browser has shown once."""
    token = Token.objects.get(case_id=case_id, status="open").no
    act(actor_for(User.objects.get(username=f"{HERE}-{who}")), case_id, verb, token=token, arguments=arguments)


def returned_twice_more(number: str) -> Case:
    """By the units the dispatcher tries next; the third return goes to the head of the shift."""
    case = Case.objects.get(number=number)
    for unit in ("traffic", "power"):
        step(case.id, "dispatcher", "complete", {"data": {"unit": unit, "level": "town"}})
        step(case.id, f"handler-{unit}", "send_back", {"to": "dispatch", "reason": NOT_OURS})
    return case


def shot_at(folder: Path, longitude: float, latitude: float) -> Path:
    """A photo taken there now."""
    path = folder / "现场.jpg"
    path.write_bytes(photo(longitude, latitude, now()))
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_a_manhole_cover_from_report_to_rating(
    width: int, visitor: Callable[..., Page], site: str, tmp_path: Path
) -> None:
    citizen, at = visitor(width), (visitor(width).context, site)
    number = report(citizen, shot_at(tmp_path, 112.9, 23.0))
    work(at, f"{HERE}-acceptor", accept)
    follow(citizen, number)
    expect(citizen.locator(".stage-done")).to_contain_text("受理")
    expect(citizen.locator(".stage-current")).to_contain_text("派遣")
    work(at, f"{HERE}-dispatcher", dispatch_wrongly)
    work(at, f"{HERE}-handler-urban", send_back, "unit", "确定退回")
    place = returned_twice_more(number).data["place"]
    work(at, f"{DISTRICT}-supervisor", rule)
    work(at, f"{HERE}-handler-water", handle(shot_at(tmp_path, place["longitude"], place["latitude"])), "unit")
    work(at, f"{HERE}-inspector", verify)
    citizen.reload()
    answer = citizen.get_by_role("region", name="办理结果")
    expect(answer).to_contain_text("已更换井盖并加固")
    expect(answer.locator("img")).to_be_visible()
    expect(citizen.get_by_role("main")).not_to_contain_text("今天内先围蔽")
    citizen.get_by_role("radio", name="很满意").check()
    citizen.get_by_role("button", name="提交评价").click()
    expect(citizen.get_by_role("main")).to_contain_text("您已评价：5 分")
