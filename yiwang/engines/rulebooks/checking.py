"""Whether rows may become an edition: every cell readable, no two rows alike, and no class without a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.rulebooks.books import all_books, covering
from yiwang.engines.rulebooks.findings import ERROR, WARNING, Finding
from yiwang.engines.rulebooks.index import Index
from yiwang.engines.rulebooks.spec import Book
from yiwang.engines.rulebooks.timeline import Standing, standing_between
from yiwang.engines.rulebooks.values import Fault, Values, key_of, named_key, read_row, shown

Numbered = Sequence[tuple[int, Mapping[str, Any]]]
MOST_ROWS = 20_000
MOST_NAMED = 200
"""Rows without a rule that are named one by one; more are counted."""


def numbered(rows: Iterable[Mapping[str, Any]] | Mapping[int, Mapping[str, Any]]) -> Numbered:
    """Rows with their line numbers; a plain list is numbered from 1."""
    if isinstance(rows, Mapping):
        return sorted(rows.items())
    return list(enumerate(rows, 1))


def read_rows(book: Book, given: Numbered) -> tuple[list[tuple[int, Values]], list[Finding]]:
    """The stored values of rows as given, and a finding for each cell that cannot be read."""
    stored, found = [], []
    for no, row in given:
        values, faults = read_row(book, row)
        stored.append((no, values))
        found += [_faulty(no, column, fault) for column, fault in faults.items()]
    return stored, found


def _faulty(no: int, column: str, fault: Fault) -> Finding:
    return Finding(no, column, fault.code, fault.message, fault.next_step)


def check(key: str, book: Book, stored: Sequence[tuple[int, Values]], begins: date) -> list[Finding]:
    """Findings of rows whose cells were read, as if they came into force on `begins`."""
    if not stored:
        return [Finding(0, "", "EMPTY", gettext("一条规则也没有。"), gettext("请先新增规则或导入表格。"))]
    if len(stored) > MOST_ROWS:
        message = gettext("规则超过 {most} 条。").format(most=MOST_ROWS)
        return [Finding(0, "", "TOO_MANY", message, gettext("请合并可以留空的条件后重试。"))]
    found = list(_alike(book, stored))
    index = Index(book, stored)
    found += _uncovered(key, book, index, stored, begins)
    found += _left_behind(key, stored, begins)
    return found


def _alike(book: Book, stored: Sequence[tuple[int, Values]]) -> Iterator[Finding]:
    """Rows with the same inputs: for the facts that fit them none is more specific than the other."""
    first: dict[tuple[str, ...], int] = {}
    for no, values in stored:
        key = key_of(book, values)
        earlier = first.setdefault(key, no)
        if earlier != no:
            message = gettext("第 {first} 条和第 {second} 条的条件相同：{key}。").format(
                first=earlier, second=no, key=named_key(book, key)
            )
            yield Finding(no, book.inputs[0].key, "ALIKE", message, gettext("请删去一条，或改一条的条件。"))


def _uncovered(key: str, book: Book, index: Index, stored: Sequence[Any], begins: date) -> Iterator[Finding]:
    """Rows of the covered book that find nothing here, in every edition it has while ours will be in force."""
    other = all_books().get(book.covers)
    if other is None:
        return
    until = next((one.effective_on for one in standing_between(key, begins, None) if one.effective_on > begins), None)
    named: set[tuple[str, ...]] = set()
    for edition in standing_between(book.covers, begins, until):
        for rule in edition.index.rules:
            inputs = key_of(other, rule.values)
            if inputs not in named and index.find(rule.values) is None:
                named.add(inputs)
                if len(named) <= MOST_NAMED:
                    yield _without_rule(other, edition, rule.values)
    if len(named) > MOST_NAMED:
        message = gettext("没有规则的共 {count} 类，以上只列出前 {most} 类。").format(count=len(named), most=MOST_NAMED)
        yield Finding(0, "", "WITHOUT_RULE", message, gettext("请补齐后再检查。"))
    yield from _unknown(book, other, stored, begins)


def _without_rule(other: Book, edition: Standing, values: Mapping[str, Any]) -> Finding:
    message = gettext("“{book}”（第 {edition} 版）的{key}在这里没有规则。").format(
        book=gettext(other.title), edition=edition.number, key=named_key(other, key_of(other, values))
    )
    return Finding(0, "", "WITHOUT_RULE", message, gettext("请为它补一条规则，其余条件留空即适用于各种情形。"))


def _unknown(book: Book, other: Book, stored: Sequence[tuple[int, Values]], begins: date) -> Iterator[Finding]:
    """Cells no row of the covered book is found by from that day on: a slip of the pen, or to come. No error."""
    asked = {column.key for column in other.inputs}
    rules = [rule for one in standing_between(book.covers, begins, None) for rule in one.index.rules]
    for column in book.inputs if rules else ():
        if column.key not in asked:
            continue
        known = {str(rule.values.get(column.key, "")) for rule in rules}
        if column.match == "prefix":
            known = {word[:size] for word in known for size in range(1, len(word) + 1)}
        for no, values in stored:
            cell = values.get(column.key)
            if cell and cell not in known:
                message = gettext("“{book}”里没有 {cell}。").format(book=gettext(other.title), cell=shown(column, cell))
                step = gettext("请核对；如是将要新增的，可以先发布这里。")
                yield Finding(no, column.key, "UNKNOWN_KEY", message, step, WARNING)


def _left_behind(key: str, stored: Sequence[tuple[int, Values]], begins: date) -> Iterator[Finding]:
    """Rows here for which a book that promises to cover this one has no rule while they will be in force."""
    book = all_books()[key]
    until = next((one.effective_on for one in standing_between(key, begins, None) if one.effective_on > begins), None)
    for name in covering(key):
        for edition in standing_between(name, begins, until):
            for no, values in stored:
                if edition.index.find(values) is None:
                    title = gettext(all_books()[name].title)
                    message = gettext("“{book}”（第 {edition} 版）里没有{key}的规则。").format(
                        book=title, edition=edition.number, key=named_key(book, key_of(book, values))
                    )
                    step = gettext("请先在“{book}”补上并发布，再发布这里。").format(book=title)
                    yield Finding(no, book.inputs[0].key, "WITHOUT_RULE", message, step, ERROR)
