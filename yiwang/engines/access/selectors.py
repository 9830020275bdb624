"""What a person may see of their own access: posts, sessions, tokens, second factor; cards of a demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.translation import gettext

from yiwang.engines.access.models import ApiToken, LogInSession, SecondFactor
from yiwang.engines.directory.api import Actor, User, demo_people, district_code, name_of, role_named
from yiwang.kernel.clock import now
from yiwang.ui.shell import UserCard


@dataclass(frozen=True, slots=True)
class Holding:
    """A post as its holder reads it."""

    role: str
    division: str
    on_behalf_of: str


@dataclass(frozen=True, slots=True)
class DemoCard:
    """One way into a demonstration."""

    title: str
    name: str
    username: str
    division: str


def holdings(actor: Actor) -> list[Holding]:
    """The posts the actor holds today, own and deputised; no SQL beyond the cached names."""
    found = []
    for grant in actor.grants:
        role = role_named(grant.role)
        title = gettext(role.title) if role is not None else grant.role
        found.append(Holding(title, name_of(grant.division), grant.on_behalf_of or ""))
    return list(dict.fromkeys(found))


def user_card(request: HttpRequest) -> UserCard | None:
    """The person at work for the frame of every page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.is_anonymous:
        return None
    held = holdings(actor)
    roles = list(dict.fromkeys(one.role for one in held))
    places = list(dict.fromkeys(one.division for one in held))
    return UserCard(name=actor.name, role=gettext("、").join(roles[:2]), scope=gettext("、").join(places[:2]))


def demo_cards() -> list[DemoCard]:
    """One person of each role; none outside a demonstration."""
    if not settings.DEMO:
        return []
    return [DemoCard(gettext(title), *rest) for title, *rest in demo_people(district_code())]


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, is_confirmed=True).exists()


def recovery_count(user: User) -> int:
    """How many recovery codes are still unused."""
    factor = SecondFactor.objects.filter(user=user, is_confirmed=True).first()
    return len(factor.recovery_hashes) if factor is not None else 0


def sessions_of(user: User) -> Sequence[LogInSession]:
    """The person's living sessions, newest first."""
    living = Session.objects.filter(expire_date__gt=now()).values("session_key")
    return list(LogInSession.objects.filter(user=user, session_key__in=living).order_by("-began_at"))


def tokens_of(user: User) -> Sequence[ApiToken]:
    """The person's tokens, those that ended last month or earlier left out."""
    return list(ApiToken.objects.filter(user=user, ends_at__gt=now() - timedelta(days=30)).order_by("-made_at"))

