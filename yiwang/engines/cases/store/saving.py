"""Write cases back after their steps: only the rows that changed, each table in at most three statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from yiwang.engines.cases.store import rows
from yiwang.engines.cases.store.loading import Running
from yiwang.engines.cases.store.tables import Cursor, Table
from yiwang.engines.processes.api import Token
from yiwang.engines.trust.api import chain_entries, copy_rows
from yiwang.kernel.ids import new_id

Rows = Mapping[int, Any]
Row = Callable[[Any], tuple[Any, ...]]


_INVOLVE = """INSERT INTO cases_involvement (party, case_id, is_watching, opened_at)
SELECT new.party, new.case_id, false, new.opened_at
FROM unnest(%s::text[], %s::uuid[], %s::timestamptz[]) AS new(party, case_id, opened_at)
ON CONFLICT (party, case_id) DO NOTHING"""
_INVOLVED = (("party", "text"), ("case_id", "uuid"), ("opened_at", "timestamptz"))


class Difference:
    """Rows of one table to insert, update and delete, gathered over many cases."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.inserted: list[tuple[Any, ...]] = []
        self.updated: list[tuple[Any, ...]] = []
        self.deleted: list[tuple[Any, ...]] = []

    def add(self, case: Running, before: Rows, after: Rows, row: Row, touched: frozenset[int] = frozenset()) -> None:
        """Compare by identity, as rows are replaced and never changed; `touched` numbers are written in any case."""
        if before == after and not touched:
            return
        for no, value in after.items():
            old = before.get(no)
            if old is None:
                self.inserted.append(row(value))
            elif old is not value or no in touched:
                self.updated.append(row(value))
        self.deleted.extend((case.id, no) for no in before if no not in after)

    def write(self, cursor: Cursor) -> None:
        columns = self.table.columns
        cursor.write(self.table.delete, columns[: self.table.keys], self.deleted)
        cursor.write(self.table.update, columns, self.updated)
        cursor.write(self.table.insert, columns, self.inserted)


def save(cursor: Cursor, cases: Iterable[Running]) -> None:
    """Write everything the steps changed, the history included. Call it inside a transaction, once per claim."""
    cases = list(cases)
    journal: list[bytes] = []
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    effects: list[tuple[Any, ...]] = []
    for case in cases:
        chain = chain_entries(case.id, case.sequence, case.head, case.entries)
        case.sequence, case.head = chain.sequence, chain.hash
        journal.extend(chain.rows)
        (new if case.is_new else changed).append(_case_row(case))
        effects.extend(_effect_rows(case))
    copy_rows(cursor, journal)
    cursor.write(rows.CASES.insert, rows.CASES.columns, new)
    cursor.write(rows.CASE_CHANGES.update, rows.CASE_CHANGES.columns, changed)
    _write_parts(cursor, cases)
    cursor.write(rows.OUTBOX.insert, rows.OUTBOX.columns, effects)
    cursor.write(_INVOLVE, _INVOLVED, [row for case in cases for row in _new_parties(case)])
    for case in cases:
        case.before, case.is_new, case.stood_in, case.came_with = case.state, False, case.division, case.graph
        case.entries, case.effects = [], []


def _write_parts(cursor: Cursor, cases: Iterable[Running]) -> None:
    tokens, scopes, clocks = Difference(rows.TOKENS), Difference(rows.SCOPES), Difference(rows.CLOCKS)
    for case in cases:
        _compare(case, tokens, scopes, clocks)
    for difference in (tokens, scopes, clocks):
        difference.write(cursor)


def _compare(case: Running, tokens: Difference, scopes: Difference, clocks: Difference) -> None:
    before, after, graph, division = case.before, case.state, case.graph, case.division
    limits = {clock.token: clock for clock in after.clocks.values() if clock.kind == "task"}
    known = {clock.token: clock for clock in before.clocks.values() if clock.kind == "task"}
    if division == case.stood_in and case.graph is case.came_with:
        retimed = frozenset(no for no, clock in limits.items() if known.get(no) is not clock)
        moved, inner = frozenset[int](), frozenset[int]()
    else:  # The shard key or the names of nodes are others: every row is written.
        retimed, moved, inner = frozenset(after.tokens), frozenset(after.clocks), frozenset(after.scopes)
    tokens.add(case, before.tokens, after.tokens,
               lambda token: rows.token_row(case.id, division, graph, token, limits), retimed)  # fmt: skip
    scopes.add(case, before.scopes, after.scopes, lambda scope: rows.scope_row(case.id, graph, scope), inner)
    clocks.add(case, before.clocks, after.clocks, lambda clock: rows.clock_row(case.id, division, graph, clock), moved)


def _case_row(case: Running) -> tuple[Any, ...]:
    state = case.state
    return (
        case.id, case.division, case.area, case.version, case.title, case.category, state.status, state.outcome,
        stage(case), rows.json_text(state.data), rows.json_text(state.memory), state.next_token, state.next_scope,
        state.next_clock, case.sequence, case.head, case.longitude, case.latitude, case.due_at, case.closed_at,
        case.changed_at, case.number, case.graph.type, case.opened_at, state.opened_by,
    )  # fmt: skip


NOT_SHOWN = frozenset({"joined", "signing", "inside"})


def stage(case: Running) -> str:
    """Keys of the nodes where work stands, for lists: `dispatch` or `handle,review`."""
    nodes = case.graph.nodes
    standing = {nodes[t.node].key for t in case.state.tokens.values() if t.status not in NOT_SHOWN}
    return ",".join(sorted(standing))


def _effect_rows(case: Running) -> list[tuple[Any, ...]]:
    at = case.changed_at
    return [
        (new_id(), case.id, case.division, effect.kind, rows.json_text(effect.payload), "waiting", 0, at, at, "")
        for effect in case.effects
    ]


def parties(case: Running, tokens: Iterable[Token], visited: Mapping[str, Any]) -> set[str]:
    """Everybody a state names: assignees, organisations, and who performed a step."""
    found = {f"u{token.assignee}" for token in tokens if token.assignee is not None}
    found |= {f"o{token.organisation}" for token in tokens if token.organisation is not None}
    return found | {f"u{performed[0]}" for performed in visited.values() if performed[0] is not None}


def _new_parties(case: Running) -> list[tuple[Any, ...]]:
    after = parties(case, case.state.tokens.values(), case.state.memory.get("visited", {}))
    if not case.is_new:
        after -= parties(case, case.before.tokens.values(), case.before.memory.get("visited", {}))
    return [(party, case.id, case.opened_at) for party in sorted(after)]
