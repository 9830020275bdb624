"""Deadlines in official working time: known vectors, a minute-by-minute oracle, and years nobody has announced yet."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from django.utils import translation

from yiwang.engines.working_time.calculator import LimitTooLong
from yiwang.engines.working_time.explaining import counted, explained
from yiwang.engines.working_time.seed import seed_calendar, seed_years
from yiwang.engines.working_time.spec import UNITS, Limit, calendar_days, working_days, working_hours
from yiwang.engines.working_time.tests import minutes
from yiwang.kernel.clock import CHINA, china

CALENDAR = seed_calendar()
MOST = {"urgent_hour": 200, "calendar_day": 60, "working_hour": 80, "working_day": 30, "statutory_day": 60}


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2021-09-24", 20, "2021-10-27"),
        ("2021-09-24", 5, "2021-09-30"),
        ("2021-09-30", 5, "2021-10-13"),
        ("2021-02-08", 5, "2021-02-20"),
        ("2021-06-11", 3, "2021-06-17"),
        ("2021-12-22", 20, "2022-01-20"),
    ],
)
@pytest.mark.parametrize("hour", [0, 10, 23])
def test_statutory_days_do_not_count_the_day_of_the_start(start: str, days: int, end: str, hour: int) -> None:
    begin = datetime.combine(date.fromisoformat(start), datetime.min.time(), CHINA) + timedelta(hours=hour)
    found = CALENDAR.add(begin, Limit(days, "statutory_day"))
    assert found.at == datetime.combine(date.fromisoformat(end), datetime.min.time(), CHINA).replace(hour=17, minute=30)
    assert not found.is_provisional


def test_two_working_days_over_the_national_holiday() -> None:
    found = CALENDAR.add(china(2021, 9, 30, 10), working_days(2))
    assert (found.at, found.is_provisional) == (china(2021, 10, 9, 10), False)
    assert CALENDAR.seconds(working_days(2)) == 13 * 3600
    reasons = [item.reason for item in explained(found)]
    assert any("国庆节放假" in reason for reason in reasons)
    assert any("国庆节调休上班日（周六）办公时间" in reason for reason in reasons)


def test_the_same_holiday_explained_in_english() -> None:
    with translation.override("en"):
        reasons = {item.reason for item in explained(CALENDAR.add(china(2021, 9, 30, 10), working_days(2)))}
    assert {"Holiday: National Day (Friday)", "Lunch break", "Thursday, office hours"} <= reasons
    assert "".join(reasons).isascii()


def drawn(rng: random.Random) -> tuple[str, int, int]:
    """(unit, amount, starting minute)."""
    unit = rng.choice(sorted(UNITS))
    first, last = minutes.minute_of(china(2018, 3, 1)), minutes.minute_of(china(2025, 9, 1))
    return unit, rng.randint(1, MOST[unit]), rng.randint(first, last)


@pytest.mark.parametrize("seed", range(5))
def test_any_start_and_limit_equal_the_oracle_minute_by_minute(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(400):
        unit, amount, start = drawn(rng)
        begin = minutes.instant_of(start)
        found = CALENDAR.add(begin, Limit(amount, unit))
        assert minutes.minute_of(found.at) == minutes.deadline(unit, start, amount, []), (begin, amount, unit)
        assert not found.is_provisional


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_many_at_once_are_what_each_is_alone(unit: str) -> None:
    rng = random.Random(unit)
    starts = [china(2018, 3, 1) + timedelta(seconds=rng.randrange(10**9 // 4)) for _ in range(500)]
    amounts = [rng.randint(1, MOST[unit]) for _ in starts]
    column = np.array([start.astimezone(tz=None).timestamp() for start in starts]) * 1_000_000
    due, provisional = CALENDAR.add_many(column.astype("i8").astype("datetime64[us]"), np.array(amounts), unit)
    for start, amount, at, is_unsure in zip(starts, amounts, due, provisional, strict=True):
        alone = CALENDAR.add(start, Limit(amount, unit))
        assert np.datetime64(round(alone.at.timestamp() * 1_000_000), "us") == at
        assert alone.is_provisional == is_unsure


@pytest.mark.parametrize("seed", range(3))
def test_an_explanation_covers_every_second_and_adds_up(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        unit, amount, start = drawn(rng)
        found = CALENDAR.add(minutes.instant_of(start), Limit(amount, unit))
        pieces = explained(found)
        assert (pieces[0].start, pieces[-1].end) == (minutes.instant_of(start), found.at)
        assert all(one.end == two.start for one, two in pairwise(pieces))
        if unit == "statutory_day":
            assert sum(piece.is_counted for piece in pieces) == amount
        else:
            assert counted(pieces).total_seconds() == CALENDAR.seconds(Limit(amount, unit))


class TestYearsNobodyHasAnnounced:
    year = max(seed_years()) + 1

    def test_a_deadline_in_such_a_year_says_that_it_may_move(self) -> None:
        found = CALENDAR.add(china(self.year, 3, 1, 9), working_days(3))
        assert found.is_provisional
        assert found.at.year == self.year
        assert any(piece.is_provisional and "暂按推算" in piece.reason for piece in explained(found))

    def test_so_does_one_that_only_passes_through_it(self) -> None:
        found = CALENDAR.add(china(self.year - 1, 12, 20, 9), working_days(15))
        assert found.is_provisional and found.at.year == self.year

    def test_late_december_may_be_moved_by_the_next_notice(self) -> None:
        assert not CALENDAR.add(china(self.year - 1, 12, 14, 9), working_days(2)).is_provisional
        assert CALENDAR.add(china(self.year - 1, 12, 28, 9), working_days(2)).is_provisional

    def test_time_on_the_wall_is_never_in_doubt(self) -> None:
        assert not CALENDAR.add(china(self.year, 3, 1), calendar_days(9)).is_provisional


def test_what_passed_adds_up_over_any_cut() -> None:
    rng = random.Random(7)
    for unit in sorted(UNITS):
        for _ in range(100):
            first = china(2020, 1, 1) + timedelta(seconds=rng.randrange(10**8))
            middle, last = (first + timedelta(seconds=rng.randrange(5 * 10**6)) for _ in range(2))
            middle, last = sorted((middle, last))
            parts = CALENDAR.elapsed(first, middle, unit) + CALENDAR.elapsed(middle, last, unit)
            assert parts == pytest.approx(CALENDAR.elapsed(first, last, unit), abs=1e-6)


def test_naive_instants_unknown_units_and_endless_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="aware datetime"):
        CALENDAR.add(china(2021, 3, 1).replace(tzinfo=None), working_hours(1))
    with pytest.raises(ValueError, match="Did you mean 'working_day'"):
        CALENDAR.elapsed(china(2021, 3, 1), china(2021, 3, 2), "workng_day")
    with pytest.raises(LimitTooLong):
        CALENDAR.add(china(9990, 3, 1), working_days(9_999))
