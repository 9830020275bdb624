"""Each step is noted in its own transaction and told to every listening process when it is committed."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from yiwang.engines.cases.api import CaseMoved
from yiwang.kernel.clock import now
from yiwang.kernel.events import subscribe

CHANNEL = "cockpit_moved"
KEPT = timedelta(days=2)
QUIET = frozenset({"comment", "migrate"})
"""Verbs that move nothing the wall shows; remarks are between people."""
_NOTE = f"""WITH noted AS (
    INSERT INTO cockpit_movement (at, number, division, type, version, category, verb, status, stage, outcome)
    SELECT %s, number, division, type, version_id, category, %s, status, stage, outcome FROM cases_case WHERE id = %s
    RETURNING division
) SELECT pg_notify('{CHANNEL}', division) FROM noted"""
"""One statement; NOTIFY is delivered only if the transaction is committed, once for each division in it."""
_FORGET = "DELETE FROM cockpit_movement WHERE at < %s"


def note(event: CaseMoved) -> None:
    """Inside the transaction that published the event."""
    if event.verb not in QUIET:
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [now(), event.verb, event.case])


def forget_old() -> int:
    """Delete what is older than the wall tells; a duty of the worker."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [now() - KEPT])
    return 0


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, note)
