"""What is drawn once for each language is what a template says anew at every request, and nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template, engines
from django.test import RequestFactory, override_settings
from django.utils import translation

from yiwang.ui import navigation
from yiwang.ui.folding import Folded, fold, forget_words
from yiwang.ui.navigation import NavItem
from yiwang.ui.shell import Shell
from yiwang.ui.words import said

_SOURCE = (
    "{% load i18n static ui %}<p title=\"{% translate '关闭' %}\">{% icon 'x' %}{% static 'ui/mark.svg' %}"
    "{% if shown %}{% translate '搜索' %}{{ name }}{% icon picture %}{% else %}{% blocktranslate %}关闭{% endblocktranslate %}{% endif %}"
    "{% for one in many %}{% translate one %}{% blocktranslate with n=one %}{{ n }}一网{% endblocktranslate %}{% endfor %}"
    "{% translate '关闭' as said %}{{ said }}{{ name|upper }}</p>"
)  # fmt: skip


def plain_and_folded() -> tuple[Template, Template]:
    plain, folded = Template(_SOURCE), Template(_SOURCE)
    fold(folded.nodelist)
    return plain, folded


@pytest.mark.parametrize("shown", [True, False])
def test_a_folded_template_says_the_same_in_every_language(shown: bool) -> None:
    plain, folded = plain_and_folded()
    assert len(folded.nodelist.get_nodes_by_type(Folded)) >= 3
    for language in ("zh-hans", "en", "zh-hans", "en"):
        for name in ("甲", "<b>"):
            values = {"shown": shown, "name": name, "picture": name, "many": ["搜索", name]}
            with translation.override(language):
                assert folded.render(Context(values)) == plain.render(Context(values))
    with translation.override("en"):
        assert "Search" in folded.render(Context({"shown": True}))


def test_what_depends_on_a_variable_is_never_kept() -> None:
    _, folded = plain_and_folded()
    kept = " ".join(repr(one.nodes) for one in folded.nodelist.get_nodes_by_type(Folded))
    assert "Variable Node" not in kept and "ForNode" not in kept and "IfNode" not in kept
    first = folded.render(Context({"shown": True, "name": "甲", "picture": "x"}))
    second = folded.render(Context({"shown": True, "name": "乙", "picture": "flag"}))
    assert "甲" in first and "甲" not in second and "#flag" in second


def test_the_sites_templates_are_folded() -> None:
    template: Any = engines["django"].get_template("ui/staff_dialogs.html")
    assert template.template.nodelist.get_nodes_by_type(Folded)


def test_a_new_catalogue_ends_what_was_drawn_with_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    before: Any = engines["django"].get_template("ui/live.html")
    said("关闭", "en")
    forget_words(Path("views.py"))
    assert said.cache_info().currsize and engines["django"].get_template("ui/live.html").template is before.template
    forget_words(Path("django.mo"))
    assert not said.cache_info().currsize
    assert engines["django"].get_template("ui/live.html").template is not before.template


def test_words_are_kept_for_each_language_alone() -> None:
    assert (said("搜索", "en"), said("搜索", "zh-hans")) == ("Search", "搜索")
    with translation.override("en"):
        assert (said("搜索", "zh-hans"), translation.gettext("搜索")) == ("搜索", "Search")


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_items", {})
    for item in (
        NavItem(key="all", title="关闭", url_name="ui:style", group="搜索", count=lambda request: request.number),
        NavItem(key="own", title="提示", url_name="ui:offline", group="搜索", needs=lambda request: request.is_own),
    ):
        navigation.register(item)
    yield


def rail(path: str = "/", *, is_own: bool = True, number: int | None = None) -> str:
    request: Any = RequestFactory().get(path)
    request.is_own, request.number = is_own, number
    shell = Shell(request)
    return f"{shell.rail_links}{shell.tab_links}{shell.sheet_links}"


def test_each_reader_sees_only_their_own_rail(entries: Any) -> None:
    assert rail().count("提示") == 3 and "提示" not in rail(is_own=False) and rail().count("提示") == 3
    assert rail(number=7).count('<span class="count">7</span>') == 2 and 'class="count"' not in rail(number=None)
    assert rail("/style/").count('aria-current="page"') == 3 and "aria-current" not in rail()
    with translation.override("en"):
        assert "Search" in rail() and "搜索" not in rail()
    assert "Search" not in rail() and rail().count('aria-labelledby="rail-1"') == 1


def test_a_title_is_text_and_no_markup(entries: Any) -> None:
    navigation.register(NavItem(key="odd", title="<b>&", url_name="ui:style", group="<i>"))
    assert "&lt;b&gt;&amp;" in rail() and "&lt;i&gt;" in rail() and "<b>" not in rail()


def test_an_address_follows_the_mounted_pages(entries: Any) -> None:
    with override_settings(ROOT_URLCONF="yiwang.ui.urls"):
        assert navigation.address_of("ui:style", "yiwang.ui.urls") != navigation.address_of("ui:style", "yiwang.project.urls")
