"""Spreadsheets as grids of cells: merged cells say their text everywhere they reach."""

from __future__ import annotations

from dataclasses import dataclass, field

from yiwang.engines.rulebooks.api import Grid, Unread, read_file


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
    """Cells by row and column, both from 1."""

    title: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    row_count: int = 0

    def at(self, row: int, column: int) -> Cell | None:
        return self.row(row).get(column)

    def row(self, row: int) -> dict[int, Cell]:
        """The cells of a row by column, in their order."""
        return self.rows.get(row, {})


def read_sheets(content: bytes, name: str) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of an .xlsx file or a CSV file, and the titles of hidden ones.

    NotASpreadsheet when it is neither, TooLarge when it is beyond the bounds.
    """
    grids = read_file(content, name)
    return [_sheet(grid) for grid in grids if not grid.is_hidden], [grid.title for grid in grids if grid.is_hidden]


def _sheet(grid: Grid) -> Sheet:
    grid.spread()
    merged = {
        place: (area.right - area.left + 1, place == (area.top, area.left))
        for area in grid.areas
        for place in area.places()
    }
    sheet = Sheet(grid.title, row_count=grid.row_count)
    for place, value in sorted(grid.cells.items(), key=lambda pair: pair[0]):
        text = value.text if isinstance(value, Unread) else value
        sheet.rows.setdefault(place[0], {})[place[1]] = Cell(text, *merged.get(place, (1, True)))
    return sheet
