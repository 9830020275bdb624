"""Lock-out after failed log-ins, counted in the database so that every process agrees."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext

from yiwang.engines.access.models import LogInFailure
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import UserError

ADDRESS_FACTOR = 10
"""An address may fail this many times as often as an account: one office shares one address. A proposal."""


class Locked(UserError):
    """Too many failures; says until when."""

    code, status = "LOG_IN_LOCKED", 429
    message, next_step = "登录失败次数过多，已暂时锁定。", "请稍后再试，或联系本单位管理员重置密码。"


def _span() -> timedelta:
    return timedelta(minutes=settings.YIWANG["YIWANG_LOCK_MINUTES"])


def locked_until(name: str, address: str) -> datetime | None:
    """Until when this account or address is locked; None when it is not."""
    after = now() - _span()
    most = settings.YIWANG["YIWANG_LOCK_AFTER"]
    for subject, limit in ((f"name:{name}", most), (f"address:{address}", most * ADDRESS_FACTOR)):
        recent = LogInFailure.objects.filter(subject=subject, at__gt=after)
        if recent.count() >= limit:
            last: datetime = recent.aggregate(last=Max("at"))["last"]
            return last + _span()
    return None


def refuse_locked(name: str, address: str) -> None:
    """Raise Locked with the time it ends."""
    until = locked_until(name, address)
    if until is not None:
        at = until.astimezone(CHINA)
        raise Locked(gettext("登录失败次数过多，锁定至 {time}。").format(time=f"{at:%H:%M}"))


def note_failure(name: str, address: str) -> bool:
    """Count a failure; True when it was the one that locks the account."""
    at = now()
    LogInFailure.objects.bulk_create(
        LogInFailure(subject=subject[:120], at=at) for subject in (f"name:{name}", f"address:{address}")
    )
    return locked_until(name, address) is not None


def forgive(name: str) -> None:
    """A good log-in clears the account's failures."""
    LogInFailure.objects.filter(subject=f"name:{name}").delete()
