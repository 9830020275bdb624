"""Log-in and account in a real browser, at the width of a phone and of a desk, under the site's own policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, expect

from yiwang.engines.access import totp
from yiwang.engines.access.tests.conftest import PASSWORD
from yiwang.engines.access.tests.issuer import CLIENT, SECRET, Issuer
from yiwang.engines.directory.api import User
from yiwang.kernel.clock import now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(params=[390, 1440])
def page(request: Any, chromium: Browser, live_server: Any, person: User) -> Iterator[Page]:
    """A fresh browser; any fault a script or the policy reports fails the test."""
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": request.param, "height": 844}, base_url=live_server.url)
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda told: faults.append(told.text) if "Content Security Policy" in told.text else None)
    yield opened
    context.close()
    assert not faults


def check(page: Page) -> None:
    """Nobody is kept out of this page, and nothing sticks out of it."""
    page.evaluate(Path(str(finders.find("vendor/axe-core/axe.min.js"))).read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")["violations"]
    assert not [(one["id"], one["nodes"][0]["target"]) for one in found if one["impact"] in ("serious", "critical")], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url


def enter(page: Page, password: str = PASSWORD) -> None:
    page.fill("#username", "huang")
    page.fill("#password", password)
    page.keyboard.press("Enter")


def turn_on_second_factor(page: Page) -> list[str]:
    """From the account page to the recovery codes, which it gives back."""
    page.get_by_role("link", name="开启").click()
    check(page)
    secret = page.locator("figure code").inner_text().replace(" ", "")
    page.fill("#code", totp.code_at(secret, int(now().timestamp()) // totp.STEP))
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes code")).to_have_count(8)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    check(page)
    return list(codes)


def make_token(page: Page) -> None:
    """From the recovery codes to the account page with a token in its list."""
    page.get_by_role("link", name="我已保存").click()
    page.get_by_role("link", name="新建令牌").click()
    check(page)
    page.fill("#title", "视频平台")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.locator(".secret code")).to_contain_text("yw_")
    check(page)
    page.get_by_role("link", name="我已保存").click()
    expect(page.locator("#tokens ~ ul, section:has(#tokens) ul")).to_contain_text("视频平台")


def test_a_day_with_an_account(page: Page) -> None:
    """Refused, in, second factor on, a token made, out, and in again with a recovery code."""
    page.goto("/account/")
    check(page)
    enter(page, "wrong")
    expect(page.locator("#username-error")).to_contain_text("用户名或密码不正确。")
    check(page)
    enter(page)
    expect(page).to_have_url("/account/")
    check(page)

    codes = turn_on_second_factor(page)
    make_token(page)

    page.get_by_role("button", name="退出登录").click()
    check(page)
    page.get_by_role("link", name="重新登录").click()
    enter(page)
    expect(page.locator("#code")).to_be_focused()
    check(page)
    page.fill("#code", codes[0])
    page.keyboard.press("Enter")
    expect(page).not_to_have_url("/account/log-in/second-step/")
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("剩余恢复码 7 个")
    page.goto("/account/second-factor/off/")
    check(page)
    page.goto("/account/password/")
    check(page)


def test_the_policy_lets_the_browser_to_the_issuer_and_back(page: Page, settings: Any) -> None:
    issuer = Issuer()
    settings.OPENID_TITLE = "统一身份认证登录"
    told = {"server_url": issuer.address, "oauth_pkce_enabled": True}
    app = {"provider_id": "district", "name": "OpenID", "client_id": CLIENT, "secret": SECRET, "settings": told}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    try:
        page.goto("/account/")
        check(page)
        page.get_by_role("link", name="统一身份认证登录").click()
        expect(page).to_have_url("/account/")
        expect(page.locator("main")).to_contain_text("黄志强")
    finally:
        issuer.close()


@pytest.fixture
def demo(person: User, settings: Any) -> None:
    """Demo mode, asked for before the browser runs."""
    User.objects.update(is_demo=True)
    settings.DEMO = True


def test_a_demo_card_is_one_press(demo: None, page: Page) -> None:
    page.goto("/account/log-in/?next=/account/")
    check(page)
    page.get_by_role("button", name="派遣员").click()
    expect(page).to_have_url("/account/")
