"""A year's holiday notice as a file: JSON `{year, papers, days: [{name, date, isOffDay}]}` or CSV.

The columns of the CSV are `date,name,is_off_day`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from django.utils.translation import gettext

from yiwang.engines.working_time.table import SpecialDay
from yiwang.kernel.errors import InvalidInput

_OFF = {"1": True, "true": True, "yes": True, "休": True, "0": False, "false": False, "no": False, "班": False}


@dataclass(frozen=True, slots=True)
class Notice:
    """The year a notice is for, its days (some may lie in the December before) and where it comes from."""

    year: int
    days: dict[date, SpecialDay]
    source: str


def _fault(path: str, code: str, message: str) -> dict[str, str]:
    return {"path": path, "code": code, "message": message}


def read_notice(content: bytes) -> Notice:
    """Parse and check a notice; InvalidInput lists every fault with its row."""
    text = content.decode("utf-8-sig", errors="replace").strip()
    year, source, rows = _from_json(text) if text.startswith("{") else (None, "", list(_from_csv(text)))
    faults: list[dict[str, str]] = []
    days: dict[date, SpecialDay] = {}
    for number, row in enumerate(rows, start=1):
        try:
            on, fact = _day(row)
        except ValueError as error:
            faults.append(
                _fault(
                    f"row {number}", "NOTICE_ROW", gettext("第{number}行：{error}").format(number=number, error=error)
                )
            )
            continue
        if days.setdefault(on, fact) != fact:
            faults.append(
                _fault(
                    f"row {number}",
                    "NOTICE_TWICE",
                    gettext("第{number}行：{on} 重复且前后不一致。").format(number=number, on=on),
                )
            )
    if not days and not faults:
        faults.append(_fault("file", "NOTICE_EMPTY", "文件中没有任何日期。"))
    year = year or _main_year(days)
    faults += [
        _fault("file", "NOTICE_YEAR", gettext("{on} 不属于{year}年的通知。").format(on=on, year=year))
        for on in days
        if not _belongs(on, year)
    ]
    if date(year, 1, 1) not in days and days:
        faults.append(
            _fault("file", "NOTICE_NEW_YEAR", gettext("缺少{year}年元旦，文件可能不完整。").format(year=year))
        )
    if faults:
        raise InvalidInput(faults, "节假日通知文件有误，未作任何更改。")
    return Notice(year, days, source)


def _main_year(days: dict[date, SpecialDay]) -> int:
    years = [on.year for on in days]
    return max(set(years), key=years.count) if years else 1


def _belongs(on: date, year: int) -> bool:
    """A notice speaks of its own year, of the bridge into it, and (rarely) of the first days after it."""
    return on.year == year or (on.year == year - 1 and on.month == 12) or (on.year == year + 1 and on.month == 1)


def _from_json(text: str) -> tuple[int | None, str, list[Any]]:
    try:
        data = orjson.loads(text)
        rows = [(day.get("date"), day.get("name"), day.get("isOffDay")) for day in data["days"]]
        year = data.get("year")
        if year is not None and not (isinstance(year, int) and 1992 <= year <= 9997):
            raise ValueError(year)
        return year, "；".join(map(str, data.get("papers", []))), rows
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        message = "JSON 应为 {year, papers, days: [{name, date, isOffDay}]}。"
        raise InvalidInput([_fault("file", "NOTICE_JSON", message)]) from error


def _from_csv(text: str) -> Iterator[Any]:
    for row in csv.DictReader(io.StringIO(text)):
        yield row.get("date"), row.get("name"), row.get("is_off_day")


def _day(row: tuple[Any, Any, Any]) -> tuple[date, SpecialDay]:
    text, name, off = row
    try:
        on = date.fromisoformat(str(text or "").strip())
    except ValueError:
        raise ValueError(gettext("日期“{text}”不是 2027-01-01 的写法。").format(text=text)) from None
    if not 1992 <= on.year <= 9997:
        raise ValueError(gettext("日期“{text}”超出范围。").format(text=text))
    is_off = off if isinstance(off, bool) else _OFF.get(str(off).strip().lower())
    if is_off is None:
        raise ValueError(gettext("is_off_day“{off}”应为 1（休）或 0（班）。").format(off=off))
    if not str(name or "").strip():
        raise ValueError("缺少节日名称。")
    return on, SpecialDay(not is_off, str(name).strip())
