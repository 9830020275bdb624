"""How much may come in: a limit a minute for each system, and one for addresses that sign badly.

Whoever is over the limit is remembered in this process until the minute is over, and costs no statement more. A
stranger's requests never use up a system's share: the share is counted after the signature.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from yiwang.engines.access.api import tally
from yiwang.engines.exchange.refusals import TooMany
from yiwang.kernel.clock import now

BAD_A_MINUTE = 60
"""Requests with a bad signature from one address; a proposal."""
_MOST_KEPT = 4_096
_over: dict[str, datetime] = {}


def count(subject: str, most: int) -> None:
    """Count one; TooMany beyond `most` in this minute."""
    minute = now().replace(second=0, microsecond=0)
    if _over.get(subject) == minute:
        raise _too_many()
    if tally("exchange.event", subject, timedelta(minutes=1)) > most:
        if len(_over) >= _MOST_KEPT:
            _over.clear()
        _over[subject] = minute
        raise _too_many()


def _too_many() -> TooMany:
    return TooMany(facts={"retry_after": 60 - now().second})
