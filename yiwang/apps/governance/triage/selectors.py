"""Reading triage: transfers of the actor's divisions, their counts by service, the versions of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yiwang.apps.governance.triage.judging import SERVICES
from yiwang.apps.governance.triage.models import LearntModel, Transfer
from yiwang.apps.governance.triage.rights import LEARN, TRANSFER
from yiwang.engines.directory.api import Actor, district_code
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import NotAllowed, NotFound

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Transfer, ...]
    after: str
    """Id to go on after; '' on the last page."""


def may_see(actor: Actor) -> bool:
    """Whether the actor works with transfers at all."""
    return bool(actor.scopes(TRANSFER))


def seen(actor: Actor) -> QuerySet[Transfer]:
    """Transfers of the divisions the actor writes them for."""
    scopes = actor.scopes(TRANSFER)
    if not scopes:
        return Transfer.objects.none()
    return Transfer.objects.filter(reduce(or_, (Q(division__startswith=one) if one else Q() for one in scopes)))


def transfer_of(actor: Actor, transfer_id: UUID) -> Transfer:
    """One transfer; NotFound for those one may not see, as for those that are not there."""
    found = seen(actor).filter(pk=transfer_id).first()
    if found is None:
        raise NotFound
    return found


def page(actor: Actor, *, target: str = "", waiting: bool = False, after: str = "") -> Page:
    """Newest first, from behind the id `after`; one statement. `waiting` leaves those without a receipt."""
    rows = seen(actor).order_by("-id")
    if target in SERVICES:
        rows = rows.filter(target=target)
    if waiting:
        rows = rows.filter(received_at=None)
    mark = _id(after)
    if mark is not None:
        rows = rows.filter(pk__lt=mark)
    found = list(rows.defer("phone_cipher")[: SIZE + 1])
    return Page(tuple(found[:SIZE]), str(found[SIZE - 1].pk) if len(found) > SIZE else "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def counts(actor: Actor, days: int = 30, at: datetime | None = None) -> Mapping[str, int]:
    """Transfers by service since the beginning of the day `days` ago, and `waiting`: those without a receipt."""
    day = (at or now()).astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    since = day - timedelta(days=days)
    rows = seen(actor).filter(at__gte=since).values_list("target")
    found = dict.fromkeys(SERVICES, 0) | {"waiting": 0}
    for target, count, waiting in rows.annotate(Count("id"), waiting=Count("id", filter=Q(received_at=None))):
        found[target] += count
        found["waiting"] += waiting
    return found


def model_versions(actor: Actor) -> list[LearntModel]:
    """Versions of the model, newest first, without their weights."""
    if not actor.may(LEARN, district_code()):
        raise NotAllowed
    return list(LearntModel.objects.defer("packed").order_by("-pk")[:SIZE])
