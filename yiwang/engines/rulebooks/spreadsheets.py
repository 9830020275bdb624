"""Grids of cells from .xlsx and .csv files, and files from grids. Sizes are bounded; nothing in a file is run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from yiwang.kernel.errors import TooLarge, UserError

MOST_BYTES, MOST_UNPACKED = 5_000_000, 60_000_000
MOST_ROWS, MOST_COLUMNS = 20_100, 100
_RUNS = re.compile("'*[\\s]*[=+\\-@\t\r\n＝＋－＠]")
"""What a spreadsheet program may take for the beginning of a formula when it opens a CSV file."""
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")


class NotASpreadsheet(UserError):
    code, status = "NOT_A_SPREADSHEET", 422
    message, next_step = "读不出表格。", "请用表格软件打开后另存为 .xlsx，再上传。"


@dataclass(frozen=True, slots=True)
class Unread:
    """In the place of a value: a cell that holds an error of the program, or a formula nobody has calculated."""

    text: str


@dataclass(slots=True)
class Grid:
    """The filled cells of a sheet by (row, column), both from 1; a merged cell's value is in every cell it covers."""

    title: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    row_count: int = 0


def cell_name(row: int, column: int) -> str:
    """`F12`."""
    return f"{get_column_letter(column)}{row}"


def read_file(content: bytes, name: str) -> list[Grid]:
    """The visible sheets. NotASpreadsheet or TooLarge otherwise."""
    if len(content) > MOST_BYTES:
        raise TooLarge(
            gettext("文件超过 {most} MB。").format(most=MOST_BYTES // 1_000_000),
            next_step=gettext("请去掉图片和多余的工作表后重试。"),
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotASpreadsheet(gettext("这是旧版 .xls 文件。"))
    return _workbook(content) if content.startswith(b"PK") else [_comma_separated(content, name)]


def _workbook(content: bytes) -> list[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > MOST_UNPACKED:
                raise TooLarge(gettext("表格解开后太大。"), next_step=gettext("请去掉图片和多余的工作表后重试。"))
        calculated = load_workbook(io.BytesIO(content), data_only=True)
        written = load_workbook(io.BytesIO(content))
    except TooLarge:
        raise
    except Exception as error:  # A broken package fails in dozens of ways inside the library.
        raise NotASpreadsheet from error
    visible = [sheet.title for sheet in calculated.worksheets if sheet.sheet_state == "visible"]
    return [_grid(calculated[title], written[title]) for title in visible]


def _grid(sheet: Worksheet, formulas: Worksheet) -> Grid:
    if sheet.max_row > MOST_ROWS:
        raise TooLarge(
            gettext("工作表“{title}”超过 {most} 行。").format(title=sheet.title, most=MOST_ROWS),
            next_step=gettext("请删去表格下方的空行，或分成几个文件。"),
        )
    grid = Grid(sheet.title)
    for cell in _cells(sheet):
        value: Any = Unread(str(cell.value)) if cell.data_type == "e" else cell.value
        if value is not None and str(value).strip():
            grid.cells[cell.row, cell.column] = value
    for cell in _cells(formulas):
        if cell.data_type == "f":
            grid.cells.setdefault((cell.row, cell.column), Unread(str(cell.value)))
    for area in sheet.merged_cells.ranges:
        _spread(grid, area.min_row, area.min_col, area.max_row, area.max_col)
    grid.row_count = max((row for row, _ in grid.cells), default=0)
    return grid


def _cells(sheet: Worksheet) -> Iterator[Any]:
    for row in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)):
        yield from row


def _spread(grid: Grid, top: int, left: int, bottom: int, right: int) -> None:
    value = grid.cells.get((top, left))
    if value is None:
        return
    for row in range(top, min(bottom, MOST_ROWS) + 1):
        for column in range(left, min(right, MOST_COLUMNS) + 1):
            grid.cells[row, column] = value


def _comma_separated(content: bytes, name: str) -> Grid:
    grid = Grid(name.rpartition("/")[2].rpartition(".")[0] or "CSV")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(_decoded(content), newline="")), 1):
            if number > MOST_ROWS:
                why = gettext("文件超过 {most} 行。").format(most=MOST_ROWS)
                raise TooLarge(why, next_step=gettext("请分成几个文件。"))
            for column, text in enumerate(row[:MOST_COLUMNS], 1):
                if text.strip():
                    grid.cells[number, column] = text[1:] if text[0] == "'" and _RUNS.match(text) else text
            grid.row_count = number
    except csv.Error as error:
        raise NotASpreadsheet from error
    return grid


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


def write_csv(rows: Sequence[Sequence[Any]]) -> bytes:
    """A file with the mark that tells spreadsheet programs it is UTF-8, and nothing they would run."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for row in rows:
        texts = [str(value) for value in row]
        writer.writerow([f"'{text}" if _RUNS.match(text) else text for text in texts])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def write_workbook(sheets: Sequence[tuple[str, Sequence[Sequence[Any]]]]) -> bytes:
    """A workbook with these sheets, the first row of each its headings. Texts stay texts, also those like formulas."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(_NO_TITLE.sub(" ", title)[:31])
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value == "":
                    continue
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    cell.font = Font(bold=True)
        sheet.freeze_panes = "A2"
        for column in range(1, max((len(row) for row in rows), default=0) + 1):
            texts = [str(row[column - 1]) for row in rows[:50] if len(row) >= column]
            widest = max((len(line) for text in texts for line in text.split("\n")), default=0)
            sheet.column_dimensions[get_column_letter(column)].width = min(max(2 * widest + 2, 10), 60)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
