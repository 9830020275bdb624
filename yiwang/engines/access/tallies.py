"""How often somebody did something in the running minute or hour, so that whoever asks too often can be told so.

Counted in the database: all processes count alike. Who is counted stands there as a digest, no longer than needed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from yiwang.engines.access.models import Tally
from yiwang.kernel.clock import now

LONGEST = timedelta(hours=1)
_COUNT = """INSERT INTO access_tally (subject, begins_at, count) VALUES (%s, %s, 1)
ON CONFLICT (subject, begins_at) DO UPDATE SET count = access_tally.count + 1 RETURNING count"""
"""Counts once, whichever process asks; the ORM cannot return what an upsert stored."""


def tally(kind: str, who: str, window: timedelta) -> int:
    """Count one more act of this kind; how many it makes in the window now running, which is at most an hour long."""
    if not timedelta() < window <= LONGEST:
        raise ValueError(f"A window of {window} is not kept: give one of at most {LONGEST}.")
    hidden = salted_hmac("access.tally", f"{kind}:{window.total_seconds():g}:{who}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [hidden, window_of(now(), window)])
        ((count,),) = cursor.fetchall()
    return int(count)


def window_of(at: datetime, window: timedelta) -> datetime:
    """When the window began that this instant lies in; windows follow each other from the epoch on."""
    seconds = window.total_seconds()
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def forget_tallies() -> int:
    """Remove counts of windows that are over; the worker's duty. Always 0: one turn removes all."""
    Tally.objects.filter(begins_at__lt=now() - 2 * LONGEST).delete()
    return 0
