"""Violations, offenders and accidents in the actor's divisions, lists paged by key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from yiwang.apps.governance.non_motor.density import Change, compared
from yiwang.apps.governance.non_motor.kinds import READ
from yiwang.apps.governance.non_motor.models import Accident, Ownership, Violation
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import NotAllowed, NotFound

PAGE = 50
MOST_EVENTS = 1_500
"""Events of one comparison: what a page may reckon in a second and 100 MB."""


def within(actor: Actor) -> Q:
    """Rows of the actor's divisions; NotAllowed for who reads none."""
    prefixes = actor.scopes(READ)
    if not prefixes:
        raise NotAllowed(next_step="非机动车整治由公安和城管的整治岗位查看，请联系本单位管理员。")
    return reduce(or_, (Q(division__startswith=prefix) for prefix in prefixes))


@dataclass(frozen=True)
class Asked:
    """What the list of violations is narrowed to."""

    kind: str = ""
    source: str = ""
    division: str = ""
    plate: str = ""
    after: str = ""


def violations(actor: Actor, asked: Asked) -> tuple[list[Violation], str]:
    """A page of violations, the newest first, and the key to go on after."""
    rows = Violation.objects.select_related("measure").filter(within(actor), division__startswith=asked.division)
    for name, value in (("kind", asked.kind), ("source", asked.source), ("plate__startswith", asked.plate)):
        rows = rows.filter(**{name: value}) if value else rows
    at, _, key = asked.after.partition("_")
    if key:
        instant = datetime.fromisoformat(at)
        rows = rows.filter(Q(at__lt=instant) | Q(at=instant, pk__lt=UUID(key)))
    found = list(rows.order_by("-at", "-id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.at.isoformat()}_{last.pk}" if last else ""


def offenders(actor: Actor, since: datetime, after: str) -> tuple[list[dict[str, Any]], str]:
    """Who broke the rules twice or more since an instant, most often first: offender, count, plates, latest, and
    `newest`, the id of the last violation in sight."""
    rows: Any = (
        Violation.objects.filter(within(actor), at__gte=since)
        .values("offender")
        .annotate(count=Count("pk"), plates=Count("plate", distinct=True), latest=Max("at"), name=Max("name_masked"),
                  plate=Max("plate"))
        .filter(count__gte=2)
    )  # fmt: skip
    count, _, key = after.partition("_")
    if key:
        rows = rows.filter(Q(count__lt=int(count)) | Q(count=int(count), offender__gt=key))
    found = list(rows.order_by("-count", "offender")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    seen = Violation.objects.filter(within(actor), offender__in=[row["offender"] for row in found])
    newest = dict(seen.order_by("offender", "-at").distinct("offender").values_list("offender", "pk"))
    shown = [{**row, "newest": newest[row["offender"]]} for row in found[:PAGE]]
    return shown, f"{last['count']}_{last['offender']}" if last else ""


@dataclass(frozen=True)
class Offender:
    """One offender: violations in sight with their measures, newest first, and the plates owned from when to when."""

    key: str
    name: str
    violations: list[Violation]
    ownerships: list[Ownership]


def offender_of(actor: Actor, violation: UUID) -> Offender:
    """Whoever a violation in sight is laid to; NotFound otherwise."""
    seen = Violation.objects.filter(within(actor), pk=violation).first()
    if seen is None:
        raise NotFound
    rows = Violation.objects.select_related("measure").filter(within(actor), offender=seen.offender)
    rows = rows.order_by("-at", "-id")[:200]
    owned = Ownership.objects.none()
    if seen.offender.startswith("o:"):
        owned = Ownership.objects.filter(party_id=UUID(seen.offender[2:])).order_by("plate", "from_on")
    return Offender(seen.offender, seen.name_masked or seen.plate, list(rows), list(owned))


def hot_spots(actor: Actor, what: str, turn: date, days: int) -> tuple[Change | None, int, int, bool]:
    """The `days` before and from a day on, compared: accidents or violations; (change, before, after, is cut off)."""
    model: Any = Accident if what == "accident" else Violation
    middle = datetime(turn.year, turn.month, turn.day, tzinfo=CHINA)
    span = timedelta(days=days)
    rows = model.objects.filter(within(actor), at__gte=middle - span, at__lt=middle + span).order_by("-at")
    found = list(rows.values_list("at", "longitude", "latitude")[: MOST_EVENTS + 1])
    is_cut, found = len(found) > MOST_EVENTS, found[:MOST_EVENTS]
    before = [(x, y) for at, x, y in found if at < middle]
    after = [(x, y) for at, x, y in found if at >= middle]
    return compared(before, after, (days, days)), len(before), len(after), is_cut
