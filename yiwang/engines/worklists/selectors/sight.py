"""`rights.may_see` as SQL: which rows an actor may see, written so that indexes led by the division serve it.

A case lies in one shard: a town, or the district while its town is unknown. What posts reach becomes (division, type)
pairs, each of which one index range answers; what an actor sees because it took part is found from the other side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.selectors.catalogue import Catalogue

SHARD_LENGTH = 9
SHARDS = """shard AS (
SELECT (SELECT min(division) FROM cases_case) AS division
UNION ALL SELECT (SELECT min(division) FROM cases_case WHERE division > shard.division)
FROM shard WHERE shard.division IS NOT NULL)"""
_GIVEN = "unnest(%(prefixes)s::text[], %(types)s::text[], %(versions)s::uuid[]) AS given(division, type, version)"
REACH_OF_TOWNS = f"reach AS MATERIALIZED (SELECT * FROM {_GIVEN})"
REACH = f"""reach AS MATERIALIZED (SELECT DISTINCT shard.division, given.type, given.version
FROM {_GIVEN} JOIN shard ON starts_with(shard.division, given.division))"""
TOOK_PART = """(EXISTS (SELECT 1 FROM cases_token AS own WHERE own.case_id = c.id
AND (own.assignee = %(me)s OR own.organisation = ANY(%(organisations)s::bigint[])))
OR jsonb_path_exists(c.memory, '$.visited.*[0] ? (@ == $me)', jsonb_build_object('me', %(me)s::bigint)))"""
IN_REACH = """EXISTS (SELECT 1 FROM reach WHERE reach.division = c.division AND reach.type = c.type
AND (reach.version IS NULL OR reach.version = c.version_id))"""
VISIBLE = f"({IN_REACH} OR c.opened_by = %(me)s OR {TOOK_PART})"


def is_exact(prefixes: Iterable[str]) -> bool:
    """Whether each prefix is a shard, or finer than any."""
    return all(len(prefix) >= SHARD_LENGTH for prefix in prefixes)


class Sight(NamedTuple):
    """Rows of reach: (division prefix, type, version); without a version all versions of the type."""

    rows: tuple[tuple[str, str, UUID | None], ...]

    @property
    def is_exact(self) -> bool:
        """Whether all prefixes are shards themselves."""
        return is_exact(prefix for prefix, _, _ in self.rows)

    @property
    def sql(self) -> str:
        """The common table expression `reach` that VISIBLE and the lists read; it needs SHARDS unless `is_exact`."""
        return REACH_OF_TOWNS if self.is_exact else REACH

    def parameters(self, actor: Actor) -> dict[str, Any]:
        """What the texts above name."""
        return {
            "prefixes": [row[0] for row in self.rows],
            "types": [row[1] for row in self.rows],
            "versions": [row[2] for row in self.rows],
            "me": actor.user_id,
            "organisations": list(actor.organisation_ids),
            "roles": [grant.role for grant in actor.grants],
            "role_divisions": [grant.division for grant in actor.grants],
            "role_organisations": [grant.organisation for grant in actor.grants],
            **{f"party_{place}": party for place, party in enumerate(_parties(actor))},
        }


def _parties(actor: Actor) -> list[str]:
    """The actor and its organisations, as involvements name them."""
    return [f"u{actor.user_id}", *(f"o{number}" for number in actor.organisation_ids)]


def sight_of(actor: Actor, known: Catalogue, *, type: str = "", area: str = "") -> Sight:
    """What the actor's posts reach, narrowed to a type and to the shard of an area where these are given."""
    shard = area[:SHARD_LENGTH] if len(area) >= SHARD_LENGTH else ""
    kept: set[tuple[str, str, UUID | None]] = set()
    for prefix, kind, version in _reached(actor, known):
        if type and kind != type:
            continue
        if not shard:
            kept.add((prefix, kind, version))
        elif shard.startswith(prefix):
            kept.add((shard, kind, version))
    return Sight(tuple(sorted(_without_covered(kept), key=str)))


def _reached(actor: Actor, known: Catalogue) -> Iterator[tuple[str, str, UUID | None]]:
    if actor.is_system:
        yield from (("", type, None) for type in known.roles)
        return
    for grant in actor.grants:
        if grant.sees != "division":
            continue
        for type, versions in known.roles.items():
            fitting = [version for version, roles in versions.items() if grant.role in roles]
            if len(fitting) == len(versions):
                yield grant.division, type, None
            else:
                yield from ((grant.division, type, version) for version in fitting)


def _without_covered(rows: set[tuple[str, str, UUID | None]]) -> Iterator[tuple[str, str, UUID | None]]:
    """Rows inside a wider one would show a case twice."""
    for row in rows:
        prefix, type, version = row
        wider = {(prefix[:length], type, which) for length in range(len(prefix) + 1) for which in (version, None)}
        if rows.isdisjoint(wider - {row}):
            yield row
