"""What those who keep the connections see, and what a clerk sees of one case on all platforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yiwang.engines.cases.api import CaseView, has_verb, open_cursor, seen_cases
from yiwang.engines.directory.api import Actor
from yiwang.engines.exchange.models import KEPT, Conflict, Inbound, Link, Outbound, System
from yiwang.engines.exchange.rights import HAND_OVER, require_edit
from yiwang.engines.exchange.services.telling import ENDED
from yiwang.engines.exchange.spec import Participation
from yiwang.kernel.app import registry
from yiwang.kernel.errors import NotFound

PAGE = 50
Kept = TypeVar("Kept", bound=Model)
_NUMBERS = "SELECT id, number FROM cases_case WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Counts:
    """What of a system waits for a person, and how many cases are linked."""

    links: int
    refused: int
    dead: int
    conflicts: int

    @property
    def waits(self) -> int:
        return self.refused + self.dead + self.conflicts


def systems(actor: Actor) -> list[tuple[System, Counts]]:
    """Every connection by its title; one statement."""
    require_edit(actor)
    return [(row, _counts(row)) for row in _counted().order_by("title", "key")]


def system_keyed(actor: Actor, key: str) -> tuple[System, Counts]:
    """One connection."""
    require_edit(actor)
    row = _counted().filter(key=key).first()
    if row is None:
        raise NotFound
    return row, _counts(row)


def _counted() -> QuerySet[System, Any]:
    def count(rows: QuerySet[Any]) -> Coalesce:
        grouped = rows.order_by().values("own").annotate(many=Count("pk")).values("many")
        return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)

    own = OuterRef("pk")
    return System.objects.annotate(
        link_count=count(Link.objects.filter(system=own).annotate(own=own)),
        refused_count=count(Inbound.objects.filter(system=own, outcome="refused").annotate(own=own)),
        dead_count=count(Outbound.objects.filter(system=own, state="dead").annotate(own=own)),
        conflict_count=count(Conflict.objects.filter(link__system=own, decision="open").annotate(own=own)),
    )


def _counts(row: Any) -> Counts:
    return Counts(row.link_count, row.refused_count, row.dead_count, row.conflict_count)


def _page(rows: QuerySet[Kept], before: UUID | None) -> tuple[list[Kept], UUID | None]:
    """The newest rows before an id, and the id to go on from, None at the end."""
    found = list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def links(actor: Actor, system: System, before: UUID | None = None) -> tuple[list[Link], UUID | None]:
    require_edit(actor)
    return _page(Link.objects.filter(system=system), before)


def received(
    actor: Actor, system: System, before: UUID | None = None, *, only_refused: bool = False
) -> tuple[list[Inbound], UUID | None]:
    """Events that came in, or those of them that wait for a person or for their opening."""
    require_edit(actor)
    rows = Inbound.objects.filter(system=system).defer("body")
    return _page(rows.filter(outcome__in=KEPT) if only_refused else rows, before)


def sent(
    actor: Actor, system: System, before: UUID | None = None, *, only_dead: bool = False
) -> tuple[list[Outbound], UUID | None]:
    """Events of ours, or those of them that did not arrive."""
    require_edit(actor)
    rows = Outbound.objects.filter(system=system)
    return _page(rows.filter(state="dead") if only_dead else rows, before)


def conflicts(actor: Actor, system: System, before: UUID | None = None) -> tuple[list[Conflict], UUID | None]:
    """Where both sides differed, by whom it was decided."""
    require_edit(actor)
    return _page(Conflict.objects.filter(link__system=system).select_related("link"), before)


def event_of(actor: Actor, inbound_id: UUID) -> Inbound:
    """One event that came in."""
    return _one(actor, Inbound.objects.select_related("system").filter(pk=inbound_id))


def told_event(actor: Actor, outbound_id: UUID) -> Outbound:
    """One event of ours."""
    return _one(actor, Outbound.objects.select_related("system").filter(pk=outbound_id))


def conflict_of(actor: Actor, conflict_id: UUID) -> Conflict:
    """One conflict."""
    return _one(actor, Conflict.objects.select_related("link__system").filter(pk=conflict_id))


def _one(actor: Actor, rows: QuerySet[Kept]) -> Kept:
    require_edit(actor)
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def numbers(actor: Actor, ids: Sequence[UUID | None]) -> Mapping[UUID, tuple[str, bool]]:
    """Numbers of cases, to name them, and whether the actor may open them: who keeps connections often may not."""
    require_edit(actor)
    wanted = [id for id in ids if id is not None]
    seen = seen_cases(actor, wanted)
    return {id: (number, id in seen) for id, number in open_cursor().read(_NUMBERS, [wanted])}


def disputed(rows: Sequence[Link]) -> set[UUID]:
    """Which of these links wait for somebody to decide."""
    found = Conflict.objects.filter(link__in=[row.pk for row in rows], decision="open")
    return set(found.values_list("link_id", flat=True))


def links_of(view: CaseView) -> list[Link]:
    """Where else this case stands; whoever may see the case may know."""
    return list(Link.objects.filter(case_id=view.id).select_related("system").order_by("system__title"))


def conflicts_of(view: CaseView) -> list[Conflict]:
    """What is not decided yet about this case."""
    found = Conflict.objects.filter(link__case_id=view.id, decision="open").select_related("link__system")
    return list(found.order_by("pk"))


def open_to(view: CaseView) -> list[System]:
    """Systems this case may be handed over to by whoever looks at it."""
    if view.state.status in ENDED or not has_verb(view.actor, HAND_OVER, view.case.graph, view.case.division):
        return []
    parts = [key for key, part in registry.parts(Participation).items() if part.type == view.case.graph.type]
    free = System.objects.filter(is_active=True, direction__in=("both", "out"), participation__in=parts)
    return list(free.exclude(links__case_id=view.id).order_by("title"))
