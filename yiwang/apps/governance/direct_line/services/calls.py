"""The log of calls, as a telephone exchange tells it: ringing, taken, ended. Numbers are kept as digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from yiwang.apps.governance.direct_line.models import Call
from yiwang.apps.governance.direct_line.posts import DESK
from yiwang.engines.directory.api import Actor, district_code, masked_phone, vault
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed

AHEAD = timedelta(minutes=5)
"""How far the exchange's clock may run before ours."""


@dataclass(frozen=True, slots=True)
class Told:
    """A call in the exchange's words; it tells the same `key` again as the call goes on."""

    key: str
    phone: str
    rang_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None


def keep_call(*, phone: str, rang_at: datetime, key: str | None = None) -> Call:
    """A call not yet stored."""
    digest = vault.digest(phone) if phone else None
    return Call(key=key, phone_digest=digest, phone_masked=masked_phone(phone) if phone else "", rang_at=rang_at)


def log_call(actor: Actor, told: Told) -> Call:
    """Keep what the exchange tells of a call: the same twice changes nothing, other facts are refused."""
    if not actor.may(DESK, district_code()):
        raise NotAllowed
    _check(told)
    with transaction.atomic():
        fresh = keep_call(phone=told.phone, rang_at=told.rang_at, key=told.key)
        Call.objects.bulk_create([fresh], ignore_conflicts=True)  # Told twice at once, the second waits here.
        call = Call.objects.select_for_update().get(key=told.key)
        if (call.rang_at, bytes(call.phone_digest or b"")) != (told.rang_at, bytes(fresh.phone_digest or b"")):
            raise Conflict("这个通话编号已用于另一通电话。", next_step="请核对话务系统的编号。")
        changed = [_fill(call, name, getattr(told, name)) for name in ("answered_at", "ended_at")]
        if any(changed) or call.pk == fresh.pk:
            call.save()
            payload = {"call": str(call.pk), "key": told.key, "rang_at": told.rang_at}
            trust.append("direct_line.calls", "call.logged", payload, actor=actor, division=district_code())
    return call


def _fill(call: Call, name: str, value: datetime | None) -> bool:
    before = getattr(call, name)
    if value is None or value == before:
        return False
    if before is not None:
        raise Conflict("这通电话的时间与先前上报的不同。", next_step="请核对话务系统的记录。")
    setattr(call, name, value)
    return True


def _check(told: Told) -> None:
    """Times in order and none of them in the future."""
    times = [at for at in (told.rang_at, told.answered_at, told.ended_at) if at is not None]
    if times != sorted(times) or times[-1] > now() + AHEAD:
        message = "通话的时间先后颠倒，或晚于现在。"
        raise InvalidInput([{"path": "rang_at", "code": "CALL_TIMES", "message": message}])
