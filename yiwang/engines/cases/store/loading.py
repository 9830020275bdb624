"""Claim cases and read what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import set_json_loads

from yiwang.engines.cases.models import AppVersion
from yiwang.engines.cases.store.rows import clock_of, scope_of, token_of
from yiwang.engines.cases.store.tables import Cursor, array_literal
from yiwang.engines.processes.api import CaseState, Effect, Graph
from yiwang.engines.trust.api import Entry

_COLUMNS = """id, number, division, area, version_id, type, title, category, status, outcome, data, memory, next_token,
next_scope, next_clock, sequence, head, opened_at, opened_by, longitude, latitude, due_at, closed_at, changed_at"""
CLAIM = f"SELECT {_COLUMNS} FROM cases_case WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
CLAIM_FREE = f"{CLAIM} SKIP LOCKED"
LOOK = f"SELECT {_COLUMNS} FROM cases_case WHERE id = ANY(%s::uuid[])"
READ_TOKENS = """SELECT case_id, no, node, scope, status, since, flow, role, assignee, organisation, host, came_from,
came_by, extra FROM cases_token WHERE case_id = ANY(%s::uuid[]) ORDER BY case_id, no"""
READ_SCOPES = """SELECT case_id, no, parent, node, kind, host, variables FROM cases_scope
WHERE case_id = ANY(%s::uuid[]) ORDER BY case_id, no"""
READ_CLOCKS = """SELECT case_id, no, token, kind, node, amount, unit, started_at, due_at, is_provisional, next_at, mark,
ledger, is_stopped FROM cases_due WHERE case_id = ANY(%s::uuid[]) ORDER BY case_id, no"""


@dataclass(slots=True)
class Running:
    """A case in hand: its row, the state as loaded (`before`) and as it is now, and what is still to be written.

    Both are one object until the first step: a step works on a copy and leaves the state it was given as it is.
    """

    graph: Graph
    version: UUID
    number: str
    division: str
    area: str
    title: str
    category: str
    opened_at: datetime
    before: CaseState
    state: CaseState
    sequence: int = 0
    head: bytes = bytes(32)
    longitude: float | None = None
    latitude: float | None = None
    due_at: datetime | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None
    is_new: bool = False
    stood_in: str = ""
    entries: list[Entry] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    came_with: Graph = field(init=False)

    def __post_init__(self) -> None:
        self.came_with = self.graph

    @property
    def id(self) -> UUID:
        return self.state.id


@lru_cache(maxsize=256)
def graph_of(version: UUID) -> Graph:
    """The compiled definition of a version; versions never change, so neither does this cache."""
    return Graph(AppVersion.objects.only("bundle").get(pk=version).bundle)


def claim(cursor: Cursor, ids: Sequence[UUID], *, skip_locked: bool = False) -> dict[UUID, Running]:
    """Lock cases and read them. Tokens are read in statements of their own: under a lock one joined statement would
    show rows as they were before the lock was granted."""
    return _read(cursor, cursor.read(CLAIM_FREE if skip_locked else CLAIM, [array_literal("uuid", ids)]))


def look(cursor: Cursor, ids: Sequence[UUID]) -> dict[UUID, Running]:
    """Read cases without locking, to show or to simulate."""
    return _read(cursor, cursor.read(LOOK, [array_literal("uuid", ids)]))


def _read(cursor: Cursor, rows: Iterable[tuple[Any, ...]]) -> dict[UUID, Running]:
    found = {row[0]: _running(row) for row in rows}
    if not found:
        return found
    ids = [array_literal("uuid", list(found))]
    for row in cursor.read(READ_TOKENS, ids):
        case = found[row[0]]
        case.state.tokens[row[1]] = token_of(case.graph, row[1:])
    for row in cursor.read(READ_CLOCKS, ids):
        case = found[row[0]]
        case.state.clocks[row[1]] = clock_of(case.graph, row[1:])
    if any(case.state.next_scope > 1 for case in found.values()):
        for row in cursor.read(READ_SCOPES, ids):
            case = found[row[0]]
            case.state.scopes[row[1]] = scope_of(case.graph, row[1:])
    return found


def _running(row: tuple[Any, ...]) -> Running:
    (
        id, number, division, area, version, _, title, category, status, outcome, data, memory, next_token,
        next_scope, next_clock, sequence, head, opened_at, opened_by, longitude, latitude, due_at, closed_at,
        changed_at,
    ) = row  # fmt: skip
    state = CaseState(
        id, status, outcome, data, memory, {}, {}, {}, next_token, next_scope, next_clock, opened_by
    )
    return Running(
        graph_of(version), version, number, division, area, title, category, opened_at, state, state, sequence,
        bytes(head), longitude, latitude, due_at, closed_at, changed_at, False, division,
    )  # fmt: skip


set_json_loads(orjson.loads)
