"""Keys of programs: made, shown once, counted while used, withdrawn."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.open311.models import ApiKey
from yiwang.apps.governance.open311.refusals import Refused
from yiwang.apps.governance.open311.rights import may_keep_keys, require
from yiwang.engines.access.api import tally
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotFound

PREFIX = "o311_"
STREAM = "open311.keys"
MOST_A_MINUTE = 6_000
MOST_SIGNS = 120
_SEEN_EVERY = timedelta(minutes=5)


def digest_of(text: str) -> str:
    """Keys are long and random, so a plain hash is enough."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def make_key(
    actor: Actor, name: str, contact: str, *, per_minute: int, is_test_only: bool = False
) -> tuple[ApiKey, str]:
    """A new key and its text, which only this answer ever shows."""
    require(may_keep_keys(actor))
    _check(name, contact, per_minute)
    text = PREFIX + secrets.token_urlsafe(24)
    made = ApiKey.objects.create(
        name=name.strip(), contact=contact.strip(), digest=digest_of(text), tail=text[-4:], per_minute=per_minute,
        is_test_only=is_test_only, made_at=now(), made_by=actor.name,
    )  # fmt: skip
    _tell(actor, made, "made", per_minute=per_minute, is_test_only=is_test_only)
    return made, text


def _check(name: str, contact: str, per_minute: int) -> None:
    faults = []
    for path, value, message in (
        ("name", name, gettext("请写明是谁的什么程序。")), ("contact", contact, gettext("请写明出了问题找谁。")),
    ):  # fmt: skip
        if not value.strip() or len(value) > MOST_SIGNS:
            faults.append({"path": path, "code": "REQUIRED", "message": message})
    if not 1 <= per_minute <= MOST_A_MINUTE:
        message = gettext("每分钟次数应在 1 至 {most} 之间。").format(most=MOST_A_MINUTE)
        faults.append({"path": "per_minute", "code": "RANGE", "message": message})
    if faults:
        raise InvalidInput(faults)


@transaction.atomic
def withdraw_key(actor: Actor, key_id: UUID) -> ApiKey:
    """End a key for good; what came with it stays."""
    require(may_keep_keys(actor))
    row = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if row is None:
        raise NotFound
    if row.withdrawn_at is None:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        _tell(actor, row, "withdrawn")
    return row


def _tell(actor: Actor, row: ApiKey, kind: str, **payload: object) -> None:
    facts = {"key": str(row.pk), "name": row.name, **payload}
    trust.append(STREAM, f"open311.key_{kind}", facts, actor=actor, division=district_code())


def admitted(text: str, *, is_test: bool) -> ApiKey:
    """The key of this text, counted; Refused (403, 429) when it may not be used now."""
    row = ApiKey.objects.filter(digest=digest_of(text), withdrawn_at=None).first() if text else None
    if row is None:
        raise Refused(403, gettext("api_key: 密钥缺失或无效。请到开发者页面联系申请。"))
    if row.is_test_only and not is_test:
        raise Refused(403, gettext("api_key: 这个密钥只能用于测试端点。"))
    spend(f"key:{row.pk}", row.per_minute)
    if row.used_at is None or now() - row.used_at > _SEEN_EVERY:
        ApiKey.objects.filter(pk=row.pk).update(used_at=now())
    return row


def spend(subject: str, most: int) -> None:
    """Count one request of this minute; Refused (429) beyond the limit."""
    if tally("open311.request", subject, timedelta(minutes=1)) > most:
        message = gettext("请求过于频繁：每分钟最多 {most} 次，请下一分钟再试。")
        raise Refused(429, message.format(most=most))
