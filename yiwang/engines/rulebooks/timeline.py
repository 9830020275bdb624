"""Which edition of a book is in force on a day, and its answers, kept in the process.

The list of published editions is read again when another process changed it (`directory` counts the changes); the rows
of an edition never change, so what was indexed once stays, after its fingerprint was found right.
"""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.directory.api import Cached
from yiwang.engines.rulebooks.books import all_books, book_named
from yiwang.engines.rulebooks.hashing import fingerprint
from yiwang.engines.rulebooks.index import Index, IndexedRule
from yiwang.engines.rulebooks.models import PUBLISHED, Edition, Rule
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import Unavailable

SUBJECT = "rulebooks"
log = logging.getLogger("yiwang.rulebooks")


class Standing:
    """A published edition as this process knows it; its rows are read at the first question."""

    __slots__ = ("_index", "book", "effective_on", "id", "number", "sha256")

    def __init__(self, number_of_row: int, book: str, number: int, effective_on: date, sha256: str) -> None:
        self.id, self.book, self.number = number_of_row, book, number
        self.effective_on, self.sha256 = effective_on, sha256
        self._index: Index | None = None

    @property
    def index(self) -> Index:
        """The rows, ready for questions. Unavailable when they are not those that were published."""
        if self._index is None:
            self._index = self._read()
        return self._index

    def _read(self) -> Index:
        rows = list(Rule.objects.filter(edition_id=self.id).order_by("no").values_list("no", "values"))
        if fingerprint(self.book, self.number, rows) != self.sha256:
            log.error("edition %s of %s: rows differ from what was published", self.number, self.book)
            raise Unavailable(
                gettext("规则第 {number} 版的内容与发布时不一致，已停止使用。").format(number=self.number),
                next_step=gettext("请联系系统管理员核对数据库备份。"),
            )
        return Index(book_named(self.book), rows)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The published editions of one book in the order they begin; `days` are their first days."""

    days: tuple[date, ...]
    editions: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """The rule that applies, and the edition it stands in."""

    edition: Standing
    rule: IndexedRule


_known: dict[tuple[int, str], Standing] = {}
"""Editions of the last list, so that a new list does not read their rows again."""


def _load() -> Mapping[str, Timeline]:
    found: dict[str, list[Standing]] = {}
    fields = ("pk", "book", "number", "effective_on", "sha256")
    kept: dict[tuple[int, str], Standing] = {}
    for row in Edition.objects.filter(status=PUBLISHED).order_by("book", "effective_on").values_list(*fields):
        standing = _known.get((row[0], row[4])) or Standing(*row)
        kept[row[0], row[4]] = standing
        found.setdefault(row[1], []).append(standing)
    _known.clear()
    _known.update(kept)
    return {book: Timeline(tuple(one.effective_on for one in rows), tuple(rows)) for book, rows in found.items()}


_timelines = Cached(SUBJECT, _load)


def in_force(book: str, on: date) -> Standing | None:
    """The edition of that day in Chinese time (`on` a day or an aware instant); None when none had begun.

    SpecError when no app declares the book.
    """
    timeline = _timelines.get().get(book)
    if timeline is None:
        book_named(book)
        return None
    if isinstance(on, datetime):
        on = on.astimezone(CHINA).date()
    place = bisect_right(timeline.days, on)
    return timeline.editions[place - 1] if place else None


def standing_between(book: str, begins: date, until: date | None) -> list[Standing]:
    """Editions in force on some day from `begins` to the day before `until` (None: for good), in order."""
    timeline = _timelines.get().get(book) if book in all_books() else None
    if timeline is None:
        return []
    first = max(bisect_right(timeline.days, begins) - 1, 0)
    return [one for one in timeline.editions[first:] if until is None or one.effective_on < until]


def consult(book: str, facts: Mapping[str, Any], on: date) -> Mapping[str, Any] | None:
    """The answer of the book for these facts by the rules of that day; None when no row fits.

    `facts` by key of input (others are ignored); outputs left blank are absent from the answer, which is read-only.
    """
    edition = in_force(book, on)
    if edition is None:
        return None
    rule = (edition._index or edition.index).find(facts)
    return None if rule is None else rule.answer


def applied(book: str, facts: Mapping[str, Any], on: date) -> Applied | None:
    """The same with the row's line number and the edition, for people who ask why."""
    edition = in_force(book, on)
    rule = edition.index.find(facts) if edition is not None else None
    return None if edition is None or rule is None else Applied(edition, rule)


def rows(book: str, on: date) -> tuple[Mapping[str, Any], ...]:
    """All rows in force on that day in their order, by key of column, blank cells absent; empty when there is none."""
    edition = in_force(book, on)
    return () if edition is None else tuple(rule.values for rule in edition.index.rules)
