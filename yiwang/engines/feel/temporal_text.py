"""Dates, times and durations from text and back, by ISO 8601 as FEEL narrows it."""

from __future__ import annotations

import re

from yiwang.engines.feel.temporal import (
    DAY,
    SECOND,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    date_from_ordinal,
    valid_date,
    zone_named,
)

_DATE = r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(Z|z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?"
_DATE_TEXT = re.compile(_DATE, re.ASCII)
_TIME_TEXT = re.compile("T?" + _TIME, re.ASCII)
_DATE_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}", re.ASCII)
_MONTHS_TEXT = re.compile(r"(-)?P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_DAYS_TEXT = re.compile(
    r"(-)?P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{0,9})\d*)?S)?)?", re.ASCII
)
_LONGEST = 80
"""Characters; longer texts are no date, and huge digit runs must not be converted."""

Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def _zone(text: str | None) -> Zone | None:
    """Zone of a matched suffix; raises ValueError when no such zone exists."""
    if text is None:
        return None
    if text in "Zz":
        return Zone(offset=0)
    if text[0] == "@":
        if zone_named(text[1:]) is None:
            raise ValueError(text)
        return Zone(name=text[1:])
    parts = [int(part) for part in text[1:].split(":")] + [0]
    if parts[0] > 18 or parts[1] > 59 or parts[2] > 59:
        raise ValueError(text)
    seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    return Zone(offset=-seconds if text[0] == "-" else seconds)


def _time(hour: str, minute: str, second: str, fraction: str | None, zone: str | None) -> Time | None:
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        return None
    nanos = (int(hour) * 3600 + int(minute) * 60 + int(second)) * SECOND + int((fraction or "0").ljust(9, "0"))
    try:
        return Time(nanos, _zone(zone))
    except ValueError:
        return None


def parse_date(text: str) -> Date | None:
    match = _DATE_TEXT.fullmatch(text)
    return valid_date(int(match[1]), int(match[2]), int(match[3])) if match else None


def parse_time(text: str) -> Time | None:
    match = _TIME_TEXT.fullmatch(text)
    return _time(match[1], match[2], match[3], match[4], match[5]) if match else None


def parse_date_time(text: str) -> DateTime | None:
    """A date and time; 24:00:00 is midnight of the next day, a bare date is its midnight."""
    day = parse_date(text)
    if day is not None:
        return DateTime(day, Time(0))
    match = _DATE_TIME_TEXT.fullmatch(text)
    if match is None:
        return None
    day = valid_date(int(match[1]), int(match[2]), int(match[3]))
    is_midnight = match[4] == "24" and match[5] == match[6] == "00" and not int(match[7] or 0)
    clock = _time("00" if is_midnight else match[4], match[5], match[6], match[7], match[8])
    if is_midnight and day is not None:
        day = date_from_ordinal(day.ordinal() + 1)
    return DateTime(day, clock) if day is not None and clock is not None else None


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    if len(text) > _LONGEST:
        return None
    match = _MONTHS_TEXT.fullmatch(text)
    if match and not text.endswith("P"):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return MonthsDuration(-months if match[1] else months)
    match = _DAYS_TEXT.fullmatch(text)
    if match is None or text.endswith(("P", "T")):
        return None
    seconds = int(match[2] or 0) * 86_400 + int(match[3] or 0) * 3600 + int(match[4] or 0) * 60 + int(match[5] or 0)
    nanos = seconds * SECOND + int((match[6] or "0").ljust(9, "0"))
    return DaysDuration(-nanos if match[1] else nanos)


def parse_at_literal(text: str) -> Temporal | None:
    """What `@"…"` stands for."""
    return parse_date(text) or parse_time(text) or parse_date_time(text) or parse_duration(text)


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _zone_text(zone: Zone | None) -> str:
    if zone is None:
        return ""
    if zone.name is not None:
        return f"@{zone.name}"
    offset = zone.offset or 0
    if offset == 0:
        return "Z"
    size = abs(offset)
    seconds = f":{size % 60:02d}" if size % 60 else ""
    return f"{'-' if offset < 0 else '+'}{size // 3600:02d}:{size // 60 % 60:02d}{seconds}"


def _duration_text(value: DaysDuration) -> str:
    size = abs(value.nanos)
    days, rest = divmod(size, DAY)
    seconds, fraction = divmod(rest, SECOND)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{seconds}{_fraction(fraction)}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if value.nanos < 0 else "P") + (text or "T0S")


def _months_text(value: MonthsDuration) -> str:
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-P" if value.months < 0 else "P") + (text or "0M")


def temporal_text(value: Temporal) -> str:
    """The text FEEL's own constructor reads back."""
    if isinstance(value, Date):
        year = f"{'-' if value.year < 0 else ''}{abs(value.year):04d}"
        return f"{year}-{value.month:02d}-{value.day:02d}"
    if isinstance(value, Time):
        hour, minute, second = value.clock()
        return f"{hour:02d}:{minute:02d}:{second:02d}{_fraction(value.nanos % SECOND)}{_zone_text(value.zone)}"
    if isinstance(value, DateTime):
        return f"{temporal_text(value.date)}T{temporal_text(value.time)}"
    return _duration_text(value) if isinstance(value, DaysDuration) else _months_text(value)
