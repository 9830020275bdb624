"""The worker sends what waits: at least once, with growing pauses, and leaves a system alone that does not answer.

A row is taken for LEASE before it is sent, outside any transaction; a worker that dies in between leaves it to the
next one, and the receiver knows the event by its id.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext

from yiwang.engines.exchange.calling import Answer, post
from yiwang.engines.exchange.envelope import OPENED, STRUCTURED
from yiwang.engines.exchange.models import Link, Outbound, System
from yiwang.engines.exchange.refusals import NotReachable
from yiwang.engines.exchange.secrets import secrets_of
from yiwang.engines.exchange.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, signature, signed_text
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now

LEASE = timedelta(seconds=60)
PORTION = 5.0
"""Seconds after which no further event is begun: slow systems must not hold up the clocks of our own cases."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
MOST_ATTEMPTS = 20
"""With doubling pauses this is about half a day; a proposal."""
OPENS_AFTER = 5
FIRST_BREAK, LONGEST_BREAK = timedelta(seconds=30), timedelta(minutes=10)
"""After OPENS_AFTER failures in a row a system is left alone for a while, then tried with one event. Proposals."""
_WORTH_RETRYING = (408, 425, 500, 502, 504)
_ASKS_FOR_PATIENCE = (429, 503)


def send_due(limit: int = 20) -> int:
    """Send up to `limit` events that are due, as many as PORTION allows; how many were tried."""
    begun = time.monotonic()
    for done in range(limit):
        row = _taken() if not done or time.monotonic() - begun < PORTION else None
        if row is None:
            return done
        _send(row)
    return limit


def _taken() -> Outbound | None:
    """The oldest event that is due, ours for LEASE."""
    at = now()
    with transaction.atomic():
        free = Outbound.objects.select_for_update(skip_locked=True, of=("self",)).select_related("system")
        ready = Q(system__paused_until__isnull=True) | Q(system__paused_until__lte=at)
        row = free.filter(ready, state="waiting", next_at__lte=at, system__is_active=True).order_by("next_at").first()
        if row is None:
            return None
        row.next_at, row.attempts = at + LEASE, row.attempts + 1
        row.save(update_fields=["next_at", "attempts"])
        if row.system.failures >= OPENS_AFTER:  # One event tries whether the system is back; the others wait.
            System.objects.filter(pk=row.system.pk).update(paused_until=at + LEASE)
    return row


def _send(row: Outbound) -> None:
    body = canonical_json(row.body)
    try:
        answer = post(row.system.endpoint, _headers(row.system, body), body)
    except NotReachable as error:
        _failed(row, error.sentence())
        return
    if 200 <= answer.status < 300:
        _arrived(row, answer)
    elif answer.status in _ASKS_FOR_PATIENCE:
        _put_off(row, answer)
    elif answer.status in _WORTH_RETRYING:
        _failed(row, f"HTTP {answer.status}")
    else:
        _refused(row, answer)


def _headers(system: System, body: bytes) -> dict[str, str]:
    """Signed with every secret that is good now: the receiver may know only the former one yet."""
    timestamp = str(int(now().timestamp()))
    text = signed_text(timestamp, body)
    return {
        "Content-Type": STRUCTURED, "Accept": "application/json", TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: ",".join(signature(secret, text) for secret in secrets_of(system)),
    }  # fmt: skip


def _arrived(row: Outbound, answer: Answer) -> None:
    with transaction.atomic():
        Outbound.objects.filter(pk=row.pk).update(state="sent", sent_at=now(), last_error="")
        _is_back(row.system)
        if row.link_id is None:
            return
        links = Link.objects.filter(pk=row.link_id)
        links.update(acknowledged=Greatest(F("acknowledged"), row.sequence))
        told = _told_id(answer) if row.type == OPENED else ""
        if told:
            _keep_id(row, row.link_id, told)


def _keep_id(row: Outbound, link_id: UUID, told: str) -> None:
    """Their id of a case we handed over; one that stands for another case already is left for a person."""
    try:
        with transaction.atomic():
            Link.objects.filter(pk=link_id, outside_id__isnull=True).update(outside_id=told)
    except IntegrityError:
        Outbound.objects.filter(pk=row.pk).update(state="dead", last_error=_taken_text(told))


def _taken_text(told: str) -> str:
    return gettext("对方编号 {id} 已对应另一件").format(id=told)[:300]


def _told_id(answer: Answer) -> str:
    try:
        values: Any = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return ""
    value = values.get("id") if isinstance(values, Mapping) else None
    return value.strip()[:200] if isinstance(value, str) and value.isprintable() else ""


def _is_back(system: System) -> None:
    System.objects.filter(pk=system.pk).filter(~Q(failures=0) | Q(paused_until__isnull=False)).update(
        failures=0, paused_until=None
    )


def _put_off(row: Outbound, answer: Answer) -> None:
    """They ask us to wait: that is no failure, and holds for all that waits for them."""
    text = answer.headers.get("retry-after", "")
    pause = timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else FIRST_PAUSE
    until = now() + min(max(pause, timedelta(seconds=1)), LONGEST_PAUSE)
    _is_back(row.system)
    System.objects.filter(pk=row.system.pk).update(paused_until=until)
    row.attempts -= 1
    _save(row, until, f"HTTP {answer.status}")


def _refused(row: Outbound, answer: Answer) -> None:
    """They understood and said no: trying again would not help."""
    _is_back(row.system)
    row.state = "dead"
    _save(row, now(), f"HTTP {answer.status} {answer.body[:240].decode(errors='replace')}")


def _failed(row: Outbound, error: str) -> None:
    at = now()
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 12), LONGEST_PAUSE)
    row.state = "dead" if row.attempts >= MOST_ATTEMPTS else "waiting"
    _save(row, at + pause, error)
    failures = row.system.failures + 1
    paused = None
    if failures >= OPENS_AFTER:
        paused = at + min(FIRST_BREAK * 2 ** min(failures - OPENS_AFTER, 10), LONGEST_BREAK)
    System.objects.filter(pk=row.system.pk).update(failures=failures, paused_until=paused)


def _save(row: Outbound, next_at: datetime, error: str) -> None:
    row.next_at, row.last_error = next_at, error.replace("\x00", "")[:300]
    row.save(update_fields=["next_at", "last_error", "state", "attempts"])
