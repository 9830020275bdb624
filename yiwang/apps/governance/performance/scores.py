"""Scores of towns and departments by a rule one can set: full points from a threshold on, less below.

The first edition follows a rule as a city elsewhere published it (金华; `standards.md` 1.4). Whether Nanhai scores so
is in no public page seen: a proposal, kept as a rulebook with dates of effect. Points for single failed checks, false
handling and shirking need findings of assessors and are not scored here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from yiwang.apps.governance.performance import formulas
from yiwang.engines.cockpit.spec import Indicator
from yiwang.engines.rulebooks.spec import Book, Input, Output

if TYPE_CHECKING:
    from yiwang.engines.cockpit.api import Rule

BEGINS = date(2020, 1, 1)
BOOK = "performance.scores"
SCORED: tuple[Indicator, ...] = (
    formulas.NET_ON_TIME_CLOSING, formulas.NET_CLOSING, formulas.URGENT_CLOSING, formulas.URGENT_ON_TIME_CLOSING,
    formulas.SETTLING, formulas.ON_TIME_HANDLING, formulas.REWORKING, formulas.ACCURATE, formulas.SATISFIED,
)  # fmt: skip
"""What a rule may be about; a row of the book says whether it is."""

SCORES = Book(
    key="scores",
    title="评分规则",
    inputs=(Input("indicator", "指标", options={one.key: one.title for one in SCORED}, is_required=True),),
    outputs=(
        Output("threshold", "达标线（%）", kind="number", is_required=True),
        Output("points", "满分", kind="number", is_required=True),
        Output("loss", "每低一个百分点扣分", kind="number", is_required=True),
    ),
    hint="达标得满分，每低一个百分点扣相应分数，不足一个百分点按比例；满分填 0 表示只扣分。建议值。",
)
FIRST_EDITION: tuple[dict[str, object], ...] = (
    {"indicator": "net_on_time_closing_rate", "threshold": 70, "points": 50, "loss": 1},
    {"indicator": "net_closing_rate", "threshold": 90, "points": 20, "loss": 1},
    {"indicator": "urgent_closing_rate", "threshold": 100, "points": 0, "loss": 0.5},
    {"indicator": "urgent_on_time_closing_rate", "threshold": 95, "points": 0, "loss": 0.5},
)


def rules_of(on: date) -> dict[str, Rule]:
    """The rules in force on a day, by key of the indicator; a past period is judged by the rules of its last day."""
    # The doors open after Django has started, and an `app.py` is read before.
    from yiwang.engines.cockpit.api import Rule
    from yiwang.engines.rulebooks.api import consult

    found = {}
    for indicator in SCORED:
        row = consult(BOOK, {"indicator": indicator.key}, on)
        if row is not None:
            found[indicator.key] = Rule(*(Decimal(str(row[name])) for name in ("threshold", "points", "loss")))
    return found
