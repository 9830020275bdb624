"""The frame in a real browser: every component in every mode, the keyboard, passing messages, paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("yiwang.ui.tests.refusing"),
]
WIDTHS = (390, 1440)
MODES = ("", "?theme=dark", "?theme=light", "?elder=1", "?theme=dark&elder=1", "?side=staff", "?side=staff&theme=dark", "?side=staff&elder=1")
SERIOUS = ("serious", "critical")


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    yield chromium
    for context in chromium.contexts:
        context.close()


def open_page(browser: Browser, faults: list[str], width: int, **more: Any) -> Page:
    """A page that notes every fault its scripts or its policy report."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    return page


def serious(page: Page) -> list[str]:
    """What axe-core finds that would keep somebody out."""
    path = finders.find("vendor/axe-core/axe.min.js")
    assert path, "The front-end packages are not installed."
    if not page.evaluate("'axe' in window"):
        page.evaluate(Path(path).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"] if one["impact"] in SERIOUS for node in one["nodes"]
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_component_in_every_mode(live_server: Any, browser: Browser, language: str) -> None:
    """Room for the words in each language; what axe-core judges knows none, so it is asked about the Chinese pages.

    Each page is opened on a telephone and then given the width of a desk, as a window is drawn wider.
    """
    faults: list[str] = []
    page = open_page(browser, faults, WIDTHS[0], extra_http_headers={"Cookie": f"django_language={language}"})
    for mode in MODES:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(f"{live_server.url}/style/{mode}")
        expect(page.locator("figure[data-chart] canvas")).to_have_count(4)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (mode, width)
            if language == "zh-hans" or not mode:
                faults += [f"{mode} at {width}: {one}" for one in serious(page)]
    assert not faults


def test_the_list_is_worked_by_keyboard(live_server: Any, browser: Browser) -> None:
    faults: list[str] = []
    page = open_page(browser, faults, 1440)
    page.goto(f"{live_server.url}/style/?side=staff")
    current = page.locator("tr.is-current")
    press = page.keyboard.press
    expect(current).to_have_attribute("data-row", "2")
    press("j")
    expect(current).to_have_attribute("data-row", "3")
    press("j")
    expect(current).to_have_attribute("data-row", "3")
    press("k")
    press("k")
    expect(current).to_have_attribute("data-row", "1")
    press("x")
    expect(page.locator(".bulk [data-selected]")).to_have_text("已选 1 项")
    expect(page.locator(".select-all")).to_have_js_property("indeterminate", True)
    press("x")
    expect(page.locator(".bulk")).to_be_hidden()
    press("Enter")
    expect(page).to_have_url(f"{live_server.url}/style/?side=staff#1")
    press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    press("j")
    press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(current).to_have_attribute("data-row", "1")
    page.fill("#sample-title", "")
    page.locator("#sample-title").press_sequentially("jx?")
    expect(page.locator("#sample-title")).to_have_value("jx?")
    expect(current).to_have_attribute("data-row", "1")
    press("Escape")
    press("n")
    expect(page).to_have_url(f"{live_server.url}/style/?after=3")
    assert not faults


def test_a_number_after_g_leads_to_that_place(live_server: Any, browser: Browser) -> None:
    faults: list[str] = []
    page = open_page(browser, faults, 1440)
    page.goto(f"{live_server.url}/style/?side=staff")
    page.evaluate("""() => {
        const link = Object.assign(document.createElement("a"), {className: "rail-link", href: "#second"});
        document.querySelector(".rail").replaceChildren(
            Object.assign(document.createElement("a"), {className: "rail-link", href: "#first"}), link);
    }""")
    page.keyboard.press("2")
    expect(page).to_have_url(f"{live_server.url}/style/?side=staff")
    page.keyboard.press("g")
    page.keyboard.press("2")
    expect(page).to_have_url(f"{live_server.url}/style/?side=staff#second")
    assert not faults


@pytest.mark.parametrize(
    ("kind", "title", "next_step"),
    [
        ("stale", "页面内容已过期。", "请刷新页面，查看最新状态后再操作。"),
        ("not-allowed", "您没有办理此操作的权限。", "请联系本单位管理员"),
        ("invalid", "填写的内容有误。", "请按提示逐项更正"),
        ("broken", "系统出错了", "请稍候重试"),
        ("outage", "系统暂时无法提供服务", "请稍候重试。"),
    ],
)
def test_a_refusal_of_a_part_is_said_and_the_page_stays(live_server: Any, browser: Browser, kind: str, title: str, next_step: str) -> None:
    page = open_page(browser, [], 390)
    page.goto(f"{live_server.url}/style/?side=staff")
    before = page.locator("#main h1").inner_text()
    page.evaluate(f"htmx.ajax('GET', '/fail/{kind}/', '#main')")
    toast = page.locator("#toasts .toast")
    expect(toast).to_have_count(1)
    expect(toast.locator(".toast-text")).to_contain_text(title)
    expect(toast.locator(".toast-next")).to_contain_text(next_step)
    expect(page.locator("#main h1")).to_have_text(before)
    expect(page.locator("#progress-bar")).to_be_hidden()
    toast.locator(".toast-close").click()
    expect(toast).to_have_count(0)


def test_a_part_that_is_gone_when_it_loads_by_itself_stays_a_link_and_says_so_when_asked(live_server: Any, browser: Browser) -> None:
    faults: list[str] = []
    page = open_page(browser, faults, 390)
    page.goto(f"{live_server.url}/style/?side=staff")
    with page.expect_response("**/fail/missing/"):
        page.evaluate("""() => {
            const link = Object.assign(document.createElement("a"), {id: "part", href: "/fail/missing/", textContent: "part"});
            for (const [name, value] of [["hx-get", "/fail/missing/"], ["hx-trigger", "load, click"], ["hx-target", "#part"]])
                link.setAttribute(name, value);
            document.querySelector("#main").prepend(link);
            htmx.process(link);
        }""")
    expect(page.locator("#progress-bar")).to_be_hidden()
    expect(page.locator("#part")).to_have_text("part")
    assert page.locator("#toasts .toast").count() == 0
    assert not [one for one in faults if "Failed to load" not in one], "the browser itself notes a 404, the page does not"
    page.locator("#part").click()
    expect(page.locator("#toasts .toast")).to_have_count(1)


def test_a_lost_network_is_said_in_plain_words(live_server: Any, browser: Browser) -> None:
    page = open_page(browser, [], 390)
    page.goto(f"{live_server.url}/style/?side=staff")
    page.context.set_offline(True)
    expect(page.locator("#toasts")).to_contain_text("网络已断开。")
    page.evaluate("htmx.ajax('GET', '/style/', '#main').catch(() => null)")
    expect(page.locator("#toasts")).to_contain_text("已填写的内容仍在页面上。")
    page.context.set_offline(False)
    expect(page.locator("#toasts")).to_contain_text("网络已恢复。")


def test_dialogs_ask_and_give_the_focus_back(live_server: Any, browser: Browser) -> None:
    faults: list[str] = []
    page = open_page(browser, faults, 390)
    page.goto(f"{live_server.url}/style/")
    opener = page.locator('[data-dialog="sample-confirm"]')
    opener.click()
    dialog = page.locator("#sample-confirm")
    expect(dialog).to_be_visible()
    page.get_by_role("button", name="材料不全").click()
    expect(dialog.locator("textarea")).to_have_value("材料不全")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert not faults


def test_an_error_leads_to_its_field(live_server: Any, browser: Browser) -> None:
    page = open_page(browser, [], 390)
    page.goto(f"{live_server.url}/account/log-in/")
    page.click(".log-in-form button")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="请填写密码。").click()
    expect(page.locator("#password")).to_be_focused()
    assert not serious(page)


def test_paper_shows_the_record_and_no_controls(live_server: Any, browser: Browser) -> None:
    page = open_page(browser, [], 1440)
    page.goto(f"{live_server.url}/style/?side=staff&theme=dark")
    page.emulate_media(media="print")
    for hidden in (".top-bar", ".rail", ".filters", ".pager", ".tabs", "main .button >> nth=0", ".row-select >> nth=0"):
        expect(page.locator(hidden).first).to_be_hidden()
    for shown in ("h1", ".table tbody th >> nth=0", ".timeline", ".facts"):
        expect(page.locator(shown).first).to_be_visible()
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.documentElement).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_every_form_works_without_scripts(live_server: Any, browser: Browser) -> None:
    page = open_page(browser, [], 390, java_script_enabled=False)
    page.goto(f"{live_server.url}/style/")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-elder") is not None
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator("figure[data-chart] .figure-space").first).to_be_hidden()
    page.locator("figure[data-chart] summary").first.click()
    expect(page.locator("figure[data-chart] table").first).to_be_visible()
