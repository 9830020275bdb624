"""What a request asks, read from its parameters; every fault is named, in the standard's words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from yiwang.apps.governance.open311.refusals import faulty
from yiwang.apps.governance.open311.states import TITLES
from yiwang.kernel.clock import CHINA, now

SPAN = timedelta(days=90)
"""The standard's longest span, and what is shown without dates."""
MOST_ROWS = 1_000
MOST_REACHED = 10_000
"""How far pages lead; beyond it one asks for other dates."""
YEARS = (1970, 2200)
"""Years a question can be about; others are slips of the pen."""
MOST_METRES, USUAL_METRES = 20_000, 1_000
_TRUE, _FALSE = {"true", "1", "yes"}, {"false", "0", "no"}
_LOST_PLUS = re.compile(r" (\d\d:?\d\d)\Z")
"""A plus that a program forgot to escape arrives as a blank."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Around a point, in metres."""

    latitude: float
    longitude: float
    metres: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for requests. With `numbers` nothing else counts. `begins`, `ends` are of the report."""

    numbers: tuple[str, ...] = ()
    service_codes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    circle: Circle | None = None
    has_photo: bool | None = None
    is_extended: bool = False
    page: int = 1
    page_size: int = MOST_ROWS


class Reader:
    """Reads values and remembers faults."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given, self.faults = given, list[str]()

    def fault(self, name: str, reason: str) -> None:
        self.faults.append(f"{name}: {reason}")

    def text(self, name: str) -> str:
        return self.given.get(name, "").strip()

    def listed(self, name: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(one.strip() for one in self.text(name).split(",") if one.strip()))
        if len(found) > MOST_ROWS:
            self.fault(name, gettext("一次最多 {most} 个。").format(most=MOST_ROWS))
        return found[:MOST_ROWS]

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        found = read_moment(text) if text else None
        if text and found is None:
            self.fault(name, gettext("读不懂这个时间，请写成 2026-11-05T08:15:30+08:00。"))
        return found

    def flag(self, name: str) -> bool | None:
        text = self.text(name).lower()
        if not text:
            return None
        if text not in _TRUE | _FALSE:
            self.fault(name, gettext("请写 true 或 false。"))
        return text in _TRUE

    def number(self, name: str, least: float, most: float) -> float | None:
        text = self.text(name)
        if not text:
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not least <= found <= most:
            self.fault(name, gettext("应是 {least} 到 {most} 之间的数。").format(least=f"{least:g}", most=f"{most:g}"))
            return None
        return found


def read_moment(text: str) -> datetime | None:
    """An instant in the W3C's form; a day begins at midnight in China, where a time without an offset is meant too."""
    try:
        found = parse_datetime(_LOST_PLUS.sub(r"+\1", text))
        if found is None and (day := parse_date(text)) is not None:
            found = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        if found is None or not YEARS[0] <= found.year <= YEARS[1]:
            return None
        return found if found.tzinfo else found.replace(tzinfo=CHINA)
    except (ValueError, OverflowError):
        return None


def read_span(reader: Reader, *, is_open: bool = False) -> tuple[datetime | None, datetime | None]:
    """Dates of the question: 90 days that end now or at the other end given. `is_open`: none when none are given."""
    begins, ends = reader.moment("start_date"), reader.moment("end_date")
    if begins is None and ends is None:
        return (None, None) if is_open or reader.faults else (now() - SPAN, now())
    begins = begins or (ends or now()) - SPAN
    ends = ends or min(begins + SPAN, max(now(), begins))
    if begins > ends:
        reader.fault("start_date", gettext("开始时间晚于结束时间。"))
    elif ends - begins > SPAN:
        reader.fault("end_date", gettext("一次最多查 90 天，请分段查询。"))
    return begins, ends


def read_asked(given: Mapping[str, str]) -> Asked:
    """Refused with every fault at once."""
    reader = Reader(given)
    updated = reader.moment("updated_after"), reader.moment("updated_before")
    begins, ends = read_span(reader, is_open=any(updated))
    if any(updated):
        updated = _updated(reader, *updated)
    page, size = reader.number("page", 1, MOST_REACHED), reader.number("page_size", 1, MOST_ROWS)
    asked = Asked(
        reader.listed("service_request_id"), reader.listed("service_code"), _states(reader), begins, ends, *updated,
        _circle(reader), reader.flag("has_photo"), bool(reader.flag("extensions")), int(page or 1),
        int(size or MOST_ROWS),
    )  # fmt: skip
    if asked.page > 1 and asked.page * asked.page_size > MOST_REACHED:
        reader.fault("page", gettext("最多翻到第 {most} 件，请缩小日期范围。").format(most=MOST_REACHED))
    faulty(reader.faults)
    return asked


def _updated(
    reader: Reader, after: datetime | None, before: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The same rule as for dates of reports, since nobody may ask for everything that ever changed."""
    after = after or (before or now()) - SPAN
    before = before or min(after + SPAN, max(now(), after))
    if after > before:
        reader.fault("updated_after", gettext("开始时间晚于结束时间。"))
    elif before - after > SPAN:
        reader.fault("updated_before", gettext("一次最多查 90 天，请分段查询。"))
    return after, before


def _states(reader: Reader) -> tuple[str, ...]:
    found = tuple(one.lower() for one in reader.listed("status"))
    unknown = [one for one in found if one not in TITLES]
    if unknown:
        message = gettext("没有“{word}”这个状态，可用：{known}。")
        reader.fault("status", message.format(word=unknown[0][:40], known=", ".join(TITLES)))
    return found


def _circle(reader: Reader) -> Circle | None:
    latitude, longitude = reader.number("lat", -90, 90), reader.number("long", -180, 180)
    metres = reader.number("radius", 1, MOST_METRES)
    if latitude is None and longitude is None and metres is None:
        return None
    if latitude is None or longitude is None:
        reader.fault("lat, long", gettext("按位置查询要同时给出 lat 和 long。"))
        return None
    return Circle(latitude, longitude, metres or USUAL_METRES)
