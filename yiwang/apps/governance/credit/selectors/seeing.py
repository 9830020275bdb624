"""Who sees whose credit: the district all, a town its own, an organisation itself, a person what concerns him.

Rows are filtered before anything is counted; what is out of sight is answered like what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.apps.governance.credit.kinds import FREEZE, OBJECT, READ, RELEASE, REPAIR, WITHDRAW
from yiwang.apps.governance.credit.models import Entry, FrozenMonth, Listing, Subject
from yiwang.apps.governance.credit.services.months import end_of
from yiwang.engines.directory.api import Actor, today
from yiwang.kernel.errors import NotFound

PAGE = 50


def seen(actor: Actor, prefix: str = "") -> Q:
    """The subjects an actor sees, as a condition; `prefix` leads from another table to the subject."""
    reach = actor.reach(READ)
    found = Q(**{f"{prefix}kind": "inspector", f"{prefix}key": str(actor.user_id)})
    for division in reach.divisions:
        found |= Q(**{f"{prefix}division__startswith": division})
    for division, office in reach.organisations:
        found |= Q(**{f"{prefix}division__startswith": division, f"{prefix}organisation": office})
    return found


def reads(actor: Actor) -> bool:
    """Whether the actor holds a post that looks at credit."""
    reach = actor.reach(READ)
    return bool(reach.divisions or reach.organisations)


def may_speak_for(actor: Actor, subject: Subject) -> bool:
    """Whether the actor may object for a subject: its own office, or the town it lies in."""
    return actor.may(OBJECT, subject.division, subject.organisation)


def one_subject(actor: Actor, id: UUID) -> Subject:
    """A subject in sight, else NotFound."""
    found = Subject.objects.filter(seen(actor), pk=id).first()
    if found is None:
        raise NotFound
    return found


def one_entry(actor: Actor, id: int) -> Entry:
    """An event in sight with its subject, else NotFound."""
    rows = Entry.objects.select_related("subject").filter(seen(actor, "subject__"), target=None, pk=id)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Asked:
    """What a league table is narrowed to; `after` is the key of the last row of the page before."""

    kind: str
    division: str = ""
    level: str = ""
    search: str = ""
    is_worst_first: bool = False
    after: str = ""


def league(actor: Actor, asked: Asked) -> tuple[list[Subject], str]:
    """A page of the league table, and the key to go on after; '' at the end."""
    rows = Subject.objects.filter(seen(actor), kind=asked.kind, division__startswith=asked.division)
    rows = rows.filter(level=asked.level) if asked.level else rows
    rows = rows.filter(name__icontains=asked.search) if asked.search else rows
    score, _, key = asked.after.partition("_")
    if key:
        beyond = "gt" if asked.is_worst_first else "lt"
        rows = rows.filter(Q(**{f"score__{beyond}": float(score)}) | Q(score=float(score), pk__gt=UUID(key)))
    found = list(rows.order_by("score" if asked.is_worst_first else "-score", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.score!r}_{last.pk}" if last else ""


def listed(actor: Actor, listed: str, after: str) -> tuple[list[Listing], str]:
    """A page of who is on a list today, what expires first in front."""
    rows = Listing.objects.select_related("subject").filter(
        seen(actor, "subject__"), listed=listed, ended_on=None, until_on__gt=today()
    )
    day, _, key = after.partition("_")
    if key:
        rows = rows.filter(
            Q(until_on__gt=date.fromisoformat(day)) | Q(until_on=date.fromisoformat(day), pk__gt=int(key))
        )
    found = list(rows.order_by("until_on", "id")[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return found[:PAGE], f"{last.until_on}_{last.pk}" if last else ""


def under_objection(actor: Actor, after: int) -> tuple[list[Entry], int]:
    """A page of the freezes, newest first, each with `decided`: the event that ended it, or None while it stands."""
    rows: QuerySet[Entry] = Entry.objects.select_related("subject", "target").filter(
        seen(actor, "subject__"), event=FREEZE
    )
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    ends = Entry.objects.filter(target__in=[one.target_id for one in found], event__in=(RELEASE, WITHDRAW))
    decided = {(one.target_id, one.evidence): one.event for one in ends}
    for one in found:
        one.decided = decided.get((one.target_id, one.evidence))  # type: ignore[attr-defined]
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


def frozen_months(actor: Actor) -> list[date]:
    """The published months, the newest first."""
    if not reads(actor):
        return []
    return list(FrozenMonth.objects.order_by("-month").values_list("month", flat=True).distinct())


def frozen_league(actor: Actor, month: date, kind: str) -> tuple[FrozenMonth, list[list[Any]]]:
    """A published table and the rows of it in sight, each with its rank in front; NotFound when it is not published."""
    found = FrozenMonth.objects.filter(month=month, kind=kind).first()
    if found is None or not reads(actor):
        raise NotFound
    visible = {str(id) for id in Subject.objects.filter(seen(actor), kind=kind).values_list("id", flat=True)}
    return found, [[rank, *row] for rank, row in enumerate(found.rows, start=1) if row[0] in visible]


def corrections(actor: Actor, frozen: FrozenMonth) -> list[Entry]:
    """What was entered since the month was published and concerns it: it stands beside the table, not in it."""
    end = end_of(frozen.month)
    late = Q(at__lt=end, target=None) | Q(target__at__lt=end, event__in=(WITHDRAW, REPAIR))
    rows = Entry.objects.select_related("subject", "target").filter(
        late, seen(actor, "subject__"), subject__kind=frozen.kind, recorded_at__gt=frozen.at
    )
    return list(rows.order_by("-pk")[:100])
