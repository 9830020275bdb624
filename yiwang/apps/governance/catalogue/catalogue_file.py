"""A city's catalogue of classes from its own spreadsheet: every sheet, every row, and a list of what could not be read.

Nothing is guessed: a code with two names, a name with two codes and a condition with two limits are left out and
listed with the cells that disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.classes import ClassCondition, display_class
from yiwang.apps.governance.catalogue.findings import Finding
from yiwang.apps.governance.catalogue.headings import find_headings, kind_of
from yiwang.apps.governance.catalogue.limit_reading import Choices
from yiwang.apps.governance.catalogue.row_reading import ReadRow, RowReader, unused_columns
from yiwang.apps.governance.catalogue.sheets import Sheet, read_sheets
from yiwang.apps.governance.catalogue.vocabulary import folded
from yiwang.engines.rulebooks.api import cell_name

_NEEDS = frozenset({"title", "condition"})
_KEPT = ("category", "level", "evidence", "words")
"""What the edition in force lends to a class of the same code and name when the file does not say it."""


@dataclass(slots=True)
class Outcome:
    """What a file gave. `renamed`: (class, before, after) against the edition in force; `gone`: what it leaves out."""

    rows: list[ClassCondition] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sheet_count: int = 0
    row_count: int = 0
    used: Counter[str] = field(default_factory=Counter)
    unused: list[tuple[str, str]] = field(default_factory=list)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    lent_count: int = 0

    @property
    def class_count(self) -> int:
        return len({row.class_code for row in self.rows})


def read_catalogue(content: bytes, name: str, choices: Choices, in_force: Sequence[ClassCondition] = ()) -> Outcome:
    """Read a spreadsheet. NotASpreadsheet and TooLarge for files that cannot be opened; all else is in the outcome."""
    outcome = Outcome()
    sheets, hidden = read_sheets(content, name)
    for title in hidden:
        why = gettext("隐藏的工作表没有读。")
        outcome.findings.append(Finding(title, "", "", why, gettext("如需导入，请取消隐藏后重新上传。"), "check"))
    readers = [reader for sheet in sheets if (reader := _reader(sheet, choices, outcome)) is not None]
    found = [row for reader in readers for row in reader.rows()]
    outcome.sheet_count = len(readers)
    outcome.row_count = sum(reader.row_count for reader in readers)
    for reader in readers:
        outcome.used.update(reader.used)
    outcome.unused = unused_columns(readers)
    found = _without_conflicts(found, outcome)
    _compare([row.entry for row in found], in_force, outcome)
    return outcome


def _reader(sheet: Sheet, choices: Choices, outcome: Outcome) -> RowReader | None:
    if not sheet.rows:
        return None
    headings = find_headings(sheet, "heading", _NEEDS)
    if headings is None or not {"small_code", "full_code"} & headings.columns.keys():
        why = gettext("前 12 行里没有找到“小类名称”“小类代码”“立案条件”这些列。")
        now = gettext("如果是类别表，请核对列名；说明等其他工作表可不理会。")
        outcome.findings.append(Finding(sheet.title, "", "", why, now))
        return None
    for column, text in headings.doubled:
        why = gettext("有两列都叫“{title}”，不知道以哪列为准，两列都没有读。").format(title=text)
        place = cell_name(headings.first_row - 1, column)
        outcome.findings.append(Finding(sheet.title, place, text, why, gettext("请改掉其中一列的列名。")))
    kind = kind_of(sheet, headings)
    if not kind and "kind" not in headings.columns:
        why = gettext("认不出是部件还是事件。")
        now = gettext("请在工作表名称或标题里写明“部件”或“事件”。")
        outcome.findings.append(Finding(sheet.title, "", headings.above[:80], why, now))
        return None
    return RowReader(sheet, headings, kind, choices, outcome.findings)


def _without_conflicts(rows: list[ReadRow], outcome: Outcome) -> list[ReadRow]:
    checks: tuple[tuple[Callable[[ReadRow], tuple[str, ...]], Callable[[ReadRow], str], str, str], ...] = (
        (_group_code, _group_title, "group_title", gettext("大类代码“{key}”有两个名称：{values}。")),
        (_group_name, _group_number, "group_code", gettext("大类“{key}”有两个代码：{values}。")),
        (_small_code, _small_title, "title", gettext("小类代码“{key}”有两个名称：{values}。")),
    )
    bad: set[int] = set()
    for key, value, name, why in checks:
        bad |= _disagreeing(rows, key, value, name, why, outcome)
    kept = [row for place, row in enumerate(rows) if place not in bad]
    _same_name_twice(kept, outcome)
    return _without_doubles(kept, outcome)


def _group_code(row: ReadRow) -> tuple[str, ...]:
    return (row.entry.kind, row.entry.group)


def _group_title(row: ReadRow) -> str:
    return row.entry.group_title


def _group_name(row: ReadRow) -> tuple[str, ...]:
    return (row.entry.kind, folded(row.entry.group_title))


def _group_number(row: ReadRow) -> str:
    return row.entry.group


def _small_code(row: ReadRow) -> tuple[str, ...]:
    return (row.entry.kind, row.entry.group + row.entry.small)


def _small_title(row: ReadRow) -> str:
    return row.entry.title


def _disagreeing(
    rows: list[ReadRow],
    key: Callable[[ReadRow], tuple[str, ...]],
    value: Callable[[ReadRow], str],
    name: str,
    why: str,
    outcome: Outcome,
) -> set[int]:
    """Places of rows whose key has two values; each value is listed at the first cell that says it."""
    said: dict[tuple[str, ...], dict[str, ReadRow]] = {}
    for row in rows:
        if all(key(row)) and value(row):
            said.setdefault(key(row), {}).setdefault(folded(value(row)), row)
    wrong = {one: values for one, values in said.items() if len(values) > 1}
    for one, values in wrong.items():
        places = "、".join(f"{value(row)}（{row.sheet}!{row.cells.get(name, row.row)}）" for row in values.values())
        for row in values.values():
            text = why.format(key=value(row) if not key(row)[-1] else one[-1], values=places)
            now = gettext("相关各行都没有读入。请改成一致后重新上传。")
            outcome.findings.append(Finding(row.sheet, row.cells.get(name, str(row.row)), value(row), text, now))
    return {place for place, row in enumerate(rows) if key(row) in wrong}


def _same_name_twice(rows: list[ReadRow], outcome: Outcome) -> None:
    seen: dict[tuple[str, str, str], ReadRow] = {}
    told: set[str] = set()
    for row in rows:
        entry = row.entry
        first = seen.setdefault((entry.kind, entry.group, folded(entry.title)), row)
        if first.entry.small != entry.small and entry.class_code not in told:
            told.add(entry.class_code)
            why = gettext("同一大类里“{title}”有两个代码：{first}、{second}。").format(
                title=entry.title, first=first.entry.small, second=entry.small
            )
            now = gettext("两个都读入了，请核对是否同一个小类。")
            outcome.findings.append(
                Finding(row.sheet, row.cells.get("small_code", str(row.row)), entry.small, why, now, "check")
            )


def _without_doubles(rows: list[ReadRow], outcome: Outcome) -> list[ReadRow]:
    """One row for each condition, numbered within its class. Of two that disagree about a limit neither limit stays."""
    kept: dict[tuple[str, str], ReadRow] = {}
    for row in rows:
        key = (row.entry.class_code, folded(row.entry.condition))
        first = kept.get(key)
        if first is None:
            kept[key] = row
            continue
        kept[key] = _merged(first, row, outcome)
    return _numbered(list(kept.values()), outcome)


def _merged(first: ReadRow, second: ReadRow, outcome: Outcome) -> ReadRow:
    before, after = first.entry, second.entry
    place = f"{first.sheet}!{first.row}"
    differing = [name for name in ("handle", "whole") if getattr(before, name) != getattr(after, name)]
    for name in differing:
        why = gettext("同一小类的同一立案条件在 {place} 行另有时限，两个都没有读入。").format(place=place)
        text = str(getattr(after, name).title if getattr(after, name) else "")
        now = gettext("请只留一个时限。")
        outcome.findings.append(Finding(second.sheet, second.cells.get(name, str(second.row)), text, why, now))
    if not differing:
        why = gettext("与 {place} 行重复，没有再读一次。").format(place=place)
        now = gettext("请核对，多余的可以删去。")
        text = after.condition[:80]
        outcome.findings.append(Finding(second.sheet, str(second.row), text, why, now, "check"))
    handle, whole = (None if name in differing else getattr(before, name) for name in ("handle", "whole"))
    return replace(first, entry=replace(before, handle=handle, whole=whole))


def _numbered(rows: list[ReadRow], outcome: Outcome) -> list[ReadRow]:
    """Conditions numbered 1, 2, 3 in each class; a sheet's own numbers stand when a class has them all, each once."""
    by_class: dict[str, list[ReadRow]] = {}
    for row in rows:
        by_class.setdefault(row.entry.class_code, []).append(row)
    found: list[ReadRow] = []
    for members in by_class.values():
        own = [row.entry.number for row in members]
        if all(own) and len(set(own)) == len(own):
            found += members
            continue
        if any(own):
            first = members[0]
            why = gettext("{title}的条件序号有空缺或重复，已按行的先后重新编号。").format(title=first.entry.title)
            cell = first.cells.get("number", str(first.row))
            outcome.findings.append(Finding(first.sheet, cell, "", why, gettext("请核对。"), "check"))
        found += [replace(row, entry=replace(row.entry, number=place)) for place, row in enumerate(members, 1)]
    return found


def _compare(rows: list[ClassCondition], in_force: Sequence[ClassCondition], outcome: Outcome) -> None:
    """Against the edition in force: what is renamed or gone, and what it lends to classes that stay the same."""
    before = {one.class_code: one for one in reversed(in_force)}
    of_condition = {(one.class_code, one.number): one for one in in_force}
    after = {row.class_code: row for row in rows}
    outcome.renamed = [
        (display_class(code), before[code].title, row.title)
        for code, row in sorted(after.items())
        if code in before and folded(before[code].title) != folded(row.title)
    ]
    outcome.gone = _named(one for code, one in sorted(before.items()) if code not in after)
    for row in rows:
        known = before.get(row.class_code)
        if known is not None and folded(known.title) == folded(row.title):
            known = of_condition.get((row.class_code, row.number), known)
            lent = {name: getattr(known, name) for name in _KEPT if not getattr(row, name) and getattr(known, name)}
            outcome.lent_count += bool(lent)
            row = replace(row, **lent)
        outcome.rows.append(row)


def _named(rows: Iterable[ClassCondition]) -> list[tuple[str, str]]:
    return [(display_class(row.class_code), row.title) for row in rows]
