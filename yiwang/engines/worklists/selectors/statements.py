"""The SQL of lists: each box as branches of (id, no, sort); each branch walks an index in list order and stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from yiwang.engines.directory.api import Actor
from yiwang.engines.gathering.api import STANDS_ALONE
from yiwang.engines.processes.api import PERSONAL
from yiwang.engines.worklists.selectors.catalogue import Catalogue
from yiwang.engines.worklists.selectors.conditions import RUNNING, TASK_DUE, condition_of, filters_of
from yiwang.engines.worklists.selectors.cursors import Place
from yiwang.engines.worklists.selectors.hits import CASE_DUE, Stretch, hits_in, hits_of, is_near
from yiwang.engines.worklists.selectors.search import Search
from yiwang.engines.worklists.selectors.sight import IN_REACH, SHARDS, TOOK_PART, VISIBLE, is_exact, sight_of

PERSONAL_SQL = ", ".join(f"'{status}'" for status in sorted(PERSONAL))
_REACHED = """c.division = reach.division AND c.type = reach.type
AND (reach.version IS NULL OR c.version_id = reach.version)"""
_POSTS = """post AS MATERIALIZED (SELECT DISTINCT {division} AS division, held.role, held.organisation
FROM unnest(%(roles)s::text[], %(role_divisions)s::text[], %(role_organisations)s::bigint[])
AS held(role, division, organisation) {shards})"""
_FREE = """t.division = post.division AND t.role = post.role AND t.status = 'open' AND t.assignee IS NULL
AND (post.organisation IS NULL OR t.organisation IS NULL OR t.organisation = post.organisation)"""

_HITS = "(SELECT * FROM hit ORDER BY {order} OFFSET 0) AS hit JOIN cases_case AS c ON c.id = hit.id"
"""Hits are sorted before they are joined: of thousands only as many as fill a page are looked at closely."""
_SINCE = "c.opened_at >= %(stretch_from)s"
_LAST = "(SELECT at FROM last)"
_NEAR = f"""WITH near AS MATERIALIZED ({{page}}),
last AS MATERIALIZED (SELECT CASE WHEN count(*) < {{size}} THEN %(stretch_from)s ELSE min(sort) END AS at FROM near),
within_reach AS MATERIALIZED (SELECT c.id FROM reach JOIN cases_case AS c ON c.division = reach.division
AND c.type = reach.type WHERE reach.version IS NULL AND {_SINCE} AND c.opened_at >= {_LAST}
AND c.opened_at <= %(stretch_to)s)"""
_OWN = f"""(SELECT i.case_id, i.opened_at FROM cases_involvement AS i WHERE i.party = %(party_{{party}})s
AND i.opened_at >= %(stretch_from)s AND i.opened_at >= {_LAST} AND i.opened_at <= %(stretch_to)s
AND NOT EXISTS (SELECT 1 FROM within_reach WHERE within_reach.id = i.case_id) OFFSET 0)"""
_IS_FEW = "(SELECT is_few FROM few)"


@dataclass(frozen=True, slots=True)
class Walk:
    """How far and which way to read: `size` rows behind (or, `is_back`, before) a place. `is_count` needs no order."""

    size: int
    place: Place | None = None
    is_back: bool = False
    is_count: bool = False


def beginning(boxes: Sequence[Box]) -> str:
    """The common table expressions that boxes of one actor share."""
    first, names = boxes[0], {box.search.box for box in boxes}
    parts = [first.sight.sql]
    is_sharded = not first.sight.is_exact or any(box.is_everywhere for box in boxes)
    if "post" in names:
        by_prefix = not is_exact(grant.division for grant in first.actor.grants)
        join = "JOIN shard ON starts_with(shard.division, held.division)" if by_prefix else ""
        parts.append(_POSTS.format(division="shard.division" if by_prefix else "held.division", shards=join))
        is_sharded = is_sharded or by_prefix
    parts += [box.hits for box in boxes if box.hits]
    return f"WITH RECURSIVE {', '.join([SHARDS, *parts] if is_sharded else parts)}"


class Box:
    """The rows of one search for one actor, as SQL over the tables; parameters are named, so branches share them."""

    def __init__(self, actor: Actor, search: Search, known: Catalogue) -> None:
        self.actor, self.search = actor, search
        self.sight = sight_of(actor, known, type=search.type, area=search.area)
        self.condition, parameters = condition_of(search)
        self.condition_of_involved, _ = condition_of(search, "i")
        self.parameters: dict[str, Any] = {**self.sight.parameters(actor), **parameters}
        self.hits = hits_of(search, filters_of(search)) if search.box == "all" else ""
        self.stretch: Stretch | None = None
        self._types = list(known.roles)

    def within(self, stretch: Stretch) -> Box:
        """The same search, looked for in one stretch of time alone."""
        found = copy(self)
        found.stretch = stretch
        near = is_near(self.search, self.sight)
        found.hits, parameters = hits_in(stretch, filters_of(self.search), self._types, of_reach=near)
        if near and stretch.is_walked:
            found.hits = ""
        found.parameters = self.parameters | parameters
        return found

    @property
    def is_everywhere(self) -> bool:
        """Whether words are sought in all shards, also in those no post of the actor's reaches."""
        return self.stretch is not None and not is_near(self.search, self.sight)

    @property
    def begin(self) -> str:
        """The common table expressions of this box: planning what it does not read would cost a millisecond."""
        return beginning([self])

    def rows(self, walk: Walk) -> str:
        """At most `walk.size` rows (id, no, sort); those of several branches are told apart by their key."""
        tables = ""
        if self.stretch is not None and not self.is_everywhere:
            tables, branches = self._near(walk, self.stretch)
        else:
            branches = self._branches(walk)
        tail = f"LIMIT {walk.size}" if walk.is_count else self._tail(walk, "sort", "id", "no")
        united = " UNION ALL ".join(f"({branch})" for branch in branches)
        return f"{tables} SELECT DISTINCT id, no, sort FROM ({united}) AS found {tail}"

    def _near(self, walk: Walk, stretch: Stretch) -> tuple[str, Iterator[str]]:
        """Of a few shards their own hits; what is the actor's own may lie in any, yet no further back than the page.

        Who performs in a town took part in most of its cases. So involvements are asked only for cases that no post
        reaches, told by the index alone.
        """
        reached = self._reached(walk, _SINCE) if stretch.is_walked else self._hits(walk, IN_REACH)
        page = f"SELECT id, no, sort FROM ({reached}) AS reached {self._tail(walk, 'sort', 'id', 'no')}"
        return _NEAR.format(page=page, size=walk.size), self._near_branches(walk)

    def _near_branches(self, walk: Walk) -> Iterator[str]:
        yield "SELECT id, no, sort FROM near"
        yield self._cases(walk, f"c.opened_by = %(me)s AND c.opened_at >= {_LAST}")
        for place in range(1 + len(self.actor.organisation_ids)):
            source = f"{_OWN.format(party=place)} AS i JOIN cases_case AS c ON c.id = i.case_id"
            yield self._branch(walk, source, TOOK_PART, "i")

    def _branches(self, walk: Walk) -> Iterator[str]:
        box = self.search.box
        if box == "mine":
            yield self._tasks(walk, f"t.assignee = %(me)s AND t.status IN ({PERSONAL_SQL})")
        elif box == "post":
            yield self._free_tasks(walk)
        elif box == "unit":
            yield self._reached(walk, RUNNING)
            yield self._of_organisations(walk)
        elif box == "watched":
            yield self._involved(walk, f"i.party = %(party_0)s AND i.is_watching AND {VISIBLE}")
        elif box == "opened":
            yield self._cases(walk, "c.opened_by = %(me)s")
        else:
            yield from self._all(walk)

    def _all(self, walk: Walk) -> Iterator[str]:
        if self.stretch is not None:
            yield self._hits(walk, VISIBLE)
            return
        otherwise = f"NOT {_IS_FEW}" if self.hits else "TRUE"
        if self.hits:
            yield self._hits(walk, f"{_IS_FEW} AND {VISIBLE}")
        yield self._reached(walk, otherwise)
        if not self.actor.is_system:
            yield self._cases(walk, f"c.opened_by = %(me)s AND {otherwise}")
            yield from self._of_parties(walk, otherwise)

    def _order(self, of: str) -> tuple[str, ...]:
        """Columns that sort a branch: of cases `c`, of involvements `i`, of tasks `t`, or of hits not yet joined."""
        if of == "t":
            return (TASK_DUE if self.search.order == "due" else "t.since"), "t.case_id", "t.no"
        if of == "hit":
            return f"hit.{'due' if self.search.order == 'due' else 'opened_at'}", "hit.id"
        if self.search.order == "due":
            return CASE_DUE, "c.id"
        return ("i.opened_at", "i.case_id") if of == "i" else ("c.opened_at", "c.id")

    def _is_ascending(self, walk: Walk) -> bool:
        return (self.search.order == "due") != walk.is_back

    def _tail(self, walk: Walk, *columns: str) -> str:
        direction = "" if self._is_ascending(walk) else " DESC"
        return f"ORDER BY {', '.join(column + direction for column in columns)} LIMIT {walk.size}"

    def _branch(self, walk: Walk, source: str, where: str, of: str) -> str:
        columns = self._order(of)
        key = columns if of == "t" else (*columns[:2], "0")
        behind = ""
        if walk.place is not None:
            sign = ">" if self._is_ascending(walk) else "<"
            names = ("%(place_at)s", "%(place_id)s", "%(place_no)s")[: len(columns)]
            behind = f" AND ({', '.join(columns)}) {sign} ({', '.join(names)})"
            self.parameters |= {"place_at": walk.place.at, "place_id": walk.place.id, "place_no": walk.place.no}
        tail = f"LIMIT {walk.size}" if walk.is_count else self._tail(walk, *columns)
        chosen = f"{key[1]} AS id, {key[2]} AS no, {key[0]} AS sort"
        condition = self.condition_of_involved if of == "i" else self.condition
        return f"SELECT {chosen} FROM {source} WHERE {where} AND {condition}{behind} {tail}"

    def _hits(self, walk: Walk, where: str) -> str:
        direction = "" if self._is_ascending(walk) else " DESC"
        order = ", ".join(column + direction for column in self._order("hit"))
        return self._branch(walk, _HITS.format(order=order), where, "hit")

    def _cases(self, walk: Walk, where: str) -> str:
        return self._branch(walk, "cases_case AS c", where, "c")

    def _tasks(self, walk: Walk, where: str) -> str:
        source = "cases_token AS t JOIN cases_case AS c ON c.id = t.case_id"
        return self._branch(walk, source, f"{where} AND {STANDS_ALONE}", "t")

    def _involved(self, walk: Walk, where: str) -> str:
        source = "cases_involvement AS i JOIN cases_case AS c ON c.id = i.case_id"
        return self._branch(walk, source, where, "i")

    def _each(self, walk: Walk, source: str, branch: str) -> str:
        """A branch for each row of a source, each of them short; a count stops as soon as it has enough."""
        limit = f" LIMIT {walk.size}" if walk.is_count else ""
        return f"SELECT hit.id, hit.no, hit.sort FROM {source} CROSS JOIN LATERAL ({branch}) AS hit{limit}"

    def _reached(self, walk: Walk, where: str) -> str:
        return self._each(walk, "reach", self._cases(walk, f"{_REACHED} AND {where}"))

    def _of_parties(self, walk: Walk, where: str) -> Iterator[str]:
        """A branch for each, with the party as a constant: the planner knows how much each one has."""
        for place in range(1 + len(self.actor.organisation_ids)):
            yield self._involved(walk, f"i.party = %(party_{place})s AND {where} AND {TOOK_PART}")

    def _of_organisations(self, walk: Walk) -> str:
        source = "cases_case AS c"
        given = "SELECT case_id FROM cases_token WHERE organisation = ANY(%(organisations)s::bigint[])"
        return self._branch(walk, source, f"c.id IN ({given}) AND {RUNNING}", "c")

    def _free_tasks(self, walk: Walk) -> str:
        return self._each(walk, "post", self._tasks(walk, f"{_FREE} AND {VISIBLE}"))
