"""One row of a catalogue sheet: codes, names, conditions and limits, each read exactly or listed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.classes import CATEGORIES, ClassCondition
from yiwang.apps.governance.catalogue.findings import Finding
from yiwang.apps.governance.catalogue.headings import Headings, is_heading_again
from yiwang.apps.governance.catalogue.limit_reading import Choices, Reading, read_limit_text
from yiwang.apps.governance.catalogue.sheets import Cell, Sheet
from yiwang.apps.governance.catalogue.vocabulary import folded, meanings
from yiwang.engines.directory.spec import Limit
from yiwang.engines.rulebooks.api import cell_name

_TWO, _FOUR = re.compile(r"(\d{1,2})(?:\.0+)?\Z", re.ASCII), re.compile(r"(\d{3,4})(?:\.0+)?\Z", re.ASCII)
MOST_SIGNS = 1_000
"""Of one cell."""
_GOES_DOWN = (("group_code", "group_title"), ("small_code", "title", "full_code"))
"""Fields that people leave blank below their first row, in the two steps in which they are left."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A condition with the sheet and row it stands in."""

    entry: ClassCondition
    sheet: str
    row: int
    cells: dict[str, str]
    """Names of cells by field."""


@dataclass(slots=True)
class RowReader:
    """Reads the rows of one sheet in order."""

    sheet: Sheet
    headings: Headings
    kind: str
    choices: Choices
    findings: list[Finding]
    used: Counter[str] = field(default_factory=Counter)
    """How many cells each choice decided."""
    row_count: int = 0
    _last: dict[str, Cell] = field(default_factory=dict)

    def rows(self) -> list[ReadRow]:
        found = (self._row(number) for number in range(self.headings.first_row, self.sheet.row_count + 1))
        return [one for one in found if one is not None]

    def _row(self, number: int) -> ReadRow | None:
        columns = self.headings.columns
        cells = {name: cell for name, column in columns.items() if (cell := self.sheet.at(number, column)) is not None}
        if not cells or is_heading_again({name: cell.text for name, cell in cells.items()}, self.headings):
            return None
        own = {cell.text for cell in self.sheet.row(number).values()}
        if len(own) == 1:
            why = gettext("这一行只有一句话，没有当作类别。")
            self._list(number, next(iter(cells)), own.pop(), why, gettext("不是类别的可不理会。"), "check")
            return None
        self.row_count += 1
        self._carry_down(cells)
        return self._read(number, cells)

    def _list(self, row: int, name: str, text: str, why: str, now: str, weight: str = "unread") -> None:
        place = cell_name(row, self.headings.columns[name]) if name in self.headings.columns else str(row)
        self.findings.append(Finding(self.sheet.title, place, text[:80], why, now, weight))

    def _carry_down(self, cells: dict[str, Cell]) -> None:
        """Blanks below a filled cell, when the file's choice says they mean the same."""
        for step, names in enumerate(_GOES_DOWN):
            given = [name for name in names if name in cells]
            if given:
                for later in _GOES_DOWN[step:]:
                    self._last = {name: cell for name, cell in self._last.items() if name not in later}
                self._last |= {name: cells[name] for name in given}
            elif self.choices.blank == "down" and any(name in self._last for name in names):
                cells.update({name: self._last[name] for name in names if name in self._last})
                self.used["blank"] += 1

    def _read(self, number: int, cells: dict[str, Cell]) -> ReadRow | None:
        kind, codes = self._kind(number, cells), self._codes(number, cells)
        title = "".join(cells["title"].text.split()) if "title" in cells else ""
        if codes is None or not kind:
            return None
        if not title:
            self._list(number, "title", "", gettext("没有小类名称。"), self._when_blank())
            return None
        handle, whole = self._limit(number, cells, "handle"), self._limit(number, cells, "whole")
        entry = ClassCondition(
            kind=kind, group=codes[0], small=codes[1], title=title, number=self._number(number, cells),
            group_title="".join(cells["group_title"].text.split()) if "group_title" in cells else "",
            condition=self._text(number, cells, "condition"), evidence=self._text(number, cells, "evidence"),
            handle=handle.limit, whole=whole.limit, closing=self._closing(number, cells, handle),
            is_urgent=self._is_urgent(number, cells, handle), level=self._meant(number, cells, "level"),
            category=self._category(number, cells), words=self._text(number, cells, "words"),
        )  # fmt: skip
        self._look(number, cells, entry, handle)
        places = {name: cell_name(number, column) for name, column in self.headings.columns.items()}
        return ReadRow(entry, self.sheet.title, number, places)

    def _when_blank(self) -> str:
        return gettext("请补上；若空白表示与上一行相同，导入时把“空白单元格”选为“沿用上一行”。")

    def _kind(self, number: int, cells: dict[str, Cell]) -> str:
        """Component or event: as the row says, else as the sheet does."""
        if "kind" not in cells:
            if not self.kind:
                now = gettext("请写“部件”或“事件”。")
                self._list(number, "kind", "", gettext("认不出是部件还是事件。"), now)
            return self.kind
        found = meanings("kind").get(folded(cells["kind"].text), "")
        if not found:
            why, now = gettext("认不出是部件还是事件。"), gettext("请写“部件”或“事件”。")
            self._list(number, "kind", cells["kind"].text, why, now)
        return found

    def _codes(self, number: int, cells: dict[str, Cell]) -> tuple[str, str] | None:
        """(group, small) of two digits each, from two columns or from one of four digits."""
        name = "small_code" if "small_code" in self.headings.columns else "full_code"
        group = self._two_digits(number, cells, "group_code") if "group_code" in self.headings.columns else ""
        if group is None:
            return None
        if name not in cells:
            self._list(number, name, "", gettext("没有小类代码。"), self._when_blank())
            return None
        text = folded(cells[name].text)
        whole = _FOUR.match(text)
        if whole is not None:
            code = whole[1].zfill(4)
            if group and code[:2] != group:
                why = gettext("小类代码的前两位与大类代码“{group}”不一致。").format(group=group)
                self._list(number, name, text, why, gettext("请核对大类代码和小类代码。"))
                return None
            return (code[:2], code[2:]) if self._is_code(number, name, text, code[2:]) else None
        small = self._two_digits(number, cells, name)
        if small is not None and not group:
            self._list(number, name, text, gettext("没有大类代码。"), gettext("请补上大类代码，或写四位的类别代码。"))
            return None
        return (group, small) if small else None

    def _two_digits(self, number: int, cells: dict[str, Cell], name: str) -> str | None:
        """`1` and 1.0 are `01`."""
        if name not in cells:
            self._list(number, name, "", gettext("没有代码。"), self._when_blank())
            return None
        text = folded(cells[name].text)
        found = _TWO.match(text)
        code = found[1].zfill(2) if found else ""
        return code if self._is_code(number, name, text, code) else None

    def _is_code(self, number: int, name: str, text: str, code: str) -> bool:
        if code in ("", "00"):
            self._list(number, name, text, gettext("不是两位数字的代码。"), gettext("请写成 01 至 99。"))
        return code not in ("", "00")

    def _text(self, number: int, cells: dict[str, Cell], name: str) -> str:
        text = cells[name].text if name in cells else ""
        if len(text) > MOST_SIGNS:
            why = gettext("文字太长。")
            self._list(number, name, text, why, gettext("最多 {most} 个字。").format(most=MOST_SIGNS))
            return ""
        return text

    def _number(self, number: int, cells: dict[str, Cell]) -> int:
        """The condition's own number; 0 when the sheet numbers none."""
        if "number" not in cells:
            return 0
        found = _TWO.match(folded(cells["number"].text))
        if found is None or not int(found[1]):
            self._list(
                number, "number", cells["number"].text, gettext("条件序号不是数字。"), gettext("请写成 1、2、3。")
            )
            return 0
        return int(found[1])

    def _limit(self, number: int, cells: dict[str, Cell], name: str) -> Reading:
        if name not in self.headings.columns:
            return Reading()
        value = cells[name].value if name in cells else None
        read = read_limit_text(value, self.choices, self.headings.texts[name])
        if read.is_unread:
            self._list(number, name, str(value), read.why, read.now)
        elif read.choice:
            self.used[read.choice] += 1
        return read

    def _closing(self, number: int, cells: dict[str, Cell], handle: Reading) -> str:
        """The closing condition; an act behind the limit (`1紧急工作时制止`) is kept here word for word."""
        text = self._text(number, cells, "closing")
        if not handle.act:
            return text
        asked = cells["handle"].text
        why = gettext("时限后面写着“{act}”，时限照读，原文并入结案条件。").format(act=handle.act)
        self._list(number, "handle", asked, why, gettext("请核对结案条件。"), "check")
        return f"{asked}；{text}" if text else asked

    def _is_urgent(self, number: int, cells: dict[str, Cell], handle: Reading) -> bool:
        """As the column says; without one, a limit in urgent time makes a class urgent (a proposal)."""
        if "urgent" in cells:
            text = folded(cells["urgent"].text)
            if text in meanings("yes") or text in meanings("no"):
                return text in meanings("yes")
            self._list(number, "urgent", text, gettext("看不出是否紧急。"), gettext("请写“是”或“否”。"))
            return False
        unit = handle.limit.unit if handle.limit is not None else ""
        return unit == "urgent_hour" or handle.choice == "urgent_day"

    def _meant(self, number: int, cells: dict[str, Cell], name: str) -> str:
        """A key by the word of the cell."""
        if name not in cells:
            return ""
        found = meanings(name).get(folded(cells[name].text), "")
        if not found:
            self._list(number, name, cells[name].text, gettext("看不懂这一格。"), gettext("请写村、镇或区。"))
        return found

    def _category(self, number: int, cells: dict[str, Cell]) -> str:
        if "category" not in cells:
            return ""
        text = cells["category"].text
        known = {folded(title): key for key, title in CATEGORIES.items()} | {key: key for key in CATEGORIES}
        if folded(text) not in known:
            options = "、".join(gettext(title) for title in CATEGORIES.values())
            self._list(
                number,
                "category",
                text,
                gettext("没有这个公众类别。"),
                gettext("请写：{options}。").format(options=options),
            )
        return known.get(folded(text), "")

    def _look(self, number: int, cells: dict[str, Cell], entry: ClassCondition, handle: Reading) -> None:
        """What was taken over as it stands but is worth a look."""
        if not entry.condition:
            self._list(
                number,
                "condition",
                "",
                gettext("没有立案条件。"),
                gettext("请补上，否则什么情形立案要凭人判断。"),
                "check",
            )
        if entry.handle is None and not handle.is_unread and "handle" in self.headings.columns:
            self._list(
                number, "handle", "", gettext("没有处置时限。"), gettext("请补上；不补则按流程的时限办理。"), "check"
            )
        if _is_shorter(entry.whole, entry.handle):
            self._list(
                number,
                "whole",
                self._text(number, cells, "whole"),
                gettext("全程时限比处置时限短。"),
                gettext("请核对两个时限。"),
                "check",
            )


def _is_shorter(whole: Limit | None, handle: Limit | None) -> bool:
    return bool(whole and handle and whole.unit == handle.unit and whole.amount < handle.amount)


def unused_columns(readers: list[RowReader]) -> list[tuple[str, str]]:
    """(sheet, heading) of columns nobody reads."""
    return [(one.sheet.title, text) for one in readers for text in one.headings.unused if text]
