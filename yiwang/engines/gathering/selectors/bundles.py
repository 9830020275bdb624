"""Handling trips and the cases on them, as far as the actor may see those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from yiwang.engines.cases.api import Running, seen_cases
from yiwang.engines.directory.api import Actor
from yiwang.engines.gathering.models import Bundle, Membership
from yiwang.engines.gathering.rights import MERGE
from yiwang.engines.gathering.services.bundling import MOST
from yiwang.kernel.errors import NotFound

PAGE = 20


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle with its cases in the order they were added; `hidden` counts those the actor may not see."""

    bundle: Bundle
    cases: Sequence[Running]
    hidden: int

    @property
    def running(self) -> int:
        return sum(case.state.status in ("open", "suspended") for case in self.cases)


def bundle_view(actor: Actor, bundle_id: UUID) -> BundleView:
    """One bundle; NotFound unless the actor sees one of its cases, or made it and it is empty."""
    found = Bundle.objects.filter(pk=bundle_id).first()
    if found is None:
        raise NotFound
    (view,) = _views(actor, [found]) or (None,)
    if view is None:
        raise NotFound
    return view


def bundles(actor: Actor, before: UUID | None = None) -> tuple[list[BundleView], UUID | None]:
    """Bundles where the actor may gather, the newest first, and the id behind which the next page begins."""
    here = Q()
    for prefix in actor.scopes(MERGE):
        here |= Q(division__startswith=prefix)
    if not here:
        return [], None
    rows = list(Bundle.objects.filter(here, Q(pk__lt=before) if before else Q()).order_by("-pk")[: PAGE + 1])
    return _views(actor, rows[:PAGE]), rows[PAGE - 1].pk if len(rows) > PAGE else None


def _views(actor: Actor, rows: Sequence[Bundle]) -> list[BundleView]:
    """Those of them with a case the actor may see; three statements however many."""
    ties = list(
        Membership.objects.filter(into_id__in=[row.pk for row in rows], kind="bundled", ended_at=None)
        .order_by("at", "id").values_list("into_id", "case_id")[: PAGE * MOST]
    )  # fmt: skip
    cases = seen_cases(actor, [case_id for _, case_id in ties])
    found = []
    for row in rows:
        ids = [case_id for into_id, case_id in ties if into_id == row.pk]
        seen = [cases[case_id] for case_id in ids if case_id in cases]
        if seen or (not ids and row.by is not None and row.by == actor.user_id):
            found.append(BundleView(row, seen, len(ids) - len(seen)))
    return found
