"""Credit: scores and months as one reckons them by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from yiwang.apps.governance.credit.rules import Rule
from yiwang.apps.governance.credit.scoring import Fact, score_of
from yiwang.apps.governance.credit.services.counting import later
from yiwang.kernel.clock import china

RULES = {"late": Rule(-4, 10, 0, 6, 30, ""), "good": Rule(2, 0, 20, 0, None, "")}


@pytest.mark.parametrize(
    ("facts", "days", "expected"),
    [
        ([("late", 0, None)], 0, 96.0),
        ([("late", 0, None)], 20, 99.0),  # two half-lives leave a quarter
        ([("late", 0, None), ("late", 0, None)], 0, 94.0),  # the cap of a month
        ([("late", 0, None), ("late", 31, None)], 31, 100 - 4 - 4 * 0.5**3.1),  # another month, another cap
        ([("good", 0, None)], 5, 101.5),  # a quarter has run out evenly
        ([("good", 0, None)], 40, 100.0),
        ([("late", 0, None), ("freeze", 1, 1)], 2, 100.0),
        ([("late", 0, None), ("freeze", 1, 1), ("release", 2, 1)], 10, 98.0),
        ([("late", 0, None), ("withdraw", 5, 1)], 4, 100 - 4 * 0.5**0.4),  # what was so then stays so
        ([("late", 0, None), ("late", 0, None), ("withdraw", 0, 1)], 0, 96.0),  # what is taken back uses no cap
        ([("late", 0, None), ("freeze", 1, 1), ("withdraw", 2, 1), ("release", 3, 1)], 4, 100.0),  # gone is gone
        ([("late", 0, None), ("freeze", 1, 1), ("repair", 2, 1), ("release", 3, 1)], 4, 100.0),
        ([("unknown", 0, None)], 0, 100.0),
    ],
)
def test_a_score_is_what_one_reckons_by_hand(facts, days, expected):
    begin = china(2021, 5, 1, 9)
    told_facts = [
        Fact(number, event, begin + timedelta(days=day), target)
        for number, (event, day, target) in enumerate(facts, start=1)
    ]
    found = score_of(told_facts, "department", begin + timedelta(days=days), lambda event, kind, on: RULES.get(event))
    assert found.score == pytest.approx(expected, abs=0.006)
    assert found.score == pytest.approx(100 + sum(line.effect for line in found.lines), abs=0.006)


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2021, 12, 31), 2, date(2022, 2, 28)), (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2021, 3, 1), -3, date(2020, 12, 1)), (date(2021, 10, 31), 6, date(2022, 4, 30)),
    ],
)  # fmt: skip
def test_months_on_the_day_is_the_same_or_the_last(on, months, expected):
    assert later(on, months) == expected
