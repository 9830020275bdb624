"""Without a mouse and without scripts: a task from log-in to done by keys alone, a report with JavaScript off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.browser.test_manhole import TAIL, TITLE
from tests.small_district import HERE
from tests.stage import TYPE

pytestmark = pytest.mark.browser

FAR = 60
"""Presses of the tab key after which a person has given up."""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; it must then be seen to have it."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"the focus on {selector} is not shown"
            return
    pytest.fail(f"{FAR} presses of Tab do not reach {selector}")


def opened_case() -> str:
    from yiwang.engines.cases.api import open_case
    from yiwang.engines.directory.api import SYSTEM

    place = {"longitude": 112.9, "latitude": 23.0, "address": "小学东门"}
    return open_case(SYSTEM, TYPE, {"category": "manhole", "description": TITLE, "place": place}).number


def test_a_task_by_keys_alone(visitor: Callable[..., Page]) -> None:
    opened_case()
    page = visitor(1440)
    page.goto("/account/log-in/")
    tab_to(page, "#username")
    page.keyboard.type(f"{HERE}-acceptor")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('desk:work')}**")
    page.goto(f"{reverse('desk:work')}?box=post")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    tab_to(page, "[name=accepted]")
    page.keyboard.press("Space")
    tab_to(page, "[name=urgency]")
    page.keyboard.press("Space")
    tab_to(page, ".case-submit button, form .button")
    page.keyboard.press("Enter")
    expect(page.locator(".notice-success, .toast-success").first).to_contain_text("成功")


def test_the_skip_link_is_first_and_leads_to_the_page(visitor: Callable[..., Page]) -> None:
    page = visitor(390)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("() => location.hash") == "#main"


def test_a_report_without_javascript(visitor: Callable[..., Page], photograph: Path) -> None:
    page = visitor(390, java_script_enabled=False)
    page.goto(f"/report/{TYPE}/")
    page.get_by_role("radio", name="路灯不亮").check()
    page.get_by_role("textbox", name="情况说明").fill("路灯三晚不亮")
    page.get_by_role("button", name="继续").click()
    page.locator("input[type=file]").set_input_files(photograph)
    page.get_by_role("button", name="继续").click()
    page.get_by_role("textbox", name="地址").fill("村口牌坊")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("textbox", name="手机号码").fill(f"1380013{TAIL}")
    page.get_by_role("button", name="继续").click()
    page.get_by_role("link", name="修改 发生了什么").or_(page.get_by_role("link", name="修改发生了什么")).click()
    page.get_by_role("textbox", name="情况说明").fill("路灯四晚不亮")
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_role("main")).to_contain_text("路灯四晚不亮")
    page.get_by_role("button", name="提交上报").click()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()


def test_a_double_click_sends_once(visitor: Callable[..., Page]) -> None:
    from yiwang.engines.cases.models import Case

    page = visitor(1440)
    page.goto(f"/report/{TYPE}/")
    page.get_by_role("radio", name="路灯不亮").check()
    page.get_by_role("textbox", name="情况说明").fill("路灯三晚不亮")
    for _ in range(2):
        page.get_by_role("button", name="继续").click()
    page.get_by_role("textbox", name="地址").fill("村口牌坊")
    for _ in range(2):
        page.get_by_role("button", name="继续").click()
    page.get_by_role("button", name="提交上报").dblclick()
    expect(page.get_by_role("heading", name="上报成功")).to_be_visible()
    page.go_back()
    assert Case.objects.count() == 1


def test_elder_mode_and_language_stay_from_page_to_page(visitor: Callable[..., Page]) -> None:
    page = visitor(390)
    page.goto("/")
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    page.goto("/follow/")
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
