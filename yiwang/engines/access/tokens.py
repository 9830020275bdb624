"""Tokens for programs: shown once, kept as a hash, never wider than their owner."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext

from yiwang.engines.access.models import ApiToken
from yiwang.engines.directory.api import Actor, DirectoryChanged, Grant, User, actor_for
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.kernel.events import publish


class ReadOnlyToken(UserError):
    """A token that only reads came with a method that writes."""

    code, status = "TOKEN_READS_ONLY", 403
    message, next_step = "该令牌只能读取，不能办理。", "请换用可办理的令牌。"


PREFIX = "yw_"
LONGEST_DAYS = 366
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def digest_of(token: str) -> str:
    """Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(user: User, title: str, *, days: int = 90, division: str = "", reads_only: bool = False) -> str:
    """A new token; only this answer ever shows it."""
    if not title.strip():
        raise InvalidInput([{"path": "title", "code": "REQUIRED", "message": gettext("请写明令牌的用途。")}])
    if not 1 <= days <= LONGEST_DAYS:
        message = gettext("有效期应在 1 至 {days} 天之间。").format(days=LONGEST_DAYS)
        raise InvalidInput([{"path": "days", "code": "RANGE", "message": message}])
    token = PREFIX + secrets.token_urlsafe(32)
    at = now()
    ApiToken.objects.create(
        user=user, title=title.strip()[:80], digest=digest_of(token), division=division, reads_only=reads_only,
        made_at=at, ends_at=at + timedelta(days=days),
    )  # fmt: skip
    publish(DirectoryChanged("access.token_made", f"user/{user.pk}", actor_for(user), payload={"title": title}))
    return token


@transaction.atomic
def end_token(user: User, token_id: UUID) -> None:
    """Withdraw one of the person's own tokens."""
    removed, _ = ApiToken.objects.filter(user=user, pk=token_id).delete()
    if removed:
        publish(DirectoryChanged("access.token_ended", f"user/{user.pk}", actor_for(user)))


def authenticate_token(request: HttpRequest) -> Actor | None:
    """The actor of `Authorization: Bearer …`, narrowed to the token's division; None when it is not good.

    ReadOnlyToken when a token that only reads comes with a method that writes.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(PREFIX):
        return None
    found = ApiToken.objects.select_related("user").filter(digest=digest_of(token), ends_at__gt=now()).first()
    if found is None or not found.user.is_active:
        return None
    if found.reads_only and request.method not in _SAFE:
        raise ReadOnlyToken
    if found.used_at is None or now() - found.used_at > timedelta(minutes=5):
        ApiToken.objects.filter(pk=found.pk).update(used_at=now())
    return _narrowed(actor_for(found.user), found.division)


def _narrowed(actor: Actor, division: str) -> Actor:
    grants = tuple(_within(grant, division) for grant in actor.grants if _overlaps(grant.division, division))
    return replace(actor, grants=grants)


def _overlaps(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _within(grant: Grant, division: str) -> Grant:
    return replace(grant, division=max(grant.division, division, key=len))
