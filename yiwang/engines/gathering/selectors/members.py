"""Who belongs to whom: what the panel shows, what a reporter is told, what the statistics count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from yiwang.engines.cases.api import REPORTER, CaseView, Followed, Running, followed, open_cursor, secret_of, seen_cases
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.gathering.models import Bundle, Membership
from yiwang.engines.gathering.rights import MERGE, may_gather
from yiwang.kernel.errors import NotFound

_COUNTED = """SELECT into_id, count(*) FROM gathering_membership
WHERE into_id = ANY(%s) AND kind = 'merged' AND ending IN ('', 'settled') GROUP BY into_id"""
_SHARE = """SELECT count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM gathering_membership AS m WHERE m.case_id = c.id AND m.kind = 'merged' AND m.ending IN ('', 'settled')
)) FROM cases_case AS c WHERE c.division LIKE ANY(%s) AND c.opened_at >= %s AND c.opened_at < %s
AND (%s = '' OR c.type = %s)"""

STANDS_ALONE = """(c.status <> 'suspended' OR NOT EXISTS (SELECT 1 FROM gathering_membership AS merged
WHERE merged.case_id = c.id AND merged.kind = 'merged' AND merged.ended_at IS NULL))"""
"""SQL about a case `c` for lists of what is to be done: a merged case is handled by its main."""

IS_OWN_PROBLEM = """NOT EXISTS (SELECT 1 FROM gathering_membership AS merged
WHERE merged.case_id = c.id AND merged.kind = 'merged' AND merged.ending IN ('', 'settled'))"""
"""SQL about a case `c` for counts of problems: a merged report is counted with its main, resting and ended."""


@dataclass(frozen=True, slots=True)
class Member:
    """A case with the row that ties it; `case` is None when the actor may not see it."""

    row: Membership
    case: Running | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything tied to a case, as far as the actor may see it."""

    may_gather: bool
    main: Member | None
    members: Sequence[Member]
    parts: Sequence[Member]
    whole: Member | None
    bundle: Bundle | None

    @property
    def is_empty(self) -> bool:
        return not (self.main or self.members or self.parts or self.whole or self.bundle)


@dataclass(frozen=True, slots=True)
class Linked:
    """A case split from the reporter's own: its number, and the way to it with the proof in the address."""

    number: str
    title: str
    secret: str


@dataclass(frozen=True, slots=True)
class Following:
    """What a reporter sees when the report is merged: the main's steps, limit and status with their own story.

    Nothing else of the main: no words, no person, no picture before the answer.
    """

    found: Followed
    main_number: str
    is_settled: bool
    parts: tuple[Linked, ...]


def gathered(view: CaseView) -> Gathered:
    """What the case in front of an actor is tied to; settled members stay listed, undone ones do not."""
    rows = list(
        Membership.objects.filter(Q(case_id=view.id) | Q(into_id=view.id), ending__in=("", "settled")).order_by(
            "at", "id"
        )
    )
    others = [row.into_id if row.case_id == view.id else row.case_id for row in rows if row.kind != "bundled"]
    cases = seen_cases(view.actor, others)

    def tied(kind: str, *, is_below: bool) -> list[Member]:
        fitting = (row for row in rows if row.kind == kind and (row.into_id == view.id) == is_below)
        return [Member(row, cases.get(row.case_id if is_below else row.into_id)) for row in fitting]

    main, whole = tied("merged", is_below=False), tied("split_from", is_below=False)
    trip = next((row.into_id for row in rows if row.kind == "bundled" and row.case_id == view.id), None)
    return Gathered(
        may_gather(view.actor, view.case), main[-1] if main else None, tied("merged", is_below=True),
        tied("split_from", is_below=True), whole[-1] if whole else None,
        Bundle.objects.filter(pk=trip).first() if trip is not None else None,
    )  # fmt: skip


def following(found: Followed) -> Following | None:
    """What gathering adds for the reporter of a case, who has proved it; None when nothing is tied to it."""
    rows = list(
        Membership.objects.filter(
            Q(case_id=found.id, kind="merged", ending__in=("", "settled")) | Q(into_id=found.id, kind="split_from")
        ).order_by("at", "id")
    )
    if not rows:
        return None
    merged = next((row for row in rows if row.kind == "merged"), None)
    parts = seen_cases(SYSTEM, [row.case_id for row in rows if row.kind == "split_from"])
    linked = tuple(Linked(one.number, one.title, secret_of(one.number)) for one in parts.values())
    if merged is None:
        return Following(found, "", False, linked)
    main = _main_as_followed(merged.into_id)
    if main is None:
        return Following(found, "", False, linked)
    if not merged.ending:
        found = replace(found, status=main.status, whole=main.whole, stages=main.stages, closed_at=None)
    else:
        found = replace(found, stages=main.stages)
    return Following(found, main.number, bool(merged.ending), linked)


def _main_as_followed(main_id: UUID) -> Followed | None:
    """The main as its own reporter would see it; only steps, limit and status are handed on."""
    try:
        return followed(Actor(None, REPORTER, proof=main_id), main_id)
    except NotFound:
        return None


def member_counts(actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many reports each of these cases stands for beside its own; those without any, or not seen, are left out."""
    seen = case_ids if actor.is_system else list(seen_cases(actor, case_ids))
    return dict(open_cursor().read(_COUNTED, [list(seen)])) if seen else {}


def repeated(actor: Actor, since: datetime, until: datetime, type: str = "") -> tuple[int, int]:
    """(opened, merged into others) of the cases opened in the period where the actor may gather: 重复案件率's parts."""
    patterns = [f"{prefix}%" for prefix in actor.scopes(MERGE)]
    if not patterns:
        return 0, 0
    ((opened, merged),) = open_cursor().read(_SHARE, [patterns, since, until, type, type])
    return opened, merged
