"""Rows made ready for quick questions: a tree with one level for each input. Pure: no database.

Blank cells stand under ''. At every level the most specific cell is tried first and the search comes back when its
branch leads nowhere, so the first row found is the most specific one that fits, input by input in declared order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from yiwang.engines.rulebooks.spec import Book
from yiwang.engines.rulebooks.values import key_of


@dataclass(frozen=True, slots=True)
class IndexedRule:
    """One row: its line number, all cells, and the answer (outputs that are not blank). Mappings are read-only."""

    no: int
    values: Mapping[str, Any]
    answer: Mapping[str, Any]


class _Level:
    """Cells of one input to what stands below; `lengths` of the cells, longest first, when it matches by prefix."""

    __slots__ = ("cells", "lengths")

    def __init__(self) -> None:
        self.cells: dict[str, Any] = {}
        self.lengths: tuple[int, ...] | None = None


def fact_text(value: Any) -> str:
    """A fact as cells have it: '' when nothing is known, yes or no for truth, else its text."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    return str(value)


class Index:
    """The rows of one edition. Of rows with the same inputs (no published edition has such) the first counts."""

    def __init__(self, book: Book, numbered: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
        self._keys = tuple(column.key for column in book.inputs)
        self._prefixed = tuple(column.match == "prefix" for column in book.inputs)
        self._top = _Level()
        outputs = [column.key for column in book.outputs]
        rules = []
        for no, values in numbered:
            answer = {key: values[key] for key in outputs if key in values}
            rule = IndexedRule(no, MappingProxyType(dict(values)), MappingProxyType(answer))
            rules.append(rule)
            self._add(key_of(book, values), rule)
        self.rules = tuple(rules)
        self._measure(self._top, 0)

    def _add(self, key: tuple[str, ...], rule: IndexedRule) -> None:
        level = self._top
        for cell in key[:-1]:
            level = level.cells.setdefault(cell, _Level())
        level.cells.setdefault(key[-1], rule)

    def _measure(self, level: _Level, depth: int) -> None:
        if self._prefixed[depth]:
            level.lengths = tuple(sorted({len(cell) for cell in level.cells if cell}, reverse=True))
        if depth + 1 < len(self._keys):
            for below in level.cells.values():
                self._measure(below, depth + 1)

    def find(self, facts: Mapping[str, Any]) -> IndexedRule | None:
        """The most specific row that fits. Facts nobody gives fit blank cells only."""
        texts = [fact if type(fact := facts.get(key)) is str else fact_text(fact) for key in self._keys]
        return _search(self._top, texts, 0, len(texts) - 1)

    def fitting(self, facts: Mapping[str, Any], *, is_open: bool = False) -> list[IndexedRule]:
        """Every row that fits, the most specific first: the first is the one `find` gives. For people who ask why.

        `is_open` takes facts nobody gave as still to come: rows that may fit when they are known are there too.
        """
        texts = [fact_text(facts.get(key)) for key in self._keys]
        found = [
            (tuple(-len(cell) for cell in cells), rule)
            for rule in self.rules
            if self._fits(cells := tuple(str(rule.values.get(key) or "") for key in self._keys), texts, is_open)
        ]
        return [rule for _, rule in sorted(found, key=lambda pair: (pair[0], pair[1].no))]

    def _fits(self, cells: tuple[str, ...], texts: list[str], is_open: bool) -> bool:
        for cell, text, by_prefix in zip(cells, texts, self._prefixed, strict=True):
            if not cell or (is_open and not text):
                continue
            if text != cell and not (by_prefix and text.startswith(cell)):
                return False
        return True


def _search(level: _Level, texts: list[str], depth: int, last: int) -> IndexedRule | None:
    text, cells, lengths = texts[depth], level.cells, level.lengths
    if text:
        for cell in (text,) if lengths is None else [text[:size] for size in lengths if size <= len(text)]:
            below = cells.get(cell)
            if below is not None:
                found: IndexedRule | None = below if depth == last else _search(below, texts, depth + 1, last)
                if found is not None:
                    return found
    below = cells.get("")
    return below if below is None or depth == last else _search(below, texts, depth + 1, last)
