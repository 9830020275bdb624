"""How much may come in: a limit a minute for each system, and one for addresses that sign badly.

Counts stand in the database so that all processes count alike. Whoever is over the limit is remembered in this
process until the minute is over, and costs no statement more. A stranger's requests never use up a system's share:
the share is counted after the signature.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from yiwang.engines.access.api import address_of
from yiwang.engines.cases.api import open_cursor
from yiwang.engines.exchange.models import Knock
from yiwang.engines.exchange.refusals import TooMany
from yiwang.kernel.clock import now

BAD_A_MINUTE = 60
"""Requests with a bad signature from one address; a proposal."""
_MOST_KEPT = 4_096
_COUNT = """INSERT INTO exchange_knock (subject, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (subject, minute) DO UPDATE SET count = exchange_knock.count + 1 RETURNING count"""
_over: dict[str, datetime] = {}


def subject_of(request: HttpRequest) -> str:
    """An address as it is counted: nobody can read it back."""
    return salted_hmac("exchange.knock", address_of(request)).hexdigest()[:32]


def count(subject: str, most: int) -> None:
    """Count one; TooMany beyond `most` in this minute."""
    minute = _minute()
    if _over.get(subject) == minute:
        raise _too_many()
    ((made,),) = open_cursor().read(_COUNT, [subject, minute])
    if made > most:
        if len(_over) >= _MOST_KEPT:
            _over.clear()
        _over[subject] = minute
        raise _too_many()


def _minute() -> datetime:
    return now().replace(second=0, microsecond=0)


def _too_many() -> TooMany:
    return TooMany(facts={"retry_after": 60 - now().second})


def forget_old() -> int:
    """Remove counts of minutes that are over; the worker's duty. Always 0: one turn removes all."""
    Knock.objects.filter(minute__lt=now() - timedelta(minutes=5)).delete()
    return 0
