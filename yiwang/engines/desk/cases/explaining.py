"""A deadline's stretches as lines of a table: from, to, counted, the sum so far, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext

from yiwang.engines.cases.api import ClockView
from yiwang.engines.desk.cases.showing import pill
from yiwang.engines.desk.cases.verb_forms import COUNTED
from yiwang.kernel.clock import CHINA
from yiwang.ui.components.moments import ClockPill


@dataclass(frozen=True, slots=True)
class Line:
    """Texts to the second. `counted` is '' where the clock stood still."""

    start: str
    end: str
    is_counted: bool
    counted: str
    total: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A clock with its table."""

    view: ClockView
    limit: str
    pill: ClockPill | None
    rate: str
    rows: tuple[Line, ...]


def explained(view: ClockView) -> Explained:
    """All that is shown of one deadline."""
    used = gettext("%(used)s，共 %(budget)s") % {"used": _amount(view, view.used), "budget": _amount(view, view.budget)}
    limit = f"{view.clock.amount} {gettext(COUNTED[view.clock.unit])}"
    return Explained(view, limit, pill(view.clock), used, tuple(_lines(view)))


def _lines(view: ClockView) -> Iterator[Line]:
    total = timedelta()
    for one in view.intervals:
        length = one.end - one.start
        if one.is_counted:
            total += length
        counted = _length(view, length) if one.is_counted else ""
        yield Line(_at(one.start), _at(one.end), one.is_counted, counted, _length(view, total), one.reason)


def _at(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _length(view: ClockView, length: timedelta) -> str:
    """Hours, minutes and seconds; whole dates for statutory days."""
    if view.clock.unit == "statutory_day":
        return gettext("%(count)s 天") % {"count": round(length / timedelta(days=1))}
    seconds = round(length.total_seconds())
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def _amount(view: ClockView, seconds: float) -> str:
    if view.clock.unit == "statutory_day":
        return gettext("%(count)s 天") % {"count": round(seconds / view.day_seconds)}
    return _length(view, timedelta(seconds=seconds))
