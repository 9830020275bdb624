"""Between rows of the tables and the state in memory: node numbers here, node keys there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from yiwang.engines.cases.store.tables import Table
from yiwang.engines.processes.api import ALARMS, Clock, Graph, Scope, Token

CASES = Table(
    "cases_case",
    (
        ("id", "uuid"), ("division", "text"), ("area", "text"), ("version_id", "uuid"), ("title", "text"),
        ("category", "text"), ("status", "text"), ("outcome", "text"), ("stage", "text"), ("data", "jsonb"),
        ("memory", "jsonb"), ("next_token", "int4"), ("next_scope", "int4"), ("next_clock", "int4"),
        ("sequence", "int4"), ("head", "bytea"), ("longitude", "float8"), ("latitude", "float8"),
        ("due_at", "timestamptz"), ("closed_at", "timestamptz"), ("changed_at", "timestamptz"),
        ("number", "text"), ("type", "text"), ("opened_at", "timestamptz"), ("opened_by", "int8"),
    ),
    1,
)  # fmt: skip
CASE_CHANGES = Table(CASES.name, CASES.columns[:21], 1)
"""The columns a step may change; what was set at the opening is left alone."""
TOKENS = Table(
    "cases_token",
    (
        ("case_id", "uuid"), ("no", "int4"), ("division", "text"), ("type", "text"), ("node", "text"),
        ("scope", "int4"), ("status", "text"), ("since", "timestamptz"), ("flow", "text"), ("role", "text"),
        ("assignee", "int8"), ("organisation", "int8"), ("host", "int4"), ("came_from", "text"),
        ("came_by", "int8"), ("extra", "jsonb"), ("due_at", "timestamptz"),
    ),
    2,
)  # fmt: skip
SCOPES = Table(
    "cases_scope",
    (
        ("case_id", "uuid"), ("no", "int4"), ("parent", "int4"), ("node", "text"), ("kind", "text"), ("host", "int4"),
        ("variables", "jsonb"),
    ),
    2,
)  # fmt: skip
CLOCKS = Table(
    "cases_due",
    (
        ("case_id", "uuid"), ("no", "int4"), ("division", "text"), ("token", "int4"), ("kind", "text"),
        ("node", "text"), ("amount", "text"), ("unit", "text"), ("started_at", "timestamptz"),
        ("due_at", "timestamptz"), ("is_provisional", "bool"), ("next_at", "timestamptz"), ("next_share", "int2"),
        ("mark", "int2"), ("ledger", "jsonb"), ("is_stopped", "bool"),
    ),
    2,
)  # fmt: skip
OUTBOX = Table(
    "cases_outbox",
    (
        ("id", "uuid"), ("case_id", "uuid"), ("division", "text"), ("kind", "text"), ("payload", "jsonb"),
        ("status", "text"), ("attempts", "int4"), ("next_at", "timestamptz"), ("created_at", "timestamptz"),
        ("last_error", "text"),
    ),
    1,
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def json_text(value: Any) -> str:
    """JSON for a jsonb column; decimals as numbers, other FEEL values as their text."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def token_row(case: UUID, division: str, graph: Graph, token: Token, due: Mapping[int, Clock]) -> tuple[Any, ...]:
    """A token as `TOKENS` writes it; `due` are the task clocks by token."""
    nodes = graph.nodes
    clock = due.get(token.no)
    return (
        case, token.no, division, graph.type, nodes[token.node].key, token.scope, token.status, token.since,
        graph.flows[token.flow].key if token.flow >= 0 else "", token.role, token.assignee, token.organisation,
        token.host, nodes[token.came_from].key if token.came_from >= 0 else "", token.came_by,
        None if token.extra is None else json_text(token.extra), clock.due_at if clock else None,
    )  # fmt: skip


def token_of(graph: Graph, row: tuple[Any, ...]) -> Token:
    """The reverse, from the columns of `READ_TOKENS` behind the case id."""
    no, node, scope, status, since, flow, role, assignee, organisation, host, came_from, came_by, extra = row
    return Token(
        no, graph.by_key[node].index, scope, status, since, graph.flow_by_key[flow] if flow else -1, role, assignee,
        organisation, host, graph.by_key[came_from].index if came_from else -1, came_by, extra,
    )  # fmt: skip


def scope_row(case: UUID, graph: Graph, scope: Scope) -> tuple[Any, ...]:
    """A scope as `SCOPES` writes it."""
    key = graph.nodes[scope.node].key
    return case, scope.no, scope.parent, key, scope.kind, scope.host, json_text(scope.variables)


def scope_of(graph: Graph, row: tuple[Any, ...]) -> Scope:
    no, parent, node, kind, host, variables = row
    return Scope(no, parent, graph.by_key[node].index, kind, host, variables)


def clock_row(case: UUID, division: str, graph: Graph, clock: Clock) -> tuple[Any, ...]:
    """A clock as `CLOCKS` writes it."""
    return (
        case, clock.no, division, clock.token, clock.kind, graph.nodes[clock.node].key, clock.amount, clock.unit,
        clock.started_at, clock.due_at, clock.is_provisional, clock.next_at, _next_share(graph, clock), clock.mark,
        json_text(clock.ledger) if clock.ledger else "[]", clock.is_stopped,
    )  # fmt: skip


def _next_share(graph: Graph, clock: Clock) -> int:
    """At which share of the limit the clock rings next; 0 when it rings no more. Bulk retiming needs no graph then."""
    if clock.kind in ALARMS:
        return 100
    marks = graph.warn_at if clock.kind == "case" else graph.nodes[clock.node].warn_at
    return marks[clock.mark] if clock.mark < len(marks) else 0


def clock_of(graph: Graph, row: tuple[Any, ...]) -> Clock:
    no, token, kind, node, amount, unit, started_at, due_at, provisional, next_at, mark, ledger, stopped = row
    steps = tuple((operation, at, added) for operation, at, added in ledger)
    index = graph.by_key[node].index
    return Clock(
        no, token, kind, index, amount, unit, started_at, due_at, provisional, next_at, mark, steps, stopped
    )
