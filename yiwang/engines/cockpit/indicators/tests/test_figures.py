"""Numbers and periods by hand: half up, no base no rate, quarters, leap days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from yiwang.engines.cockpit.api import (
    Rule,
    difference,
    growth,
    percent,
    period_of,
    quotient,
    read_period,
    rounded,
    total,
)
from yiwang.engines.cockpit.spec import Indicator
from yiwang.engines.datahub.spec import Column, Dataset, Source
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import InvalidInput, SpecError


@pytest.mark.parametrize(
    ("above", "below", "value"),
    [
        (2, 3, "66.67"), (1, 8, "12.50"), (1, 3, "33.33"), (1, 6, "16.67"), (1, 800, "0.13"), (3, 800, "0.38"),
        (1, 16000, "0.01"), (0, 5, "0.00"), (5, 5, "100.00"), (0, 0, None), (3, 0, None), (1, None, None),
    ],
)  # fmt: skip
def test_a_rate_has_two_decimals_half_up_or_is_none(above, below, value):
    assert percent(above, below) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("value", "shown"), [("0.125", "0.13"), ("0.005", "0.01"), ("-0.125", "-0.13"), ("2.675", "2.68")]
)
def test_half_goes_up(value, shown):
    assert rounded(Decimal(value)) == Decimal(shown)


def test_comparisons_say_nothing_without_a_base():
    assert growth(Decimal(12), Decimal(10)) == Decimal("20.00")
    assert growth(Decimal(0), Decimal(8)) == Decimal("-100.00")
    assert (
        growth(Decimal(5), Decimal(0)) is None and growth(Decimal(5), None) is None and growth(None, Decimal(5)) is None
    )
    assert difference(Decimal("66.67"), Decimal(0)) == Decimal("66.67"), "a rate of zero is a base"
    assert difference(Decimal("66.67"), None) is None
    assert quotient(7300, 2, 3600) == Decimal("1.01") and quotient(0, 0) is None


@pytest.mark.parametrize(
    ("code", "first", "last", "before", "year_before"),
    [
        ("month:2024-03-15", "2024-03-01", "2024-03-31", "month:2024-02-01", "month:2023-03-01"),
        ("quarter:2024-12-31", "2024-10-01", "2024-12-31", "quarter:2024-07-01", "quarter:2023-10-01"),
        ("quarter:2023-02-01", "2023-01-01", "2023-03-31", "quarter:2022-10-01", "quarter:2022-01-01"),
        ("week:2021-10-10", "2021-10-04", "2021-10-10", "week:2021-09-27", "week:2020-10-05"),
        ("day:2024-02-29", "2024-02-29", "2024-02-29", "day:2024-02-28", "day:2023-02-28"),
        ("year:2024-05-01", "2024-01-01", "2024-12-31", "year:2023-01-01", "year:2023-01-01"),
        (
            "custom:2024-03-01~2024-03-10", "2024-03-01", "2024-03-10", "custom:2024-02-20~2024-02-29",
            "custom:2023-03-01~2023-03-10",
        ),
    ],
)  # fmt: skip
def test_periods_know_their_days_and_what_came_before(code, first, last, before, year_before):
    found = read_period(code)
    assert (str(found.first), str(found.last)) == (first, last)
    assert (found.before.code, found.year_before.code) == (before, year_before)
    assert read_period(found.code) == found


@pytest.mark.parametrize(
    "code",
    ["month:2024-13-01", "moon:2024-01-01", "custom:2024-02-02~2024-01-01", "custom:2001-01-01~2024-01-01", "month:x"],
)
def test_a_period_that_is_none_is_refused(code):
    with pytest.raises(InvalidInput):
        read_period(code)


def test_a_period_is_counted_as_of_its_end_or_of_now():
    with frozen(china(2021, 10, 12, 8)):
        running, past = period_of("month", date(2021, 10, 1)), period_of("month", date(2021, 9, 30))
        assert (running.is_over, running.cutoff) == (False, china(2021, 10, 12, 8))
        assert (past.is_over, past.cutoff, past.ends) == (True, china(2021, 10, 1), running.begins)
        assert running.after is None and past.after == running


@pytest.mark.parametrize(
    ("rate", "rule", "points"),
    [
        ("70", (70, 50, 1), "50.00"), ("100", (70, 50, 1), "50.00"), ("69.5", (70, 50, 1), "49.50"),
        ("10", (70, 50, 1), "0.00"), ("98", (100, 0, "0.5"), "-1.00"), ("100", (100, 0, "0.5"), "0.00"),
        (None, (70, 50, 1), None),
    ],
)  # fmt: skip
def test_points_fall_below_the_threshold(rate, rule, points):
    found = Rule(*(Decimal(part) for part in rule)).score(None if rate is None else Decimal(rate))
    assert found == (None if points is None else Decimal(points))


def test_what_is_not_scored_does_not_count():
    assert total([Decimal(50), None, Decimal("-1.5")]) == Decimal("48.5") and total([None]) is None


def test_an_indicator_that_does_not_fit_stops_the_start():
    dataset = Dataset(
        key="boxes", title="箱", grain="每箱一行", keys=("id",), division="area", at="at", sources=(Source("box"),),
        columns=(Column("id", "箱", "id"), Column("area", "区划"), Column("at", "时间", "instant")),
    )  # fmt: skip
    facts = {"key": "share", "title": "率", "dataset": dataset, "kind": "rate", "numerator": "at <= :cutoff"}
    Indicator(**facts)
    for wrong, told in (
        ({"numerator": "att <= :cutoff"}, "Did you mean 'at'"),
        ({"kind": "ratio"}, "Did you mean 'rate'"),
    ):
        with pytest.raises(SpecError, match=told):
            Indicator(**(facts | wrong))
