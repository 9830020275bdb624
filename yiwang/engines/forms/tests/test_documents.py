"""The page of forms leaves nothing out: every kind of field with its own words, every shared word, every refusal."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from yiwang.engines.forms import refusals
from yiwang.engines.forms.bundle import KINDS
from yiwang.engines.forms.field_words import CONTENTS, FILE_KINDS, PARTY_KINDS, Field
from yiwang.engines.forms.spec import RIGHTS, Form, Section
from yiwang.kernel.errors import UserError

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "engines" / "forms.md").read_text(encoding="utf-8")
SHARED = {item.name for item in dataclasses.fields(Field)}


@pytest.mark.parametrize("word", KINDS.values(), ids=lambda word: word.__name__)
def test_every_kind_of_field_has_a_row_with_its_own_words(word: type[Field]) -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith(f"| `{word.__name__}` ")]
    assert len(rows) == 1
    assert f"| `{word.kind}` |" in rows[0]
    inherited = {item.name for item in dataclasses.fields(word.__mro__[1])}
    own = {item.name for item in dataclasses.fields(word)} - SHARED
    wanted = own - inherited if "同" in rows[0] else own
    assert not [name for name in wanted if f"`{name}`" not in rows[0]]


def test_words_that_fields_forms_and_rights_share_are_there() -> None:
    wanted = SHARED | {*RIGHTS, *CONTENTS, *FILE_KINDS, *PARTY_KINDS, "paged", "direction"}
    assert not [word for word in sorted(wanted) if f"`{word}`" not in PAGE]
    assert {item.name for item in dataclasses.fields(Section)} == {"title", "fields", "hint"}
    assert {item.name for item in dataclasses.fields(Form)} >= {"paged", "direction", "sections"}


def test_every_refusal_of_an_upload_is_named() -> None:
    codes = {
        word.code
        for word in vars(refusals).values()
        if isinstance(word, type) and issubclass(word, UserError) and word.__module__ == refusals.__name__
    } - {"UPLOAD_REFUSED"}
    assert len(codes) > 8
    assert not [code for code in sorted(codes) if f"`{code}`" not in PAGE]
