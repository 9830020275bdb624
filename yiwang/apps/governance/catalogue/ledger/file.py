"""A ledger from a spreadsheet or CSV file: each row with a good code and a point, the others listed with the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.component_codes import BadComponentCode, ComponentCode, parse_code
from yiwang.apps.governance.catalogue.findings import Finding
from yiwang.apps.governance.catalogue.headings import Headings, find_headings, is_heading_again
from yiwang.apps.governance.catalogue.sheets import Cell, Sheet, read_sheets
from yiwang.apps.governance.catalogue.vocabulary import folded, meanings
from yiwang.engines.rulebooks.api import cell_name

NEEDS = frozenset({"code", "longitude", "latitude"})
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\s.*)?\Z", re.ASCII)
_LENGTHS = {"name": 120, "owner": 120, "keeper": 120, "supervisor": 120, "source": 120, "note": 300}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row as read; its point as written in the file."""

    code: ComponentCode
    longitude: float
    latitude: float
    state: str
    placed_on: date | None
    texts: dict[str, str]
    sheet: str
    row: int


class Read(NamedTuple):
    entries: list[Entry]
    findings: list[Finding]
    row_count: int


def read_components(content: bytes, name: str) -> Read:
    """All sheets that have the columns code, longitude and latitude. The codes are not yet held against anything."""
    sheets, _ = read_sheets(content, name)
    read = Read([], [], 0)
    for sheet in sheets:
        if not sheet.rows:
            continue
        headings = find_headings(sheet, "ledger", NEEDS)
        if headings is None:
            why = gettext("前 12 行里没有找到“部件标识码”“经度”“纬度”这些列。")
            now = gettext("如果是台账，请核对列名；说明等其他工作表可不理会。")
            read.findings.append(Finding(sheet.title, "", "", why, now))
            continue
        found = _Rows(sheet, headings, read.findings)
        entries = [entry for number in found.numbers() if (entry := found.entry(number)) is not None]
        read = Read([*read.entries, *entries], read.findings, read.row_count + found.row_count)
    return read


class _Rows:
    def __init__(self, sheet: Sheet, headings: Headings, findings: list[Finding]) -> None:
        self.sheet, self.headings, self.findings = sheet, headings, findings
        self.row_count = 0

    def numbers(self) -> range:
        return range(self.headings.first_row, self.sheet.row_count + 1)

    def entry(self, number: int) -> Entry | None:
        columns = self.headings.columns
        cells = {name: cell for name, column in columns.items() if (cell := self.sheet.at(number, column)) is not None}
        if not cells or is_heading_again({name: cell.text for name, cell in cells.items()}, self.headings):
            return None
        self.row_count += 1
        count = len(self.findings)
        code = self._code(number, cells.get("code"))
        longitude = self._degrees(number, cells, "longitude", 180)
        latitude = self._degrees(number, cells, "latitude", 90)
        state, placed_on = self._state(number, cells), self._day(number, cells)
        texts = {name: self._text(number, cells, name) for name in _LENGTHS if name in cells}
        if code is None or longitude is None or latitude is None or len(self.findings) > count:
            return None
        return Entry(
            code=code, longitude=longitude, latitude=latitude, state=state, placed_on=placed_on, texts=texts,
            sheet=self.sheet.title, row=number,
        )  # fmt: skip

    def _list(self, number: int, name: str, text: str, why: str, now: str) -> None:
        place = cell_name(number, self.headings.columns[name])
        self.findings.append(Finding(self.sheet.title, place, text[:80], why, now))

    def _code(self, number: int, cell: Cell | None) -> ComponentCode | None:
        if cell is None:
            self._list(
                number, "code", "", gettext("没有部件标识码。"), gettext("请补上；新部件可在页面上登记，自动编号。")
            )
            return None
        if not isinstance(cell.value, str):
            why = gettext("标识码按数字保存，表格软件只留了 15 位，末位已不可靠。")
            self._list(number, "code", cell.text, why, gettext("请把这一列设为文本格式，重新填入 16 位。"))
            return None
        try:
            return parse_code(cell.text)
        except BadComponentCode as error:
            self._list(number, "code", cell.text, error.message, gettext(error.next_step))
            return None

    def _degrees(self, number: int, cells: dict[str, Cell], name: str, most: int) -> float | None:
        text = cells[name].text if name in cells else ""
        try:
            found = float(text)
        except ValueError:
            found = float("nan")
        if abs(found) <= most and found:
            return found
        why = gettext("经纬度不是度数。") if text else gettext("没有经纬度。")
        self._list(number, name, text, why, gettext("请填写十进制度数，如 113.142857。"))
        return None

    def _state(self, number: int, cells: dict[str, Cell]) -> str:
        if "state" not in cells:
            return "in_use"
        found = meanings("state").get(folded(cells["state"].text), "")
        if not found:
            now = gettext("请写：完好、破损、缺失或停用。")
            self._list(number, "state", cells["state"].text, gettext("看不懂部件状态。"), now)
        return found

    def _day(self, number: int, cells: dict[str, Cell]) -> date | None:
        if "placed_on" not in cells:
            return None
        value = cells["placed_on"].value
        if isinstance(value, datetime):
            return value.date()
        found = _DAY.match(cells["placed_on"].text)
        try:
            if found is not None:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass  # The thirteenth month: told below.
        self._list(number, "placed_on", cells["placed_on"].text, gettext("不是日期。"), gettext("请写成 2021-05-01。"))
        return None

    def _text(self, number: int, cells: dict[str, Cell], name: str) -> str:
        text = cells[name].text
        if len(text) > _LENGTHS[name]:
            self._list(
                number, name, text, gettext("文字太长。"), gettext("最多 {most} 个字。").format(most=_LENGTHS[name])
            )
        return text
