"""Clocks with stops and extensions equal an oracle that lets time pass minute by minute, ten thousand times."""

from __future__ import annotations

import random

import pytest

from yiwang.engines.directory.spec import UNITS, Limit, working_days
from yiwang.engines.processes import clocks
from yiwang.engines.processes.state import Clock
from yiwang.engines.working_time.seed import seed_calendar
from yiwang.engines.working_time.tests import minutes
from yiwang.kernel.clock import china

CALENDAR = seed_calendar()
PORTIONS, CLOCKS = 10, 1_000
MOST = {"urgent_hour": 120, "calendar_day": 30, "working_hour": 40, "working_day": 15, "statutory_day": 25}
FIRST, LAST = minutes.minute_of(china(2018, 3, 1)), minutes.minute_of(china(2025, 1, 1))


class Drawn:
    """A clock and, beside it, what the oracle needs: amounts added up, and pauses in minutes."""

    def __init__(self, rng: random.Random) -> None:
        self.unit = rng.choice(sorted(UNITS))
        self.amount = rng.randint(1, MOST[self.unit])
        self.start = rng.randint(FIRST, LAST)
        self.pauses: minutes.Pauses = []
        at = minutes.instant_of(self.start)
        self.clock = clocks.started(CALENDAR, Limit(self.amount, self.unit), at, no=1, token=1, kind="task", node=0)
        self.at = self.start
        for _ in range(rng.randint(0, 3)):
            self._interrupt(rng)
        self.is_stopped = rng.random() < 0.2
        if self.is_stopped:
            self._note(rng.randint(0, 4_000), clocks.STOP)

    def _interrupt(self, rng: random.Random) -> None:
        if rng.random() < 0.4:
            added = rng.randint(1, 5)
            self.amount += added
            self._note(rng.randint(0, 5_000), clocks.EXTEND, str(added))
            return
        self._note(rng.choice((0, rng.randint(1, 90), rng.randint(1, 9_000))), clocks.STOP)
        stopped = self.at
        self._note(rng.choice((0, rng.randint(1, 90), rng.randint(1, 30_000))), clocks.RESUME)
        self.pauses.append((stopped, self.at))

    def _note(self, wait: int, operation: str, amount: str = "0") -> None:
        self.at += wait
        self.clock = clocks.noted(CALENDAR, self.clock, (), operation, minutes.instant_of(self.at), amount)


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_a_deadline_equals_the_minute_by_minute_oracle(portion: int) -> None:
    rng = random.Random(portion)
    for _ in range(CLOCKS):
        drawn = Drawn(rng)
        expected = minutes.deadline(drawn.unit, drawn.start, drawn.amount, drawn.pauses)
        assert minutes.minute_of(drawn.clock.due_at) == expected, drawn.clock
        assert not drawn.clock.is_provisional
        seen = drawn.at + rng.randint(0, 20_000)
        asleep = [*drawn.pauses, (drawn.at, seen)] if drawn.is_stopped else drawn.pauses
        burnt = minutes.used(drawn.unit, drawn.start, asleep, seen)
        factor = CALENDAR.day_seconds if drawn.unit == "statutory_day" else 60
        assert clocks.used(CALENDAR, drawn.clock, minutes.instant_of(seen)) == pytest.approx(burnt * factor, abs=1e-3)


def two_days() -> Clock:
    """Two working days from the last morning before the national holiday of 2021."""
    return clocks.started(CALENDAR, working_days(2), china(2021, 9, 30, 10), no=1, token=1, kind="task", node=0)


def test_two_days_over_the_national_holiday() -> None:
    assert two_days().due_at == china(2021, 10, 9, 10)


def test_a_pause_of_four_working_hours_moves_it_to_the_afternoon() -> None:
    stopped = clocks.noted(CALENDAR, two_days(), (), clocks.STOP, china(2021, 9, 30, 11))
    resumed = clocks.noted(CALENDAR, stopped, (), clocks.RESUME, china(2021, 9, 30, 17))
    assert CALENDAR.elapsed(china(2021, 9, 30, 11), china(2021, 9, 30, 17), "working_hour") == 4 * 3600
    assert resumed.due_at == china(2021, 10, 9, 16)


def test_a_limit_that_ends_in_a_year_not_announced_says_so_and_is_derived_anew() -> None:
    clock = clocks.started(CALENDAR, working_days(20), china(2026, 12, 21, 10), no=1, token=1, kind="task", node=0)
    assert clock.is_provisional and clock.due_at.year == 2027
    from yiwang.engines.working_time.calculator import WorkingCalendar
    from yiwang.engines.working_time.table import SpecialDay

    off = {china(2027, 1, day).date(): SpecialDay(False, "元旦") for day in (4, 5)}
    announced = WorkingCalendar({**CALENDAR.special, **off}, CALENDAR.published | {2027, 2028})
    moved = clocks.timed(announced, clock, ())
    assert not moved.is_provisional
    assert announced.elapsed(clock.due_at, moved.due_at, "working_day") == 2 * announced.day_seconds
