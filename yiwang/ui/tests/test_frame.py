"""The frame of pages: preferences, language, navigation, parts for htmx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from yiwang.ui import navigation
from yiwang.ui.checks import navigation_leads_somewhere
from yiwang.ui.navigation import NavItem
from yiwang.ui.preferences import Preferences, preferences_of


@pytest.mark.parametrize(
    ("cookie", "theme", "is_elder"),
    [("", "auto", False), ("dark", "dark", False), ("light.elder", "light", True), ("auto.elder", "auto", True),
     ("nonsense", "auto", False), ("dark.<script>", "dark", False), ("." * 500, "auto", False)],
)  # fmt: skip
def test_preferences_survive_any_cookie(cookie: str, theme: str, is_elder: bool) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["preferences"] = cookie
    assert preferences_of(request) == Preferences(theme, is_elder)
    assert preferences_of(None) == Preferences()


@pytest.mark.django_db
def test_a_choice_is_kept_and_leads_back(client: Client) -> None:
    answer = client.post("/preferences/", {"theme": "dark", "next": "/style/?side=staff"})
    assert answer["Location"] == "/style/?side=staff"
    client.post("/preferences/", {"elder": "1", "next": "https://evil.example/"})
    page = client.get("/style/").content.decode()
    assert 'data-theme="dark" data-elder' in page
    assert client.post("/preferences/", {"elder": "0", "next": "//evil.example/"})["Location"] == "/"
    client.post("/preferences/", {"theme": "purple", "language": "xx"})
    assert 'data-theme="dark"' in client.get("/style/").content.decode()


@pytest.mark.django_db
def test_the_language_is_the_readers_choice_and_no_browsers(client: Client) -> None:
    chinese = client.get("/style/", headers={"accept-language": "en"})
    assert chinese["Content-Language"] == "zh-hans" and '<html lang="zh-CN"' in chinese.content.decode()
    client.post("/preferences/", {"language": "en"})
    english = client.get("/style/")
    assert english["Content-Language"] == "en" and '<html lang="en"' in english.content.decode()


@pytest.mark.django_db
def test_dark_colours_come_only_to_who_may_want_them(client: Client) -> None:
    for theme, expected in (("auto", "screen and (prefers-color-scheme: dark)"), ("dark", 'media="screen"'), ("light", "")):
        page = client.get(f"/style/?theme={theme}").content.decode()
        assert ("dark.css" in page) == bool(expected)
        assert expected in page


@pytest.mark.django_db
def test_htmx_gets_the_part_it_places(client: Client) -> None:
    whole = client.get("/style/?side=staff")
    assert "HX-Request" in whole["Vary"]
    main = client.get("/style/?side=staff", headers={"hx-request": "true", "hx-target": "main"}).content.decode()
    assert main.startswith("<title>") and '<main id="main"' in main and "<body" not in main
    detail = client.get("/style/?side=staff", headers={"hx-request": "true", "hx-target": "detail"}).content.decode()
    assert "<main" not in detail
    back = {"hx-request": "true", "hx-history-restore-request": "true"}
    assert "<body" in client.get("/style/?side=staff", headers=back).content.decode()


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_items", {})
    for item in (
        NavItem(key="style", title="样式", url_name="ui:style", group="工作", order=2, count=lambda request: 7),
        NavItem(key="offline", title="离线", url_name="ui:offline", group="其他", order=1),
        NavItem(key="hidden", title="隐藏", url_name="ui:style", group="其他", order=3, needs=lambda request: False),
        NavItem(key="unmounted", title="没有", url_name="no:such", group="工作", order=4),
        NavItem(key="footer", title="页脚", url_name="ui:style", group=navigation.FOOTER),
    ):
        navigation.register(item)
    yield


def test_the_rail_shows_what_the_reader_may_see_in_order(entries: Any) -> None:
    rail = navigation.rail(RequestFactory().get("/style/"))
    assert [(heading, [entry.key for entry in found]) for heading, found in rail] == [("其他", ["offline"]), ("工作", ["style"])]
    current = rail[1][1][0]
    assert (current.is_current, current.count) == (True, 7)
    assert [entry.key for entry in navigation.entries(RequestFactory().get("/"), navigation.FOOTER)] == ["footer"]


def test_only_the_longest_fitting_address_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    places = {"a": "/a/", "b": "/a/b/", "c": "/a/bc/"}
    monkeypatch.setattr(navigation, "address_of", lambda name, urlconf: places[name])
    monkeypatch.setattr(navigation, "_items", {})
    for key in "abc":
        navigation.register(NavItem(key=key, title=key, url_name=key, group="工作"))
    rail = navigation.rail(RequestFactory().get("/a/b/7/"))
    assert [entry.key for _, found in rail for entry in found if entry.is_current] == ["b"]


def test_the_check_names_entries_that_lead_nowhere(entries: Any) -> None:
    navigation.register(NavItem(key="typo", title="样式", url_name="ui:stile", group="工作"))
    told = {one.id + " " + one.msg: one.hint for one in navigation_leads_somewhere(None) if one.id == "ui.W001"}
    assert [text for text in told if "'no:such'" in text] and len(told) == 2
    assert "Did you mean 'ui:style'?" in told["ui.W001 Navigation entry 'typo' names 'ui:stile', which leads nowhere: it will not show."]


def test_every_entry_of_this_site_leads_somewhere() -> None:
    assert not [one.msg for one in navigation_leads_somewhere(None)]
