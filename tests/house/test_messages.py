"""The English catalogue: whole, fresh, compiled, and English in every line."""

from __future__ import annotations

import re
from collections import Counter

import polib
import pytest

from yiwang.project.messages import CATALOGUE, glossary_english, missing, python_texts, speaks, template_texts, updated

_PLACES = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")
_CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]")
_QUOTED = re.compile("“[^”]*”")
"""A name in quotation marks may stay as it is written in China."""


@pytest.fixture(scope="module")
def kept() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


@pytest.fixture(scope="module")
def wanted(kept: polib.POFile) -> polib.POFile:
    return updated(kept)


def test_every_text_people_see_has_english(wanted: polib.POFile) -> None:
    assert not missing(wanted), f"Run make messages and translate these in {CATALOGUE.name}: {missing(wanted)}"


def test_the_catalogue_is_fresh(kept: polib.POFile, wanted: polib.POFile) -> None:
    old, new = {entry.msgid for entry in kept}, {entry.msgid for entry in wanted}
    assert old == new, f"Run make messages; new: {sorted(new - old)}; gone: {sorted(old - new)}"


def test_the_compiled_catalogue_says_the_same(kept: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))
    assert {e.msgid: e.msgstr for e in compiled} == {e.msgid: e.msgstr for e in kept if e.msgstr}, "Run make messages"


def test_values_keep_their_places(kept: polib.POFile) -> None:
    wrong = [e.msgid for e in kept if Counter(_PLACES.findall(e.msgid)) != Counter(_PLACES.findall(e.msgstr))]
    assert not wrong, f"The English lost, doubled or renamed a value: {wrong}"


def test_english_is_english(kept: polib.POFile) -> None:
    wrong = {e.msgid: e.msgstr for e in kept if _CHINESE.search(_QUOTED.sub("", e.msgstr))}
    assert not wrong, f"Chinese signs outside of quotation marks: {wrong}"


def test_terms_are_those_of_the_glossary(kept: polib.POFile) -> None:
    listed = glossary_english()
    wrong = {
        entry.msgid: entry.msgstr
        for entry in kept
        if entry.msgid in listed and entry.msgstr.casefold() != listed[entry.msgid].casefold()
    }
    assert not wrong, f"yiwang/glossary.csv has other English for these: {wrong}"


def test_what_is_gathered_from_python() -> None:
    source = '''
"""文件说明"""
TITLES = {"open": "办理中"}
_WORDS = re.compile(r"\\\\d年")
def refuse(name: str) -> None:
    """函数说明"""
    raise UserError("没有办成。", next_step=f"请{name}", hint=gettext("请{name}。").format(name=name))
def declare() -> None:
    raise SpecError("here", "Give it a title such as 养犬登记.")
'''
    assert set(python_texts(source, speaks=True)) == {"办理中", "没有办成。", "请{name}。"}
    assert set(python_texts(source, speaks=False)) == {"请{name}。"}


def test_what_is_gathered_from_templates() -> None:
    source = """{% load i18n %}{% translate "登录" %}{% ui "tag" text=_("只读") %}
    {% blocktranslate with name=who %}{{ name }} 打印{% endblocktranslate %}"""
    assert set(template_texts(source)) == {"登录", "只读", "%(name)s 打印"}


@pytest.mark.parametrize(
    ("place", "is_heard"),
    [("engines/desk/lists/showing.py", True), ("kernel/errors.py", True), ("engines/cases/migrate_command.py", False),
     ("engines/feel/parser.py", False), ("engines/processes/lint/plan.py", False), ("project/launcher.py", False)],
)  # fmt: skip
def test_rooms_that_speak_to_people(place: str, is_heard: bool) -> None:
    assert speaks(place) is is_heard
