"""Coverage: of the places due in a period, how many were visited in it; by town, village or cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection

from yiwang.apps.governance.patrol.intervals import interval_of
from yiwang.apps.governance.patrol.kinds import PLACE_KINDS, RISKS
from yiwang.apps.governance.patrol.selectors.scoping import SUPERVISE, reach_of
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import CHINA

_HERE = Path(__file__).parent
_COVERAGE = (_HERE / "coverage.sql").read_text(encoding="utf-8")
_COUNTS = (_HERE / "visit_counts.sql").read_text(encoding="utf-8")
NEXT_LENGTH = {6: 9, 9: 12, 12: 16, 16: 16}
PERIODS = {"week": "本周", "month": "本月", "quarter": "近90天"}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `begin` to before `end`."""

    begin: date
    end: date

    def instants(self) -> tuple[datetime, datetime]:
        """Its bounds in Chinese civil time."""
        first, last = (datetime.combine(day, time(), CHINA) for day in (self.begin, self.end))
        return first, last


def period_named(name: str, on: date) -> Period:
    """The running week, the running month, or the last 90 days; up to and including `on`."""
    begins = {
        "week": on - timedelta(days=on.weekday()), "month": on.replace(day=1), "quarter": on - timedelta(days=89),
    }  # fmt: skip
    return Period(begins.get(name, begins["week"]), on + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Covered:
    """Figures of one part of a division."""

    code: str
    places: int = 0
    due: int = 0
    covered: int = 0
    visits: int = 0
    findings: int = 0
    serious: int = 0
    duplicates: int = 0
    refused: int = 0
    late: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Visited of due, 0 to 1; None when nothing was due."""
        return Decimal(self.covered) / self.due if self.due else None

    @property
    def missed(self) -> int:
        return self.due - self.covered


def coverage(actor: Actor, division: str, period: Period) -> list[Covered]:
    """The parts of a division one level down (a cell: itself), as far as the actor supervises them. Two statements."""
    prefixes = reach_of(actor, SUPERVISE, division)
    if not prefixes:
        return []
    begin, end = period.instants()
    facts: dict[str, Any] = {
        "length": NEXT_LENGTH[len(division)], "prefixes": [f"{prefix}%" for prefix in prefixes],
        "low": prefixes[0], "high": f"{prefixes[-1]}:", "begin": begin, "end": end, "begin_on": period.begin,
        "end_on": period.end, **_terms(period.begin),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_COVERAGE, facts)
        ground: dict[str, Sequence[int]] = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_COUNTS, facts)
        counts: dict[str, Sequence[int]] = {row[0]: row[1:] for row in cursor.fetchall()}
    parts = sorted(ground.keys() | counts.keys())
    return [Covered(part, *ground.get(part, (0, 0, 0)), *counts.get(part, (0,) * 6)) for part in parts]


def _terms(on: date) -> dict[str, list[Any]]:
    pairs = [(kind, risk) for kind in PLACE_KINDS for risk in RISKS]
    days = [interval_of(kind, risk, on).days for kind, risk in pairs]
    return {"kinds": [kind for kind, _ in pairs], "risks": [risk for _, risk in pairs], "days": days}


def total(rows: Sequence[Covered], code: str) -> Covered:
    """The sum of the parts."""
    names = ("places", "due", "covered", "visits", "findings", "serious", "duplicates", "refused", "late")
    return Covered(code, *(sum(getattr(row, name) for row in rows) for name in names))
