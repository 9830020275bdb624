"""The ladder of measures: which violation within how many months brings which step. All of it is a *proposal*."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from yiwang.apps.governance.non_motor.kinds import STEPS
from yiwang.engines.rulebooks.api import install_edition, rows
from yiwang.engines.rulebooks.spec import Book, Input, Output

BEGIN = date(2020, 1, 1)
BOOK = "non_motor.measures"
MEASURES = Book(
    key="measures",
    title="非机动车处理阶梯",
    inputs=(Input("step", "处理", options=STEPS, is_required=True),),
    outputs=(
        Output("nth", "第几次起", kind="whole", is_required=True),
        Output("months", "几个月内", kind="whole", is_required=True),
    ),
    hint="同一车主名下各车合并计算；够得上几档的取最重一档，同一档在期内只办一次。建议值。",
)
_FIRST = (("remind", 1, 12), ("interview", 2, 12), ("penalty", 3, 12), ("transfer", 5, 12))


class Rung(NamedTuple):
    """A step of the ladder: from the `nth` violation within `months`."""

    step: str
    nth: int
    months: int


def ladder(on: date) -> list[Rung]:
    """The steps in force on a day, the gravest first."""
    found = [Rung(row["step"], row["nth"], row["months"]) for row in rows(BOOK, on)]
    return sorted(found, key=lambda rung: -rung.nth)


def install_ladder() -> int:
    """The first edition, once; how many rules."""
    given = [{"step": step, "nth": nth, "months": months} for step, nth, months in _FIRST]
    made = install_edition(BOOK, given, BEGIN, basis="建议值，由区自行修订")
    return made.rules.count() if made is not None else 0
