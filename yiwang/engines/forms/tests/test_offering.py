"""Long lists of options: kept by language while their source stays, drawn anew when it changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from django.utils.autoreload import file_changed

from yiwang.engines.forms import lookups, offering
from yiwang.engines.forms.field_words import DivisionField, Listed
from yiwang.engines.forms.lookups import Choosable, Entry

CLASSES = Listed("class", "类别", source="test.classes")


class Source:
    """A list that changes, and counts how often somebody walked it."""

    def __init__(self) -> None:
        self.entries: Mapping[str, Entry] = {
            "a": Entry("提示", "搜索"), "b": Entry("<乙>", "搜索"), 'c"': Entry("丙"),
        }  # fmt: skip

    def __call__(self, name: str) -> Mapping[str, Entry] | None:
        return self.entries if name == "test.classes" else None


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    found = Source()
    monkeypatch.setattr(lookups, "_sources", [found])
    monkeypatch.setattr(offering, "_kept", {})
    return found


def test_options_stand_under_their_headings_and_only_the_chosen_one_is_selected(source: Source) -> None:
    plain = offering.listed_options(CLASSES, None)
    assert plain == (
        '<optgroup label="搜索"><option value="a">提示</option><option value="b">&lt;乙&gt;</option></optgroup>'
        '<option value="c&quot;">丙</option>'
    )
    assert offering.listed_options(CLASSES, "b") == plain.replace('value="b"', 'value="b" selected')
    assert offering.listed_options(CLASSES, 'c"').count(" selected") == 1
    for nothing in ("", "x", '">', None, 7, ["a"], {"a": 1}):
        assert offering.listed_options(CLASSES, nothing) == plain


def test_a_list_in_another_edition_is_drawn_anew(source: Source) -> None:
    before = offering.listed_options(CLASSES, "a")
    assert offering.listed_options(CLASSES, "a") == before
    source.entries = {"a": Entry("改名")}
    assert offering.listed_options(CLASSES, "a") == '<option value="a" selected>改名</option>'
    source.entries = {}
    assert offering.listed_options(CLASSES, "a") == ""


def test_each_language_has_its_own_titles(source: Source) -> None:
    assert "提示" in offering.listed_options(CLASSES, None)
    with translation.override("en"):
        assert "Notice" in offering.listed_options(CLASSES, None)
    assert "提示" in offering.listed_options(CLASSES, None)


def test_a_new_catalogue_ends_what_was_drawn_with_the_old_one(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    before = offering.listed_options(CLASSES, None)
    monkeypatch.setattr(offering, "said", lambda text, language: f"new {text}")
    file_changed.send(sender=None, file_path=Path("views.py"))
    assert offering.listed_options(CLASSES, None) == before
    file_changed.send(sender=None, file_path=Path("django.mo"))
    assert "new 提示" in offering.listed_options(CLASSES, None)


def test_a_reader_gets_the_list_they_asked_for_while_another_asks_for_another(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shared(dict[Any, Any]):
        """What another thread puts there as soon as this one has drawn."""

        def __setitem__(self, key: Any, value: Any) -> None:
            super().__setitem__(key, ({"z": Entry("别人的")}, '<option value="z">别人的</option>'))

    monkeypatch.setattr(offering, "_kept", Shared())
    assert "别人的" not in offering.listed_options(CLASSES, None)
    assert "提示" in offering.listed_options(CLASSES, None)


def test_divisions_follow_the_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    town = DivisionField("town", "镇街", level="town")
    names = {"440605001": "甲镇", "440605002": "乙镇"}
    monkeypatch.setattr(offering, "_kept", {})
    monkeypatch.setattr(lookups, "division_names", lambda: names)
    monkeypatch.setattr(lookups, "choosable", lambda *asked: [Choosable(code, names[code], "区") for code in names])
    assert offering.division_options(town, "440605002") == (
        '<optgroup label="区"><option value="440605001">甲镇</option>'
        '<option value="440605002" selected>乙镇</option></optgroup>'
    )
    names = {**names, "440605001": "丙镇"}
    assert "丙镇" in offering.division_options(town, None)
