"""Answers: figures with what they were counted from. The actor comes first; nobody's rows are counted for others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from yiwang.engines.cockpit.indicators.asking import Question, Statement, figures_of_dataset, joined
from yiwang.engines.cockpit.indicators.catalogue import Declared, indicators
from yiwang.engines.cockpit.indicators.rounding import difference, growth, percent, quotient
from yiwang.engines.cockpit.spec import Indicator
from yiwang.engines.datahub.api import READ_FACTS, Known, known_datasets, may_read
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.kernel.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class Figure:
    """What was counted: `numerator` of `denominator`. A figure that could not be counted has None for both."""

    indicator: Indicator
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """In the indicator's unit; None where there is nothing to divide by, or nothing to count."""
        if self.numerator is None:
            return None
        if self.indicator.kind == "rate":
            return percent(self.numerator, self.denominator)
        if self.indicator.kind == "average":
            return quotient(self.numerator, self.denominator, self.indicator.scale)
        return self.numerator

    def change_from(self, base: Figure) -> Decimal | None:
        """Percentage points for rates, percent of the base for amounts; None where that cannot be said."""
        if self.indicator.kind == "rate":
            return difference(self.value, base.value)
        return growth(self.value, base.value)


@dataclass(frozen=True)
class Answer:
    """Figures by (number of the period, group, value of the group), ('' and '' for all), then by indicator's key."""

    question: Question
    figures: Mapping[tuple[int, str, str], Mapping[str, Figure]]
    datasets: Mapping[str, Known]
    statement: str
    counted_at: datetime | None

    def figure(self, key: str, period: int = 0, group: str = "", value: str = "") -> Figure:
        """One figure. Where no fact was found amounts are zero and rates have no value."""
        found = self.figures.get((period, group, value), {}).get(key)
        if found is not None:
            return found
        declared = indicators()[key]
        is_counted = self.is_counted(key) and (not group or declared.allows(group))
        return Figure(declared.indicator, Decimal(0), Decimal(0)) if is_counted else Figure(declared.indicator)

    def is_counted(self, key: str) -> bool:
        """Whether the facts it needs are there."""
        known = self.datasets.get(indicators()[key].dataset_key)
        return known is not None and known.is_ready

    def values_of(self, group: str) -> list[str]:
        """Values of a group that has facts in some period, in order."""
        return sorted({value for _, name, value in self.figures if name == group})

    @property
    def reaches(self) -> datetime | None:
        """Up to when every change is in all of the figures; None when some are not counted yet."""
        instants = [known.reaches for known in self._used() if known.is_ready]
        return min((at for at in instants if at is not None), default=None)

    def _used(self) -> list[Known]:
        wanted = dict.fromkeys(indicators()[key].dataset_key for key in self.question.indicators)
        return [self.datasets[key] for key in wanted if key in self.datasets]


def declared_indicator(key: str) -> Declared:
    """NotFound for a key nobody declares."""
    found = indicators().get(key)
    if found is None:
        raise NotFound
    return found


def answer(actor: Actor, question: Question, *, is_published: bool = False) -> Answer:
    """Count everything that is asked, in one statement over the facts, as far as the actor reaches.

    `is_published` counts over all towns for whoever may see figures at all: only for tables somebody published.
    NotAllowed without the verb.
    """
    known = known_datasets(actor)
    by_dataset: dict[str, list[Declared]] = {}
    for key in question.indicators:
        declared = declared_indicator(key)
        if declared.dataset_key in known and known[declared.dataset_key].is_ready:
            by_dataset.setdefault(declared.dataset_key, []).append(declared)
    reach = (SYSTEM if is_published else actor).reach(READ_FACTS)
    asked = list(by_dataset.values())
    parts = [figures_of_dataset(number, some, question, reach) for number, some in enumerate(asked)]
    if not parts:
        return Answer(question, {}, known, "", None)
    statement = joined(parts)
    return Answer(question, _counted(statement, asked, question), known, composed(statement), question.cutoff)


def _counted(
    statement: Statement, asked: list[list[Declared]], question: Question
) -> dict[tuple[int, str, str], dict[str, Figure]]:
    figures: dict[tuple[int, str, str], dict[str, Figure]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement.text, statement.values)
        for number, period, place, value, sums in cursor.fetchall():
            group = question.groups[place] if place >= 0 else ""
            row = figures.setdefault((period, group, value or ""), {})
            for index, declared in enumerate(asked[number]):
                if not group or declared.allows(group):
                    row[declared.key] = Figure(declared.indicator, sums[2 * index], sums[2 * index + 1])
    return figures


def composed(statement: Statement) -> str:
    """The SQL with its values in place, for people to read and run."""
    operations: Any = connection.ops  # Only those of PostgreSQL compose; the stubs know what all have.
    return str(operations.compose_sql(statement.text, statement.values))


def require_facts(actor: Actor) -> None:
    """NotAllowed unless the actor may look at figures somewhere."""
    if not may_read(actor):
        raise NotAllowed
