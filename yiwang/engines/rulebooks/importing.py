"""A book in and out of a spreadsheet. What cannot be read is listed with sheet, cell and reason; nothing is guessed."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor
from yiwang.engines.rulebooks.books import known_book
from yiwang.engines.rulebooks.drafting import replace_draft
from yiwang.engines.rulebooks.findings import ERROR, WARNING, Finding
from yiwang.engines.rulebooks.models import Edition
from yiwang.engines.rulebooks.rights import require_edit
from yiwang.engines.rulebooks.selectors import edition as edition_seen
from yiwang.engines.rulebooks.selectors import numbered_rows
from yiwang.engines.rulebooks.spec import Book, Column, Input
from yiwang.engines.rulebooks.spreadsheets import (
    Grid,
    NotASpreadsheet,
    Unread,
    cell_name,
    read_file,
    write_csv,
    write_workbook,
)
from yiwang.engines.rulebooks.values import Unreadable, Values, read_cell, written
from yiwang.kernel.errors import UserError

NOTES = "说明"
"""The sheet an export adds: what each column takes. An import passes over it."""
FIRST_ROWS = 12
"""Headings further down are not looked for."""
MOST_ROWS, MOST_UNPACKED = 20_100, 60_000_000
"""Of a file: the rows of a book, and some about them."""


@dataclass(slots=True)
class Reading:
    """What a file says: rows that were read whole, how many were not, and why."""

    stored: list[tuple[int, Values]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: int = 0


def read_book(book: Book, content: bytes, name: str) -> Reading:
    """The rows of all visible sheets that have the book's headings, numbered through. Nothing is written.

    A row with a cell that cannot be read is left out whole and listed. NotASpreadsheet when there are no headings.
    """
    reading = Reading()
    found = False
    grids = read_file(content, name, most_rows=MOST_ROWS, most_unpacked=MOST_UNPACKED, with_formulas=True)
    for grid in grids:
        grid.spread()
        columns, first = _headings(book, grid)
        if columns:
            found = True
            _unused(grid, columns, first, reading)
            for row in range(first + 1, grid.row_count + 1):
                _read_row(grid, row, columns, reading)
        elif grid.title != NOTES and grid.cells:
            message = gettext("工作表“{title}”里没有找到表头，没有读。").format(title=grid.title)
            step = gettext("如应读入，请把第一行写成规则簿的各列标题。")
            reading.findings.append(Finding(0, "", "NO_HEADINGS", message, step, WARNING, grid.title))
    if not found:
        wanted = gettext("、").join(gettext(column.title) for column in book.columns if _must_stand(book, column))
        raise NotASpreadsheet(
            gettext("文件里没有找到表头。"),
            next_step=gettext("请在前 {rows} 行里写明列标题：{wanted}。").format(rows=FIRST_ROWS, wanted=wanted),
        )
    return reading


def _must_stand(book: Book, column: Column) -> bool:
    return column.is_required or column is book.inputs[0]


def _folded(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).lower()


def _headings(book: Book, grid: Grid) -> tuple[dict[int, Column], int]:
    """(columns by number, row of the headings): the row that names most columns; ({}, 0) when none names enough."""
    words: dict[str, Column] = {}
    for column in book.columns:
        words |= {_folded(word): column for word in (column.key, gettext(column.title), column.title)}
    top = [(at, number, value) for (at, number), value in grid.cells.items() if at <= FIRST_ROWS]
    wanted = {column.key for column in book.columns if _must_stand(book, column)}
    best: dict[int, Column] = {}
    best_row = 0
    for row in range(1, min(FIRST_ROWS, grid.row_count) + 1):
        named: dict[int, Column] = {}
        for at, number, value in top:
            found = words.get(_folded(value)) if at == row else None
            if found is not None and found not in named.values():
                named[number] = found
        if wanted <= {column.key for column in named.values()} and len(named) > len(best):
            best, best_row = named, row
    return best, best_row


def _unused(grid: Grid, columns: Mapping[int, Column], first: int, reading: Reading) -> None:
    """Columns of the sheet that the book does not have."""
    for (row, number), value in sorted(grid.cells.items()):
        if row == first and number not in columns:
            message = gettext("“{title}”这一列没有读。").format(title=str(value)[:30])
            step = gettext("规则簿没有这一列；如标题写法不同，请改成规则簿的标题。")
            place = f"{grid.title} {cell_name(row, number)}"
            reading.findings.append(Finding(0, "", "UNKNOWN_COLUMN", message, step, WARNING, place))


def _read_row(grid: Grid, row: int, columns: Mapping[int, Column], reading: Reading) -> None:
    given = {number: grid.cells.get((row, number)) for number in columns}
    if all(value is None for value in given.values()):
        return
    values: Values = {}
    faults: list[Finding] = []
    no = len(reading.stored) + 1
    for number, column in columns.items():
        place = f"{grid.title} {cell_name(row, number)}"
        try:
            value = _read(column, given[number])
        except Unreadable as error:
            fault = error.fault
            faults.append(Finding(0, column.key, fault.code, fault.message, fault.next_step, ERROR, place))
            continue
        if value is not None:
            values[column.key] = value
    if faults:
        reading.findings += faults
        reading.left_out += 1
    else:
        reading.stored.append((no, values))


def _read(column: Column, value: Any) -> Any:
    if isinstance(value, Unread):
        raise Unreadable(
            "NOT_CALCULATED",
            gettext("“{text}”没有算出的值。").format(text=value.text[:30]),
            gettext("请在表格软件里把公式换成值后保存。"),
        )
    return read_cell(column, value)


@dataclass(frozen=True, slots=True)
class Imported:
    """The draft that was made, None when no row could be read, and the reading it comes from."""

    edition: Edition | None
    reading: Reading


class NothingRead(UserError):
    """No row of the file could be taken over; `reading` says why."""

    code, status = "NOTHING_READ", 422
    message, next_step = "一条规则也没有读出来，草稿没有变动。", "请按清单更正表格后重新上传。"

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        super().__init__()


def import_draft(actor: Actor, book: str, content: bytes, name: str, *, basis: str = "") -> Imported:
    """Make the readable rows of a file the draft of the book, in place of the draft it may have."""
    require_edit(actor, book)
    reading = read_book(known_book(book), content, name)
    if not reading.stored:
        raise NothingRead(reading)
    source = f"{name[:120]} sha256:{hashlib.sha256(content).hexdigest()}"
    return Imported(replace_draft(actor, book, reading.stored, basis=basis, source=source), reading)


def export_edition(actor: Actor, edition_id: int, kind: str) -> bytes:
    """The rows of an edition as a file, `kind` xlsx or csv; importing it gives the same rows."""
    found = edition_seen(actor, edition_id)
    book = known_book(found.book)
    lines: list[list[Any]] = [[column.title for column in book.columns]]
    for _, values in numbered_rows(found.pk):
        lines.append([_exported(column, values.get(column.key)) for column in book.columns])
    if kind == "csv":
        return write_csv(lines)
    return write_workbook([(book.title, lines), (NOTES, _notes(book, found))])


def _exported(column: Column, value: Any) -> Any:
    is_number = not isinstance(value, bool) and isinstance(value, (int, float))
    return value if is_number else written(column, value)


_SHAPES = {
    "text": "文字", "number": "数字", "whole": "整数", "boolean": "是或否", "choice": "选一项",
    "limit": "数量加单位，如“2紧急工作时”", "codes": "几个代码，用顿号隔开",
}  # fmt: skip


def _notes(book: Book, found: Edition) -> list[list[Any]]:
    lines: list[list[Any]] = [[book.title, f"第 {found.number} 版"], ["生效日期", str(found.effective_on or "草稿")]]
    lines += [["校验值", found.sha256 or "发布时生成"], ["", ""], ["列", "填什么"]]
    for column in book.columns:
        if isinstance(column, Input):
            shape = "开头几位，最长的胜出；空 = 不限" if column.match == "prefix" else "空 = 不限"
        else:
            shape = _SHAPES[column.kind]
        if column.options:
            shape = "、".join(column.options.values()) + ("；空 = 不限" if isinstance(column, Input) else "")
        lines.append([column.title, ("必填；" if column.is_required else "") + shape])
    return lines
