"""How often a place is visited and between which hours: a book of rules by kind and risk. Its figures are proposals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from yiwang.apps.governance.patrol.kinds import PLACE_KINDS, RISKS
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.clock import CHINA

BOOK = "patrol.intervals"
BEGIN = date(2020, 1, 1)
DAYS = {"high": 7, "middle": 30, "low": 90}
HOURS = {"small_venue": (9, 24), "school": (7, 19)}
ANY_HOURS = (7, 22)
INTERVALS = Book(
    key="intervals",
    title="巡查频次与时段",
    hint="每类场所多少天巡查一次，几时至几时打卡有效。",
    inputs=(Input("kind", "场所类别", options=PLACE_KINDS), Input("risk", "风险等级", options=RISKS)),
    outputs=(
        Output("days", "巡查间隔（天）", kind="whole", is_required=True),
        Output("opens", "最早时刻（时）", kind="whole", is_required=True),
        Output("closes", "最迟时刻（时）", kind="whole", is_required=True),
    ),
)


class Interval(NamedTuple):
    """`days` between visits; a check-in counts from `opens` o'clock to before `closes` o'clock, Chinese time."""

    days: int
    opens: int
    closes: int

    def is_open(self, at: datetime) -> bool:
        """Whether an instant (aware) lies in the window."""
        return self.opens <= at.astimezone(CHINA).hour < self.closes


def interval_of(kind: str, risk: str, on: date) -> Interval:
    """The interval and the hours of a place by the rules in force on a day; our proposal where no edition says."""
    # The door of the rules opens after Django has started, and an `app.py` is read before.
    from yiwang.engines.rulebooks.api import consult

    rule = consult(BOOK, {"kind": kind, "risk": risk}, on)
    if rule is None:
        return Interval(DAYS[risk], *HOURS.get(kind, ANY_HOURS))
    return Interval(max(1, rule["days"]), rule["opens"], rule["closes"])


def install_intervals() -> int:
    """The first edition, once; how many rules."""
    from yiwang.engines.rulebooks.api import install_edition

    made = install_edition(BOOK, list(_first_edition()), BEGIN, basis="建议值，由区自行修订")
    return made.rules.count() if made is not None else 0


def _first_edition() -> Iterator[dict[str, Any]]:
    for risk, days in DAYS.items():
        yield {"risk": risk, "days": days, "opens": ANY_HOURS[0], "closes": ANY_HOURS[1]}
        for kind, (opens, closes) in HOURS.items():
            yield {"kind": kind, "risk": risk, "days": days, "opens": opens, "closes": closes}
