"""Where a sheet's headings stand and what each column holds. Titles, notes and a second row of headings are usual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.apps.governance.catalogue.sheets import Sheet
from yiwang.apps.governance.catalogue.vocabulary import folded, meanings, without_aside, words

LAST_ROW = 12
"""Headings further down are not looked for."""


@dataclass(frozen=True, slots=True)
class Headings:
    """`columns` by field; `texts` by field as written; `unused` columns nobody reads; data begins at `first_row`."""

    first_row: int
    columns: Mapping[str, int]
    texts: Mapping[str, str]
    unused: tuple[str, ...] = ()
    doubled: tuple[tuple[int, str], ...] = ()
    """(column, heading) of second columns of one field; the field is then read from none of them."""
    above: str = ""
    """What stands above the headings: the sheet's title."""


@dataclass(slots=True)
class _Candidate:
    rows: tuple[int, ...]
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    doubled: list[tuple[str, int, str]] = field(default_factory=list)
    bare: list[tuple[str, int, list[str]]] = field(default_factory=list)

    def take(self, name: str, column: int, texts: list[str], is_own: bool) -> None:
        """Keep what a column holds; a merged heading names its first column only."""
        if not name and texts:
            self.unused.append(" ".join(texts))
        elif name not in self.columns:
            self.columns[name], self.texts[name] = column, texts[-1]
        elif is_own:
            self.doubled.append((name, column, texts[-1]))

    def settle(self) -> None:
        """A bare `大类` is the code when a `大类名称` stands beside it, else the name."""
        for names, column, texts in self.bare:
            code, title = names.split()
            is_code = title in self.columns and code not in self.columns
            self.take(code if is_code else title, column, texts, True)


def find_headings(sheet: Sheet, kind: str, needs: frozenset[str]) -> Headings | None:
    """The row (or two rows) that names most columns of this kind of table; None when `needs` are not all there."""
    best: _Candidate | None = None
    for row in range(1, min(LAST_ROW, sheet.row_count) + 1):
        for rows in ((row,), (row, row + 1)):
            found = _read(sheet, rows, kind)
            if needs <= found.columns.keys() and (best is None or len(found.columns) > len(best.columns)):
                best = found
    if best is None:
        return None
    above = " ".join(cell.text for row in range(1, best.rows[0]) for cell in sheet.row(row).values() if cell.is_own)
    twice = {name for name, _, _ in best.doubled}
    columns = {name: column for name, column in best.columns.items() if name not in twice}
    doubled = tuple((column, text) for _, column, text in best.doubled)
    return Headings(best.rows[-1] + 1, columns, best.texts, tuple(best.unused), doubled, above)


def _read(sheet: Sheet, rows: tuple[int, ...], kind: str) -> _Candidate:
    found = _Candidate(rows)
    columns = sorted({column for row in rows for column in sheet.row(row)})
    for column in columns:
        texts = list(dict.fromkeys(cell.text for row in rows if (cell := sheet.at(row, column)) is not None))
        if len(rows) > 1 and any(cell.spread >= len(columns) for row in rows if (cell := sheet.at(row, column))):
            return _Candidate(rows)  # A title across the whole sheet is no heading.
        bare = next((names for text in texts if (names := _field(text, "bare"))), "") if kind == "heading" else ""
        if bare:
            found.bare.append((bare, column, texts))
            continue
        name = next((name for text in reversed(texts) if (name := _field(text, kind))), "")
        name = name or _field("".join(texts), kind)
        last = sheet.at(rows[-1], column) or sheet.at(rows[0], column)
        found.take(name, column, texts, last is not None and last.is_own)
    found.settle()
    return found


def _field(text: str, kind: str) -> str:
    """The field a heading names: the whole text, without brackets."""
    return meanings(kind).get(folded(without_aside(text)), "")


def is_heading_again(texts: Mapping[str, str], headings: Headings) -> bool:
    """Whether a row repeats the headings, as prints over several pages do."""
    same = sum(folded(text) == folded(headings.texts.get(name, "\0")) for name, text in texts.items())
    return same >= max(2, len(texts) - 1)


def kind_of(sheet: Sheet, headings: Headings) -> str:
    """component or event, as the sheet's name or its title says; '' when neither or both are said."""
    for text in (sheet.title, headings.above):
        said = {key for key, spelled in words("kind").items() if any(word in folded(text) for word in spelled)}
        if len(said) == 1:
            return said.pop()
    return ""
