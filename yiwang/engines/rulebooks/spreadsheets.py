"""Grids of cells from .xlsx and .csv files, and files from grids. Sizes are bounded; nothing in a file is run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext

from yiwang.kernel.errors import TooLarge, UserError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# openpyxl is imported where it is used: only files need it, and a start should not wait for it.
MOST_BYTES, MOST_UNPACKED = 5_000_000, 40_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 100
MOST_SPANNED = 500_000
"""Cells under merged cells and links of one file: the library makes an object of each, filled or not."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_RUNS = re.compile("'*[\\s]*[=+\\-@\t\r\n＝＋－＠]")
"""What a spreadsheet program may take for the beginning of a formula when it opens a CSV file."""
_SPANS = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\s[^>]*?\bref\s*=\s*[\"']([^\"']*)")
_NO_TITLE = re.compile(r"[\\/*?:\[\]]")


class NotASpreadsheet(UserError):
    code, status = "NOT_A_SPREADSHEET", 422
    message, next_step = "读不出表格。", "请用表格软件打开后另存为 .xlsx，再上传。"


@dataclass(frozen=True, slots=True)
class Unread:
    """In the place of a value: a cell that holds an error of the program, or a formula nobody has calculated."""

    text: str


class Area(NamedTuple):
    """A merged cell: its first and last row and column."""

    top: int
    left: int
    bottom: int
    right: int

    def places(self) -> Iterator[tuple[int, int]]:
        """Every (row, column) it covers, those beyond the last column that is read left out."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, min(self.right, MOST_COLUMNS) + 1):
                yield row, column


@dataclass(slots=True)
class Grid:
    """The filled cells of a sheet by (row, column), both from 1. Of a hidden sheet only the title was read."""

    title: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    row_count: int = 0
    areas: tuple[Area, ...] = ()
    """Merged cells that are filled."""
    is_hidden: bool = False

    def spread(self) -> None:
        """Put a merged cell's value in every cell it covers."""
        for area in self.areas:
            value = self.cells[area.top, area.left]
            self.cells |= dict.fromkeys(area.places(), value)
            self.row_count = max(self.row_count, area.bottom)


def cell_name(row: int, column: int) -> str:
    """`F12`."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def read_file(
    content: bytes, name: str, *, most_rows: int = MOST_ROWS, most_unpacked: int = MOST_UNPACKED,
    with_formulas: bool = False,
) -> list[Grid]:  # fmt: skip
    """The sheets of an .xlsx file, or the one of a CSV file, called by its name. NotASpreadsheet or TooLarge otherwise.

    `with_formulas` reads the file twice and puts `Unread` where a formula has no value; such cells are blank without.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge(
            gettext("文件超过 {most} MB。").format(most=MOST_BYTES // 1_000_000),
            next_step=gettext("请去掉图片和多余的工作表，或分成几个文件上传。"),
        )
    if content.startswith(_OLD_OFFICE):
        raise NotASpreadsheet(gettext("这是旧版 .xls 文件。"))
    if not content.startswith(b"PK"):
        return [_comma_separated(content, name, most_rows)]
    calculated, written = _workbooks(content, most_unpacked, with_formulas)
    grids = []
    for sheet in calculated:
        grid = Grid(sheet.title, is_hidden=sheet.sheet_state != "visible")
        if not grid.is_hidden:
            _fill(grid, sheet, written.get(sheet.title), most_rows)
        grids.append(grid)
    return grids


def _workbooks(content: bytes, most_unpacked: int, with_formulas: bool) -> tuple[list[Any], dict[str, Worksheet]]:
    """The sheets with values, and by title with formulas."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(member.file_size for member in package.infolist()) > most_unpacked:
                raise TooLarge(gettext("表格解开后太大。"), next_step=gettext("请去掉图片和多余的工作表后重试。"))
            if _spanned(package) > MOST_SPANNED:
                raise TooLarge(gettext("合并的单元格太大。"), next_step=gettext("请取消整行整列的合并后重试。"))
        calculated = load_workbook(io.BytesIO(content), data_only=True).worksheets
        written = load_workbook(io.BytesIO(content)).worksheets if with_formulas else []
    except TooLarge:
        raise
    except Exception as error:  # A broken package fails in dozens of ways inside the library.
        raise NotASpreadsheet from error
    return calculated, {sheet.title: sheet for sheet in written}


def _spanned(package: zipfile.ZipFile) -> int:
    """How many cells the merged cells and links of a workbook cover."""
    from openpyxl.utils import range_boundaries

    count = 0
    for member in package.infolist():
        for reference in _SPANS.findall(package.read(member).replace(b"\0", b"")):  # Also of texts in UTF-16.
            left, top, right, bottom = range_boundaries(reference.decode())
            if left and top and right and bottom:
                count += (right - left + 1) * (bottom - top + 1)
    return count


def _fill(grid: Grid, sheet: Worksheet, formulas: Worksheet | None, most_rows: int) -> None:
    if sheet.max_row > most_rows:
        raise TooLarge(
            gettext("工作表“{title}”超过 {most} 行。").format(title=sheet.title, most=most_rows),
            next_step=gettext("请删去表格下方的空行，或分成几个文件上传。"),
        )
    for cell in _cells(sheet):
        value: Any = Unread(str(cell.value)) if cell.data_type == "e" else cell.value
        if value is not None and str(value).strip():
            grid.cells[cell.row, cell.column] = value
    for cell in _cells(formulas) if formulas is not None else ():
        if cell.data_type == "f":
            grid.cells.setdefault((cell.row, cell.column), Unread(str(cell.value)))
    areas = (Area(one.min_row, one.min_col, one.max_row, one.max_col) for one in sheet.merged_cells.ranges)
    grid.areas = tuple(one for one in areas if (one.top, one.left) in grid.cells)
    grid.row_count = max((row for row, _ in grid.cells), default=0)


def _cells(sheet: Worksheet) -> Iterator[Any]:
    for row in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)):
        yield from row


def _comma_separated(content: bytes, name: str, most_rows: int) -> Grid:
    grid = Grid(name.rsplit("/", 1)[-1].rsplit(".", 1)[0] or "CSV")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(_decoded(content), newline="")), 1):
            if number > most_rows:
                why = gettext("文件超过 {most} 行。").format(most=most_rows)
                raise TooLarge(why, next_step=gettext("请分成几个文件上传。"))
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
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

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
