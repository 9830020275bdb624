"""Which cases this browser has proved to be its own: an hour in the session, or until the person ends it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from yiwang.engines.cases.api import REPORTER
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import now

LASTS = timedelta(hours=1)
_KEY = "followed"


def grant(request: HttpRequest, number: str, case_id: UUID) -> None:
    """Let this session follow the case; older proofs that have run out are forgotten."""
    kept = {other: entry for other, entry in request.session.get(_KEY, {}).items() if _is_fresh(entry[1])}
    request.session[_KEY] = {**kept, number: [str(case_id), now().isoformat()]}


def _is_fresh(at: str) -> bool:
    return now() - datetime.fromisoformat(at) < LASTS


def proven(request: HttpRequest, number: str) -> Actor | None:
    """The reporter of this case, when this session has proved it within the hour."""
    entry = request.session.get(_KEY, {}).get(number)
    if entry is None or not _is_fresh(entry[1]):
        return None
    return Actor(None, REPORTER, proof=UUID(entry[0]))


def forget(request: HttpRequest) -> None:
    """End following on this device."""
    request.session.pop(_KEY, None)
