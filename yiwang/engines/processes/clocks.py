"""Clocks of limits and timers: everything is derived from the ledger, so every deadline can explain itself.

A clock has a budget (its limit and what was added) on its unit's own time. It burns from the start, stands still
between a stop and the next resume, and rings at shares of the budget. Pure functions over `state.Clock`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from yiwang.engines.directory.spec import Limit
from yiwang.engines.processes.state import ALARMS, Clock

if TYPE_CHECKING:  # The directory's api brings its tables; a step needs none of them.
    from yiwang.engines.directory.api import Deadline, WorkingCalendar

STOP, RESUME, EXTEND = "stop", "resume", "extend"


class Stretch(NamedTuple):
    """A time in which a clock ran, up to `end` (None: still running)."""

    start: datetime
    end: datetime | None


def stretches(clock: Clock) -> Iterator[Stretch]:
    """The times in which the clock ran, in order."""
    running: datetime | None = clock.started_at
    for operation, at, _ in clock.ledger:
        if operation == STOP and running is not None:
            yield Stretch(running, datetime.fromisoformat(at))
            running = None
        elif operation == RESUME and running is None:
            running = datetime.fromisoformat(at)
    if running is not None:
        yield Stretch(running, None)


def budget(calendar: WorkingCalendar, clock: Clock) -> float:
    """Seconds of the limit and its extensions on the unit's own time."""
    added = [amount for operation, _, amount in clock.ledger if operation == EXTEND] if clock.ledger else ()
    return calendar.seconds(_limit(clock.unit, clock.amount, *added))


@lru_cache(maxsize=4096)
def _limit(unit: str, *amounts: str) -> Limit:
    return Limit(sum(map(Decimal, amounts), Decimal(0)), unit)


def ring(calendar: WorkingCalendar, clock: Clock, share: int = 100) -> Deadline:
    """The instant at which `share` percent of the budget is used; for a stopped clock as if it resumed at its stop."""
    return _ring(calendar, clock, budget(calendar, clock) * share / 100)


def _ring(calendar: WorkingCalendar, clock: Clock, left: float) -> Deadline:
    if not clock.ledger:
        return calendar.add_seconds(clock.started_at, left, clock.unit)
    last = clock.started_at
    for stretch in stretches(clock):
        if stretch.end is None:
            return calendar.add_seconds(stretch.start, left, clock.unit)
        used = calendar.elapsed(stretch.start, stretch.end, clock.unit)
        if used >= left:
            return calendar.add_seconds(stretch.start, left, clock.unit)
        left, last = left - used, stretch.end
    return calendar.add_seconds(last, left, clock.unit)


def used(calendar: WorkingCalendar, clock: Clock, at: datetime) -> float:
    """Seconds burnt by instant `at`."""
    if not clock.ledger:
        return calendar.elapsed(clock.started_at, at, clock.unit)
    return sum(calendar.elapsed(run.start, run.end or at, clock.unit) for run in stretches(clock))


def started(
    calendar: WorkingCalendar,
    limit: Limit,
    at: datetime,
    *,
    no: int,
    token: int,
    kind: str,
    node: int,
    marks: tuple[int, ...] = (),
    ledger: tuple[tuple[str, str, str], ...] = (),
    begun_at: datetime | None = None,
    mark: int = 0,
) -> Clock:
    """A new clock running from `at`; `begun_at`, `ledger` and `mark` carry on an earlier one."""
    begin = begun_at or at
    clock = Clock(no, token, kind, node, str(limit.amount), limit.unit, begin, begin, False, None, mark, ledger)
    return timed(calendar, clock, marks)


def timed(calendar: WorkingCalendar, clock: Clock, marks: tuple[int, ...]) -> Clock:
    """The clock with `due_at` and `next_at` derived anew from its ledger. Marks already raised stay raised."""
    whole = budget(calendar, clock)
    due = _ring(calendar, clock, whole)
    upcoming = None
    if clock.is_stopped:
        pass
    elif clock.kind in ALARMS:
        upcoming = due.at
    elif clock.mark < len(marks):
        share = marks[clock.mark]
        upcoming = due.at if share == 100 else _ring(calendar, clock, whole * share / 100).at
    return clock._replace(due_at=due.at, is_provisional=due.is_provisional, next_at=upcoming)


def noted(
    calendar: WorkingCalendar, clock: Clock, marks: tuple[int, ...], operation: str, at: datetime, amount: str = "0"
) -> Clock:
    """The clock after a stop, a resume or an extension."""
    ledger = (*clock.ledger, (operation, at.isoformat(), amount))
    is_stopped = operation == STOP or (clock.is_stopped and operation != RESUME)
    return timed(calendar, clock._replace(ledger=ledger, is_stopped=is_stopped), marks)
