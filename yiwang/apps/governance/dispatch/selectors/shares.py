"""小事不出村、中事不出镇、大事不出区: where closed incidents were solved, from the facts of the statistics."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from time import monotonic

from yiwang.apps.governance.dispatch.centres import Centre
from yiwang.apps.governance.dispatch.incidents import SOLVED
from yiwang.engines.cockpit.api import Period, Question, answer, indicators, period_of, today
from yiwang.engines.directory.api import SYSTEM, Actor

KIND = "month"
"""The period shown: this one of its kind."""
KEPT_FOR = 60.0
"""Seconds. A month of a million cases takes longer to count than the rest of the page, and its share hardly moves."""


@dataclass(frozen=True, slots=True)
class Share:
    """One level: `solved` of `closed` incidents, and the percentage (None where none is closed)."""

    level: str
    title: str
    solved: int
    closed: int
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Shares:
    """The three levels, lowest first; empty while the facts are not counted yet or nobody declares them."""

    period: Period
    rows: tuple[Share, ...]


_kept: dict[Centre, tuple[float, Shares]] = {}
"""By centre: until when, and what was counted. Centres are a handful for each town."""


def recent_shares(actor: Actor, centre: Centre) -> Shares:
    """`shares` as they were at most a minute ago, for a page that people look at all day."""
    until, known = _kept.get(centre, (0.0, None))
    is_fresh = known is not None and monotonic() < until and known.period == period_of(KIND, today())
    if known is not None and is_fresh and not actor.is_anonymous:
        return known
    found = shares(actor, centre)
    if found.rows:
        _kept[centre] = monotonic() + KEPT_FOR, found
    return found


def shares(actor: Actor, centre: Centre) -> Shares:
    """Of the centre alone. Whoever commands a centre may know its own sums, also without a post in the statistics."""
    period = period_of(KIND, today())
    if actor.is_anonymous or not set(SOLVED.values()) <= set(indicators()):
        return Shares(period, ())
    only = {} if centre.organisation is None else {"department": str(centre.organisation)}
    found = answer(SYSTEM, Question(tuple(SOLVED.values()), (period,), within=centre.division, only=only))
    if not all(found.is_counted(key) for key in SOLVED.values()):
        return Shares(period, ())
    figures = {level: found.figure(key) for level, key in SOLVED.items()}
    return Shares(
        period,
        tuple(
            Share(level, one.indicator.title, int(one.numerator or 0), int(one.denominator or 0), one.value)
            for level, one in figures.items()
        ),
    )
