"""Effects that did not get through: dead after their last try, or late because no worker took them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from yiwang.engines.cases.models import Case, Outbox
from yiwang.engines.cases.rights import require_effects
from yiwang.engines.directory.api import RETRY_EFFECTS, Actor, district_code
from yiwang.kernel.clock import now

LATE = timedelta(minutes=5)
"""Workers look every few seconds; what waits this long beyond its time is waiting for nobody."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Stuck:
    """An effect that waits in vain; `number` is its case's, '' without one. `payload` says what was to be done."""

    id: UUID
    case_id: UUID | None
    number: str
    kind: str
    payload: dict[str, Any]
    is_dead: bool
    attempts: int
    last_error: str
    created_at: datetime
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class StuckPage:
    """The oldest first; `after` is where the next page begins, '' at the end. Counts are of all pages."""

    rows: tuple[Stuck, ...]
    after: str
    dead: int
    late: int


def within_reach(actor: Actor) -> Q:
    """Effects the actor may look after; those that belong to no division are the district's."""
    require_effects(actor)
    reach = Q(pk__in=[])
    for prefix in actor.scopes(RETRY_EFFECTS):
        reach |= Q(division__startswith=prefix)
    is_all = actor.is_system or actor.may(RETRY_EFFECTS, district_code())
    return reach | Q(division="") if is_all else reach


def stuck_effects(actor: Actor, after: str = "") -> StuckPage:
    """A page of effects that are dead or late; three SQL statements whatever their number."""
    late = Q(status="waiting", next_at__lt=now() - LATE)
    all_stuck = Outbox.objects.filter(within_reach(actor), Q(status="dead") | late)
    counts = all_stuck.aggregate(dead=Count("pk", filter=Q(status="dead")), late=Count("pk", filter=late))
    found = list(_beyond(all_stuck, after).order_by("pk")[: PAGE + 1])
    rows, numbers = found[:PAGE], _numbers(row.case_id for row in found)
    shown = tuple(
        Stuck(
            row.pk, row.case_id, numbers.get(row.case_id, ""), row.kind, row.payload, row.status == "dead",
            row.attempts, row.last_error, row.created_at, row.next_at,
        )
        for row in rows
    )  # fmt: skip
    return StuckPage(shown, str(rows[-1].pk) if len(found) > PAGE else "", counts["dead"], counts["late"])


def _beyond(rows: QuerySet[Outbox], after: str) -> QuerySet[Outbox]:
    try:
        return rows.filter(pk__gt=UUID(after)) if after else rows
    except ValueError:
        return rows


def _numbers(ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    return dict(Case.objects.filter(pk__in=[id for id in ids if id]).values_list("pk", "number"))
