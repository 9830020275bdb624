"""Visits, records and misses in lists and one by one. Lists page by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from yiwang.apps.governance.patrol.models import PatrolRecord, PossibleMiss, Visit, VisitedPlace
from yiwang.apps.governance.patrol.selectors.scoping import PATROL, SUPERVISE, reach_of, within
from yiwang.engines.directory.api import Actor, today
from yiwang.engines.forms.api import register_guard
from yiwang.kernel.errors import NotFound

SIZE = 50
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and the key behind which the next page begins ('' at the end)."""

    rows: list[Row]
    after: str = ""


def register() -> None:
    """Who may open a visit's photos: whoever may see the visit. Called once at start."""
    from yiwang.apps.governance.patrol.services.visiting import PHOTOS

    register_guard(PHOTOS, _may_open)


def _may_open(actor: Actor, subject: str) -> bool:
    return _seen(actor).filter(pk=UUID(subject)).exists()


def _seen(actor: Actor) -> QuerySet[Visit]:
    """Visits of supervised cells, and one's own."""
    own = Q(inspector_id=actor.user_id) if actor.user_id is not None and actor.scopes(PATROL) else Q(pk__in=[])
    return Visit.objects.filter(within(reach_of(actor, SUPERVISE)) | own)


def visit_of(actor: Actor, visit_id: UUID) -> Visit:
    """One visit with its place; NotFound unless the actor may see it."""
    found = _seen(actor).select_related("place").filter(pk=visit_id).first()
    if found is None:
        raise NotFound
    return found


def records_of_visit(actor: Actor, visit: Visit) -> list[PatrolRecord]:
    """The records a visit was written into."""
    visit_of(actor, visit.pk)
    return list(PatrolRecord.objects.filter(visit_id=visit.pk).order_by("system"))


def odd_visits(actor: Actor, status: str, division: str, after: str) -> Page[Visit]:
    """Duplicates ("duplicate") or refused check-ins ("refused"), newest first."""
    rows = Visit.objects.filter(within(reach_of(actor, SUPERVISE, division)), status=status)
    return _paged(rows.select_related("place"), after, "taken_at")


def visits_in(actor: Actor, division: str, after: str) -> Page[Visit]:
    """Visits of a division, newest first."""
    rows = Visit.objects.filter(within(reach_of(actor, SUPERVISE, division)))
    return _paged(rows.select_related("place"), after, "taken_at")


def records_in(actor: Actor, system: str, division: str, after: str) -> Page[PatrolRecord]:
    """What one system gets, newest first."""
    rows = PatrolRecord.objects.filter(within(reach_of(actor, SUPERVISE, division)), system=system)
    return _paged(rows, after, "at", key="visit_id")


def misses_in(actor: Actor, division: str, after: str) -> Page[PossibleMiss]:
    """Possible misses, newest first."""
    rows = PossibleMiss.objects.filter(within(reach_of(actor, SUPERVISE, division)))
    return _paged(rows.select_related("visit"), after, "reported_at")


def overdue_places(actor: Actor, division: str, after: str) -> Page[VisitedPlace]:
    """漏巡: places whose day has passed without a visit, longest waiting first."""
    rows = VisitedPlace.objects.filter(within(reach_of(actor, SUPERVISE, division)), closed_on=None, due_on__lt=today())
    return _paged(rows, after, "due_on", is_rising=True)


def unrectified(actor: Actor, division: str, after: str) -> Page[Visit]:
    """待整改: findings of the last two months that no clean visit has followed, the earliest day first."""
    cleared = Visit.objects.filter(
        place=OuterRef("place"), status="done", finding="", taken_at__gt=OuterRef("taken_at"), form__presence="open"
    )
    rows = (
        Visit.objects.filter(within(reach_of(actor, SUPERVISE, division)), ~Exists(cleared), status="done")
        .exclude(finding="")
        .filter(rectify_by__gte=today() - timedelta(days=60))
        .select_related("place")
    )
    return _paged(rows, after, "rectify_by", is_rising=True)


def places_in(actor: Actor, cell: str) -> list[VisitedPlace]:
    """The places of one cell, soonest due first."""
    rows = VisitedPlace.objects.filter(within(reach_of(actor, SUPERVISE, cell)), cell=cell, closed_on=None)
    return list(rows.order_by("due_on", "id")[:500])


def place_of(actor: Actor, place_id: UUID) -> VisitedPlace:
    """An open place of a supervised cell; NotFound for others."""
    found = VisitedPlace.objects.filter(within(reach_of(actor, SUPERVISE)), pk=place_id, closed_on=None).first()
    if found is None:
        raise NotFound
    return found


def miss_of(actor: Actor, miss_id: UUID) -> PossibleMiss:
    """A possible miss of a supervised cell; NotFound for others."""
    found = PossibleMiss.objects.filter(within(reach_of(actor, SUPERVISE)), pk=miss_id).first()
    if found is None:
        raise NotFound
    return found


def _key(after: str, *, is_day: bool) -> tuple[date, UUID]:
    """The two halves of a page key, a day or an instant and an id; NotFound when somebody wrote it by hand."""
    text, _, key = after.partition("_")
    try:
        moment = date.fromisoformat(text) if is_day else datetime.fromisoformat(text)
        identity = UUID(key)
    except ValueError:
        raise NotFound from None
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise NotFound
    return moment, identity


def _paged(rows: QuerySet[Row], after: str, name: str, *, key: str = "id", is_rising: bool = False) -> Page[Row]:
    """A page by the field `name`: days from the earliest on (`is_rising`), or instants from the newest back."""
    sign, beyond = ("", "gt") if is_rising else ("-", "lt")
    rows = rows.order_by(f"{sign}{name}", f"{sign}{key}")
    if after:
        begin, identity = _key(after, is_day=is_rising)
        rows = rows.filter(Q(**{f"{name}__{beyond}": begin}) | Q(**{name: begin, f"{key}__{beyond}": identity}))
    found = list(rows[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    return Page(found[:SIZE], f"{getattr(last, name).isoformat()}_{getattr(last, key)}" if last is not None else "")
