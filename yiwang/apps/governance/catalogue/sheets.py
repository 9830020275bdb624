"""Spreadsheets as grids of cells: merged cells say their text everywhere they reach; sizes are bounded."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from yiwang.kernel.errors import TooLarge, UserError

if TYPE_CHECKING:
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

MOST_BYTES, MOST_UNPACKED = 5_000_000, 40_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 100
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


class NotASpreadsheet(UserError):
    code, status = "NOT_A_SPREADSHEET", 422
    message, next_step = "读不出表格。", "请用表格软件打开后另存为 .xlsx，再上传。"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is not blank. `spread`: columns a merged cell covers; `is_own` is false in all but its first."""

    value: object
    spread: int = 1
    is_own: bool = True

    @property
    def text(self) -> str:
        """What people see: odd blanks and returns made plain, none at the ends; a whole number without its `.0`."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        text = str(self.value).replace("\r\n", "\n").replace("_x000D_", "")
        plain = (sign if sign.isprintable() or sign == "\n" else " " * sign.isspace() for sign in text)
        return "".join(plain).strip()


@dataclass(slots=True)
class Sheet:
    """Cells by (row, column), both from 1."""

    title: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    row_count: int = 0

    def at(self, row: int, column: int) -> Cell | None:
        return self.cells.get((row, column))

    def row(self, row: int) -> dict[int, Cell]:
        """The cells of a row by column."""
        found = ((column, self.cells.get((row, column))) for column in range(1, MOST_COLUMNS + 1))
        return {column: cell for column, cell in found if cell is not None}


def cell_name(row: int, column: int) -> str:
    """`F12`."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"


def read_sheets(content: bytes, name: str) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of an .xlsx file or a CSV file, and the titles of hidden ones.

    NotASpreadsheet when it is neither, TooLarge when it is beyond the bounds.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(
            gettext("表格超过 {most} MB。").format(most=MOST_BYTES // 1_000_000),
            next_step=gettext("请去掉图片和多余的工作表，或分成几个文件上传。"),
        )
    if content.startswith(_OLD_OFFICE):
        raise NotASpreadsheet(gettext("这是旧版 .xls 文件。"))
    if content.startswith(b"PK"):
        return _workbook(content)
    return [_comma_separated(content, name)], []


def _workbook(content: bytes) -> tuple[list[Sheet], list[str]]:
    from openpyxl import load_workbook  # Only imports need it; a start should not wait for it.

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > MOST_UNPACKED:
                raise TooLarge(gettext("表格解开后太大。"), next_step=gettext("请去掉图片和多余的工作表后重试。"))
        book = load_workbook(io.BytesIO(content), data_only=True)
    except TooLarge:
        raise
    except Exception as error:  # A broken package fails in dozens of ways inside the library.
        raise NotASpreadsheet from error
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    return [_grid(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"], hidden


def _grid(source: Worksheet) -> Sheet:
    if source.max_row > MOST_ROWS:
        raise TooLarge(
            gettext("工作表“{title}”超过 {most} 行。").format(title=source.title, most=MOST_ROWS),
            next_step=gettext("请删去表格下方的空行，或分成几个文件上传。"),
        )
    sheet = Sheet(source.title)
    for number, row in enumerate(source.iter_rows(max_col=min(source.max_column, MOST_COLUMNS), values_only=True), 1):
        for column, value in enumerate(row, 1):
            if value is not None and str(value).strip():
                sheet.cells[number, column] = Cell(value)
    for area in source.merged_cells.ranges:
        _spread(sheet, area)
    sheet.row_count = max((number for number, _ in sheet.cells), default=0)
    return sheet


def _spread(sheet: Sheet, area: CellRange) -> None:
    """A merged cell's text in every cell it covers."""
    begin = (area.min_row, area.min_col)
    first = sheet.cells.get(begin)
    if first is None:
        return
    for row in range(area.min_row, min(area.max_row, MOST_ROWS) + 1):
        for column in range(area.min_col, min(area.max_col, MOST_COLUMNS) + 1):
            sheet.cells[row, column] = Cell(first.value, area.max_col - area.min_col + 1, (row, column) == begin)


def _comma_separated(content: bytes, name: str) -> Sheet:
    sheet = Sheet(name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "CSV")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(_decoded(content))), 1):
            if number > MOST_ROWS:
                why = gettext("文件超过 {most} 行。").format(most=MOST_ROWS)
                raise TooLarge(why, next_step=gettext("请分成几个文件上传。"))
            given = ((column, value) for column, value in enumerate(row[:MOST_COLUMNS], 1) if value.strip())
            sheet.cells.update({(number, column): Cell(value) for column, value in given})
            sheet.row_count = number
    except csv.Error as error:
        raise NotASpreadsheet from error
    return sheet


def _decoded(content: bytes) -> str:
    """UTF-8, or GB 18030 as spreadsheet programs in China save it."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotASpreadsheet
