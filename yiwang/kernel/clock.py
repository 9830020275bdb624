"""The one clock. Code asks `now()`; tests and the replay set it, nobody sleeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""Civil time of every office, holiday and deadline."""

_frozen_at: ContextVar[datetime | None] = ContextVar("frozen_at", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen_at.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) inside the block; blocks nest."""
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime; add tzinfo=CHINA")
    mark = _frozen_at.set(at)
    try:
        yield
    finally:
        _frozen_at.reset(mark)


def china(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant given in Chinese civil time."""
    return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
