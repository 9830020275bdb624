"""Counters that tell every process when a cached subject (divisions, a calendar) was changed by another."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import F

from yiwang.engines.directory.models import Revision

REFRESH_SECONDS = 1.0
"""How long a process may go on with what it has before it asks the database again."""

Value = TypeVar("Value")
_all_caches: list[Cached[object]] = []


def bump(subject: str) -> None:
    """Count a change of the subject in the current transaction; this process reloads at its next use."""
    if not Revision.objects.filter(subject=subject).update(number=F("number") + 1):
        Revision.objects.create(subject=subject, number=1)
    forget_cached()


def forget_cached() -> None:
    """Make every cache of this process ask the database at its next use (also for tests that roll back)."""
    _counters.forget()
    for cache in _all_caches:
        cache.forget()


class _Counters:
    """All counters, read in one statement, so that a request pays for at most one look whatever it asks for."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._good_until = 0.0
        self.generation = 0

    def of(self, subject: str) -> int:
        if time.monotonic() >= self._good_until:
            with connection.cursor() as cursor:
                cursor.execute("SELECT subject, number FROM directory_revision")
                self._numbers = dict(cursor.fetchall())
            self._good_until = time.monotonic() + REFRESH_SECONDS
        return self._numbers.get(subject, 0)

    def forget(self) -> None:
        self._good_until = 0.0
        self.generation += 1


_counters = _Counters()


class Cached(Generic[Value]):
    """A value made from the database by `load()`, made again when the subject's counter moved."""

    def __init__(self, subject: str, load: Callable[[], Value]) -> None:
        self._subject, self._load = subject, load
        self._value: Value | None = None
        self._number: int | None = None
        _all_caches.append(self)  # type: ignore[arg-type]

    def get(self) -> Value:
        """The value; costs one clock reading while fresh."""
        number = _counters.of(self._subject)
        value = self._value
        if value is None or number != self._number:
            value = self._load()
            self._value, self._number = value, number
        return value

    def forget(self) -> None:
        """Drop the value."""
        self._value = None


def revision_of(subject: str) -> tuple[int, int]:
    """A key that changes when the subject was changed, here or elsewhere: for caches by arguments."""
    number = _counters.of(subject)
    return _counters.generation, number
