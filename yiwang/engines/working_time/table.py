"""The days of a calendar as cumulative tables, so that a deadline is two look-ups and no walk.

Time inside is whole microseconds of Chinese civil time since 1970-01-01 00:00 (UTC+8 throughout; summer time, in use
until 1991, is not modelled). Day `i` of a table is the date with ordinal `first + i`,
and `end` the first date it no longer has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yiwang.kernel.errors import ConfigurationError

Whole = NDArray[np.int64]
SECOND = 1_000_000
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
EPOCH_DAY = date(1970, 1, 1).toordinal()
BRIDGE_FROM = (12, 25)
"""From this date on, the next year's notice may still move days of December (元旦 bridges); our margin, a proposal."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that differs from its weekday, and the holiday it belongs to."""

    is_working: bool
    name: str


class OfficeHours:
    """The slots of a working day in microseconds from midnight, from text like `09:00-12:00,14:00-17:30`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.slots = tuple(_slot(text, part) for part in text.split(","))
        ends = [0, *(edge for slot in self.slots for edge in slot)]
        if any(after < before for before, after in pairwise(ends)) or ends[-1] > DAY:
            raise ConfigurationError(
                f"Office hours '{text}' overlap or are out of order. Write 09:00-12:00,14:00-17:30."
            )
        self.total = sum(end - start for start, end in self.slots)
        self.close = self.slots[-1][1]

    def worked(self, time: int) -> int:
        """Office time from midnight to `time` of a working day."""
        total = 0
        for start, end in self.slots:  # A loop and no sum(): every step of every case comes by here.
            if time <= start:
                break
            total += (time if time < end else end) - start
        return total

    def time_at(self, worked: int) -> int:
        """The earliest time of a working day at which `worked` (above 0, at most `total`) has passed."""
        for start, end in self.slots:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        raise ValueError("more office time than a day has")

    def worked_many(self, times: Whole) -> Whole:
        """`worked` for an array."""
        total = np.zeros_like(times)
        for start, end in self.slots:
            total += np.clip(times - start, 0, end - start)
        return total

    def time_at_many(self, worked: Whole) -> Whole:
        """`time_at` for an array."""
        times, before = np.zeros_like(worked), 0
        for start, end in self.slots:
            times = np.where(worked > before, start + worked - before, times)
            before += end - start
        return times


def _slot(text: str, part: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d\d):(\d\d)-(\d\d):(\d\d)\s*", part)
    if not match:
        raise ConfigurationError(f"Office hours '{text}': '{part}' is not like 09:00-12:00.")
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start >= end or start_minute > 59 or end_minute > 59:
        raise ConfigurationError(f"Office hours '{text}': '{part}' ends before it starts or is no time of day.")
    return start * 60 * SECOND, end * 60 * SECOND


class DayTable:
    """Days of the years `from_year`..`to_year`: worked or not, certain or not, and running totals of both."""

    def __init__(
        self,
        special: Mapping[date, SpecialDay],
        published: Collection[int],
        hours: OfficeHours,
        from_year: int,
        to_year: int,
    ) -> None:
        self.from_year, self.to_year = from_year, to_year
        self.first = date(from_year, 1, 1).toordinal() - EPOCH_DAY
        self.end = date(to_year, 12, 31).toordinal() - EPOCH_DAY + 1
        length = self.end - self.first
        # 1970-01-01 was a Thursday; in this count Saturday and Sunday are 2 and 3.
        weekday = np.arange(self.first, self.first + length) % 7
        working = (weekday != 2) & (weekday != 3)
        for day, fact in special.items():
            index = day.toordinal() - EPOCH_DAY - self.first
            if 0 <= index < length:
                working[index] = fact.is_working
        self.working_array = working
        self.is_working: list[bool] = working.tolist()
        self.worked_array = _running(working * hours.total)
        self.days_array = _running(working.astype(np.int64))
        self.uncertain_array = _running(_uncertain(from_year, to_year, published))

    @cached_property
    def worked(self) -> list[int]:
        """Office microseconds before each day; one entry more than days. Lists, because bisect is faster on them."""
        return list(self.worked_array.tolist())

    @cached_property
    def days(self) -> list[int]:
        """Working days before each day."""
        return list(self.days_array.tolist())

    @cached_property
    def uncertain(self) -> list[int]:
        """Days without a published calendar before each day."""
        return list(self.uncertain_array.tolist())


def _running(values: NDArray[np.int64]) -> Whole:
    return np.concatenate(([0], np.cumsum(values, dtype=np.int64)))


def is_uncertain(day: date, published: Collection[int]) -> bool:
    """Whether a notice not yet published may still change this day."""
    if day.year not in published:
        return True
    return (day.month, day.day) >= BRIDGE_FROM and day.year + 1 not in published


def _uncertain(from_year: int, to_year: int, published: Collection[int]) -> Whole:
    parts = []
    for year in range(from_year, to_year + 1):
        length = date(year, 12, 31).timetuple().tm_yday
        flags = np.full(length, year not in published, dtype=np.int64)
        if year + 1 not in published:
            flags[date(year, *BRIDGE_FROM).timetuple().tm_yday - 1 :] = 1
        parts.append(flags)
    return np.concatenate(parts)
