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
    for cache in _all_caches:
        cache.forget()


class Cached(Generic[Value]):
    """A value made from the database by `load()`, made again when the subject's counter moved."""

    def __init__(self, subject: str, load: Callable[[], Value]) -> None:
        self._subject, self._load = subject, load
        self._value: Value | None = None
        self._number: int | None = None
        self._good_until = 0.0
        _all_caches.append(self)  # type: ignore[arg-type]

    def get(self) -> Value:
        """The value; costs one clock reading while fresh."""
        if self._value is not None and time.monotonic() < self._good_until:
            return self._value
        return self._refresh()

    def forget(self) -> None:
        """Drop the value."""
        self._value, self._good_until = None, 0.0

    def _refresh(self) -> Value:
        number = revision_of(self._subject)
        value = self._value
        if value is None or number != self._number:
            value = self._load()
            self._value, self._number = value, number
        self._good_until = time.monotonic() + REFRESH_SECONDS
        return value


def revision_of(subject: str) -> int:
    """How often the subject was changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM directory_revision WHERE subject = %s", [subject])
        row = cursor.fetchone()
    return row[0] if row else 0
