"""Which cases look like this one: found by tile, village and person, ranked in the database by common bits, then read.

Only running cases are suggested: a closed one can be no main. One that is merged is shown as its main.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from yiwang.engines.cases.api import Running, graph_of, open_cursor, published, seen_cases
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.gathering.joining import main_types, member_types
from yiwang.engines.gathering.likeness import (
    PROPOSALS,
    Facts,
    Likeness,
    likeness,
    metres_between,
    signature,
    tiles_around,
)
from yiwang.engines.gathering.marking import person_in, start_form, text_of
from yiwang.engines.gathering.models import Membership
from yiwang.engines.gathering.wording import ago, category_of, reasons, stage_of
from yiwang.kernel.clock import now

_OWN = """SELECT type, text, opened_at, longitude, latitude, village, category, person FROM gathering_mark
WHERE case_id = %s"""
_LIKELY = """WITH near AS (
    SELECT * FROM gathering_mark WHERE NOT is_over AND tile = ANY(%s::bigint[]) AND tile <> 0
        AND opened_at BETWEEN %s AND %s
    UNION ALL
    SELECT * FROM gathering_mark WHERE NOT is_over AND village = %s AND village <> '' AND tile = 0
        AND opened_at BETWEEN %s AND %s
    UNION ALL
    SELECT * FROM gathering_mark WHERE NOT is_over AND person = %s AND person <> '' AND opened_at BETWEEN %s AND %s
)
SELECT m.case_id, m.type, m.text, m.opened_at, m.longitude, m.latitude, m.village, m.category, m.person
FROM near AS m JOIN cases_case AS c ON c.id = m.case_id AND c.status IN ('open', 'suspended')
WHERE m.type = ANY(%s::text[]) AND m.case_id <> %s
ORDER BY 2.0 * bit_count(m.signature & %s::bit(256)) / (8 + bit_count(m.signature))
    - coalesce(abs(m.latitude - %s) + abs(m.longitude - %s), 0.003) * 100 DESC
LIMIT %s"""
_NOBODY = UUID(int=0)
_CLOSE_BY = 100.0
"""Metres within which the same class alone is worth asking a citizen about; a proposal."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A running case that looks like the one asked about; `reasons` are sentences for people."""

    case: Running
    likeness: Likeness
    reasons: tuple[str, ...]

    @property
    def score(self) -> float:
        return self.likeness.score


@dataclass(frozen=True, slots=True)
class Nearby:
    """What the public may know of a report nearby: no words of its reporter, no exact place, no number."""

    category: str
    stage: str
    metres: int
    ago: str


def facts_of(type: str, data: Mapping[str, Any]) -> Facts:
    """A report that is no case yet, from the data of its form; what is missing stays unknown."""
    version = published().get(type)
    if version is None:
        return Facts(type, "", now())
    graph = graph_of(version)
    form, head = start_form(graph), graph.head
    title = str(head["subject"].value(dict(data)) or "") if "subject" in head else ""
    category = str(head["category"].value(dict(data)) or "") if "category" in head else ""
    place = data.get(graph.bundle.get("place") or "")
    place = place if isinstance(place, Mapping) else {}
    area = str(place.get("division") or "")
    return Facts(
        type, text_of(graph, title, data), now(), place.get("longitude"), place.get("latitude"),
        area[:12] if len(area) >= 12 else "", category, person_in(form, data) if form is not None else "",
    )  # fmt: skip


def likely_same(actor: Actor, asked: UUID | Facts, limit: int = 5) -> list[Suggestion]:
    """Running cases the actor may see that are likely of the same problem as a case or as `facts_of` a report.

    Those of its type and of the types it may be merged into. The best first; never the case itself, its main, its
    members, or one a person has taken apart from it.
    """
    own = asked if isinstance(asked, UUID) else None
    facts = _own_facts(own) if own is not None else asked
    return _suggested(actor, facts, own, main_types(facts.type), limit) if isinstance(facts, Facts) else []


def likely_members(actor: Actor, case_id: UUID, limit: int = 5) -> list[Suggestion]:
    """As `likely_same`, of other types that may be merged into the case and stand for themselves so far."""
    facts = _own_facts(case_id)
    types = member_types(facts.type) if facts is not None else ()
    if facts is None or not types:
        return []
    found = _suggested(actor, facts, case_id, types, limit)
    return [one for one in found if one.case.graph.type in types and one.case.state.status == "open"]


def _suggested(actor: Actor, facts: Facts, own: UUID | None, types: Sequence[str], limit: int) -> list[Suggestion]:
    candidates = _candidates(facts, own, types)
    scored = [(id, found) for id, other in candidates if (found := likeness(facts, other)) is not None]
    standing = _as_mains(own, scored)
    best = sorted(standing.items(), key=lambda pair: -pair[1].score)[: limit * 2]
    cases = seen_cases(actor, [id for id, _ in best])
    return [
        Suggestion(cases[id], found, reasons(found, is_earlier=cases[id].opened_at <= facts.at))
        for id, found in best
        if id in cases and cases[id].state.status in ("open", "suspended")
    ][:limit]


def _own_facts(case_id: UUID) -> Facts | None:
    rows = open_cursor().read(_OWN, [case_id])
    if not rows:
        return None
    type, text, at, longitude, latitude, village, category, person = rows[0]
    return Facts(type, text, at, longitude, latitude, village, category, person)


def _candidates(facts: Facts, own: UUID | None, types: Sequence[str]) -> list[tuple[UUID, Facts]]:
    """The most promising by place and common pairs of characters, each once."""
    span = facts.at - PROPOSALS.span, facts.at + PROPOSALS.span
    latitude, longitude = facts.latitude or 0.0, facts.longitude or 0.0
    rows = open_cursor().read(_LIKELY, [
        tiles_around(facts.longitude, facts.latitude), *span, facts.village, *span, facts.person, *span,
        list(types), own or _NOBODY, signature(facts.text), latitude, longitude, PROPOSALS.candidates,
    ])  # fmt: skip
    return list({
        id: (id, Facts(type, text, at, longitude, latitude, village, category, person))
        for id, type, text, at, longitude, latitude, village, category, person in rows
    }.values())  # fmt: skip


def _as_mains(own: UUID | None, scored: Sequence[tuple[UUID, Likeness]]) -> dict[UUID, Likeness]:
    """The best likeness of each main; what people took apart from this case is left out, and the case itself."""
    ids = [id for id, _ in scored]
    rows = Membership.objects.filter(Q(case_id__in=[*ids, own or _NOBODY]) | Q(into_id=own or _NOBODY), kind="merged")
    mains, apart = dict[UUID, UUID](), set[UUID]()
    for case_id, into_id, ending in rows.values_list("case_id", "into_id", "ending"):
        if not ending:
            mains[case_id] = into_id
        elif ending == "unmerged" and own in (case_id, into_id):
            apart |= {case_id, into_id}
    apart |= {one for one in (own, mains.get(own or _NOBODY)) if one is not None}
    best: dict[UUID, Likeness] = {}
    for id, found in scored:
        main = mains.get(id, id)
        if main not in apart and (main not in best or best[main].score < found.score):
            best[main] = found
    return best


def nearby(facts: Facts, limit: int = 3) -> list[Nearby]:
    """Open reports of a public type near a place, in words anybody may read: the nearest first.

    Asked before somebody reports, so that ten people need not write what one has written. Says nothing of persons,
    rounds distances, and keeps quiet about types that are not public.
    """
    version = published().get(facts.type)
    if version is None or not graph_of(version).bundle.get("public") or facts.longitude is None:
        return []
    facts = replace(facts, person="")  # Nobody finds out by asking whether somebody's telephone has reported here.
    fitting: list[tuple[float, UUID, timedelta]] = []
    for id, other in _candidates(facts, None, (facts.type,)):
        metres = metres_between(facts, other)
        is_beside = metres is not None and metres <= _CLOSE_BY and other.category == facts.category
        if metres is not None and (is_beside or likeness(facts, other) is not None):
            fitting.append((metres, id, facts.at - other.at))
    cases = seen_cases(SYSTEM, [id for _, id, _ in sorted(fitting)[: limit * 2]])
    step = PROPOSALS.nearby_step
    return [
        Nearby(category_of(cases[id]), stage_of(cases[id]), max(step, round(metres / step) * step), ago(apart))
        for metres, id, apart in sorted(fitting)
        if id in cases and cases[id].state.status == "open"
    ][:limit]
