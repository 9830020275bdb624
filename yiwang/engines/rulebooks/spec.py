"""The words an app says about its rules: a `Book` is a table whose inputs find a row and whose outputs are the answer.

A cell of an input may be blank: it then fits everything. Of all rows that fit the facts the most specific one wins,
compared input by input in declared order: a filled cell before a blank one, a longer beginning before a shorter one.
Two rows with the same cells in all inputs would be equally specific; no edition with such rows is published.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar

from yiwang.kernel.app import Part, check_key
from yiwang.kernel.errors import SpecError, did_you_mean

MATCHES: tuple[str, ...] = ("exact", "prefix")
KINDS: tuple[str, ...] = ("text", "number", "whole", "boolean", "choice", "limit", "codes")
_TAKEN = frozenset({"no", "key"})
_REFERENCE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")


def _check_options(where: str, options: Mapping[str, str]) -> None:
    for key, title in options.items():
        if not str(key).strip() or not str(title).strip():
            raise SpecError(where, f"option '{key}' has no key or no title.", "Write {'town': '镇街'}.")
    titles = list(options.values())
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise SpecError(where, f"two options are called '{twice[0]}'.", "A spreadsheet could not tell them apart.")


@dataclass(frozen=True)
class _Column:
    """What both kinds of column share. `options` are key and title; `is_required` refuses blank cells."""

    key: str
    title: str
    _: KW_ONLY
    options: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False
    hint: str = ""

    @property
    def where(self) -> str:
        return f"{type(self).__name__} '{self.key}' ({self.title})"

    def __post_init__(self) -> None:
        check_key(self.where, self.key)
        if self.key in _TAKEN:
            raise SpecError(self.where, "has a key that rows need themselves.", "Choose another key.")
        if not self.title.strip():
            raise SpecError(self.where, "has no title.", "Give it the Chinese words people read.")
        if isinstance(self.options, str) or not isinstance(self.options, Mapping):
            raise SpecError(self.where, "options are not a mapping.", "Write options={'town': '镇街'}.")
        _check_options(self.where, self.options)


@dataclass(frozen=True)
class Input(_Column):
    """A column that finds a row: text, or one of `options`.

    `match` "exact": the cell is the fact. "prefix": the fact begins with the cell, and the longest such cell wins
    (divisions, codes of classes). A blank cell fits everything, also a fact that is not known.
    """

    _: KW_ONLY
    match: str = "exact"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.match not in MATCHES:
            raise SpecError(self.where, f"match '{self.match}' does not exist.", did_you_mean(self.match, MATCHES))
        if self.match == "prefix" and self.options:
            raise SpecError(self.where, "has options and matches by prefix.", "Options are whole: use match='exact'.")


@dataclass(frozen=True)
class Output(_Column):
    """A column of the answer. JSON shapes by `kind`:

    text: string · number: number · whole: integer · boolean: true or false · choice: key of `options` ·
    limit: {"amount": integer or decimal string, "unit": key of `directory.spec.UNITS`} · codes: list of strings, of
    the keys of `options` when there are any. A blank cell is absent from the answer.
    """

    needs_options: ClassVar[tuple[str, ...]] = ("choice",)
    allows_options: ClassVar[tuple[str, ...]] = ("choice", "codes")
    _: KW_ONLY
    kind: str = "text"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.kind not in KINDS:
            raise SpecError(self.where, f"kind '{self.kind}' does not exist.", did_you_mean(self.kind, KINDS))
        if self.kind in self.needs_options and not self.options:
            raise SpecError(self.where, "is a choice without options.", "Write options={'town': '镇街'}.")
        if self.options and self.kind not in self.allows_options:
            raise SpecError(self.where, f"is of kind '{self.kind}' and has options.", "Make it a choice or codes.")


Column = Input | Output


@dataclass(frozen=True, kw_only=True)
class Book(Part):
    """规则簿: one table of rules of a district, kept in editions with dates of effect.

    `covers` names another book "<app>.<book>": every row of that book must find a row here by the columns both have,
    the rest unknown; otherwise neither book is published. `edit_verb` is a further verb, beside `api.EDIT_RULES`, that
    lets its holder write drafts of this book; publishing always needs `api.PUBLISH_RULES`.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    covers: str = ""
    edit_verb: str = ""
    hint: str = ""
    columns: tuple[Column, ...] = field(init=False, repr=False, compare=False, hash=False)
    by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Book '{self.key}'"
        for name, kind, columns in (("inputs", Input, self.inputs), ("outputs", Output, self.outputs)):
            if not isinstance(columns, tuple) or not columns:
                raise SpecError(
                    where, f"{name} is no tuple of columns.", f"Write {name}=({kind.__name__}('a', '甲'),)."
                )
            for column in columns:
                if not isinstance(column, kind):
                    raise SpecError(where, f"{name} holds {column!r}.", f"Only {kind.__name__} stands there.")
        self._check_distinct(where)
        if self.covers and not _REFERENCE.match(self.covers):
            raise SpecError(where, f"covers '{self.covers}' names no book.", "Write it like 'catalogue.classes'.")
        object.__setattr__(self, "columns", (*self.inputs, *self.outputs))
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})

    def _check_distinct(self, where: str) -> None:
        """A spreadsheet knows columns by their titles, so titles are unique like keys."""
        columns = (*self.inputs, *self.outputs)
        for name in ("key", "title"):
            seen: set[str] = set()
            for column in columns:
                word = getattr(column, name)
                if word in seen:
                    raise SpecError(where, f"two columns have the {name} '{word}'.", "Rename one of them.")
                seen.add(word)
