"""协同处置: cases handled on one trip without merging. Each keeps its clock, its steps and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseMoved, Running, claim, open_cursor, save
from yiwang.engines.directory.api import Actor
from yiwang.engines.gathering.models import Bundle, Membership
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.gathering.rights import require_gathering, standing
from yiwang.engines.gathering.services.merging import RUNNING
from yiwang.engines.gathering.services.moving import end, holding, say
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound
from yiwang.kernel.events import publish

MOST = 50
"""Cases one trip may hold; a proposal."""
LONGEST_TITLE = 60


def bundle(actor: Actor, title: str, case_ids: Sequence[UUID]) -> Bundle:
    """A new bundle of these cases."""
    title = " ".join(title.split())[:LONGEST_TITLE]
    if not title or not case_ids:
        raise NotGathered("协同处置需要名称和至少一件办件。", next_step="请填写名称后重新提交。")
    with transaction.atomic():
        cases = _claimed(actor, case_ids)
        division = _shared(cases)
        made = Bundle.objects.create(
            title=title, division=division, by=actor.user_id,
            by_name=actor.name, at=now(),
        )  # fmt: skip
        _put(actor, made, cases)
        _journal(actor, made, "gathering.bundle.opened", cases)
    return made


def add_to_bundle(actor: Actor, bundle_id: UUID, case_ids: Sequence[UUID]) -> Bundle:
    """More cases for the trip; who adds must see something of it already."""
    with transaction.atomic():
        made = _locked(actor, bundle_id)
        cases = _claimed(actor, case_ids)
        _put(actor, made, cases)
        _journal(actor, made, "gathering.bundle.added", cases)
    return made


def remove_from_bundle(actor: Actor, bundle_id: UUID, case_id: UUID) -> Bundle:
    """Take a case off the trip."""
    with transaction.atomic():
        made = _locked(actor, bundle_id)
        (case,) = _claimed(actor, [case_id])
        row = holding(case_id, "bundled")
        if row is None or row.into_id != bundle_id:
            raise NotGathered(gettext("{number} 不在这次协同处置中。").format(number=case.number))
        end(row, "removed", actor)
        say(standing(actor, case), case, f"移出协同处置“{made.title}”。")
        _save([case])
        _journal(actor, made, "gathering.bundle.removed", [case])
    return made


def _shared(cases: Sequence[Running]) -> str:
    """The town all cases lie in, else their district."""
    towns = {case.division for case in cases}
    return towns.pop() if len(towns) == 1 else cases[0].division[:6]


def _locked(actor: Actor, bundle_id: UUID) -> Bundle:
    from yiwang.engines.gathering.selectors.bundles import bundle_view

    if not Bundle.objects.select_for_update().filter(pk=bundle_id).exists():
        raise NotFound
    return bundle_view(actor, bundle_id).bundle


def _claimed(actor: Actor, case_ids: Sequence[UUID]) -> list[Running]:
    wanted = sorted(set(case_ids))
    cases = claim(open_cursor(), wanted)
    if len(cases) < len(wanted):
        raise NotFound
    require_gathering(actor, *cases.values())
    return list(cases.values())


def _put(actor: Actor, made: Bundle, cases: Sequence[Running]) -> None:
    held = Membership.objects.filter(into_id=made.id, kind="bundled", ended_at=None).count()
    if held + len(cases) > MOST:
        raise NotGathered(gettext("一次协同处置最多 {count} 件。").format(count=MOST), next_step="请另建一次协同处置。")
    for case in cases:
        if case.state.status not in RUNNING:
            raise NotGathered(
                gettext("{number} 已经办结或作废。").format(number=case.number), next_step="请只选择在办的办件。"
            )
        if holding(case.id, "bundled") is not None:
            raise NotGathered(
                gettext("{number} 已在一次协同处置中。").format(number=case.number),
                next_step="请先从原来的协同处置中移出。",
            )
        say(standing(actor, case), case, f"编入协同处置“{made.title}”。")
    Membership.objects.bulk_create(
        Membership(case_id=case.id, into_id=made.id, kind="bundled", by=actor.user_id, by_name=actor.name, at=now())
        for case in cases
    )
    _save(cases)


def _save(cases: Sequence[Running]) -> None:
    save(open_cursor(), cases)
    for case in cases:
        publish(CaseMoved(case.id, case.graph.type, "comment", case.state.status))


def _journal(actor: Actor, made: Bundle, kind: str, cases: Sequence[Running]) -> None:
    payload = {"bundle": str(made.id), "title": made.title, "cases": [str(case.id) for case in cases]}
    trust.append(f"bundle:{made.id}", kind, payload, actor=actor, division=made.division)
