"""Why each deadline of a case is when it is: every stretch of its clock, counted or not, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.engines.cases.selectors.views import CaseView
from yiwang.engines.directory.api import Deadline, Interval, WorkingCalendar, explained, working_calendar
from yiwang.engines.processes.api import ALARMS, Clock, clocks
from yiwang.engines.processes.api import limit_of as limit_from
from yiwang.kernel.clock import CHINA, now

_REASONS = {clocks.STOP: "计时停止", clocks.RESUME: "计时恢复", clocks.EXTEND: "批准延期"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a clock's ledger: what, when, and by how much (units of the limit)."""

    title: str
    at: datetime
    amount: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline explained. `used` and `budget` are seconds on the unit's own time (a statutory day is `day_seconds`);
    `missing` are the years whose calendar is not published and may move it."""

    title: str
    limit: str
    clock: Clock
    used: float
    budget: float
    ledger: tuple[Entry, ...]
    intervals: tuple[Interval, ...]
    missing: tuple[int, ...]
    day_seconds: int


def clock_views(view: CaseView) -> list[ClockView]:
    """The limits of a case: the whole first, then the tasks. Timers and days that are waited for are no limits."""
    calendar = working_calendar()
    limits = sorted((c for c in view.state.clocks.values() if c.kind not in ALARMS), key=lambda c: (c.token != 0, c.no))
    return [_view(view, calendar, clock) for clock in limits]


def _view(view: CaseView, calendar: WorkingCalendar, clock: Clock) -> ClockView:
    title = "全程" if clock.kind == "case" else view.graph.nodes[clock.node].title
    limit = limit_from({"amount": clock.amount, "unit": clock.unit})
    intervals = tuple(_intervals(calendar, clock))
    ledger = tuple(
        Entry(_REASONS[what], datetime.fromisoformat(at), amount if what == clocks.EXTEND else "")
        for what, at, amount in clock.ledger
    )
    return ClockView(
        title, limit.title if limit else "", clock, clocks.used(calendar, clock, now()),
        clocks.budget(calendar, clock), ledger, intervals, _missing(calendar, intervals),
        calendar.day_seconds,
    )  # fmt: skip


def _intervals(calendar: WorkingCalendar, clock: Clock) -> Iterator[Interval]:
    """The stretches in which the clock ran, and the stops between them, up to the deadline."""
    last: datetime | None = None
    for stretch in clocks.stretches(clock):
        if last is not None and last < stretch.start:
            yield Interval(last, stretch.start, False, "计时停止")
        last = min(stretch.end or clock.due_at, clock.due_at)
        yield from explained(Deadline(last, False, stretch.start, clock.unit, calendar))
        if last >= clock.due_at:
            return
    if last is not None and clock.is_stopped:
        yield from _rest(calendar, clock, last)


def _rest(calendar: WorkingCalendar, clock: Clock, stopped_at: datetime) -> Iterator[Interval]:
    """A clock that stands still: the stop so far. What is left begins only when it runs again."""
    if stopped_at < now():
        yield Interval(stopped_at, now(), False, "计时停止，至今未恢复")


def _missing(calendar: WorkingCalendar, intervals: Iterable[Interval]) -> tuple[int, ...]:
    days = {day for one in intervals if one.is_provisional for day in (one.start, one.end - timedelta(seconds=1))}
    return tuple(sorted({_unpublished(calendar, day.astimezone(CHINA).date()) for day in days}))


def _unpublished(calendar: WorkingCalendar, day: date) -> int:
    """The year whose notice a date waits for: its own, or the next one for the last days of December."""
    return day.year + 1 if day.year in calendar.published else day.year
