"""The history is the truth: a case's state folded anew from its journal, and where the tables differ from it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from yiwang.engines.cases.performing import surroundings
from yiwang.engines.cases.selectors.histories import entries_of
from yiwang.engines.cases.store.loading import look
from yiwang.engines.cases.store.rows import json_text
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.processes.api import CaseState, Command, step
from yiwang.kernel.errors import NotFound


def _commands(case: UUID) -> list[Command]:
    commands = []
    for entry in entries_of(case):
        facts: dict[str, Any] = orjson.loads(entry.payload)
        token, arguments = facts.get("token", 0), facts.get("arguments", {})
        commands.append(
            Command(
                facts["verb"], entry.at, entry.actor_id, entry.actor_name, entry.on_behalf_of, token, arguments
            )
        )
    return commands


def differences(case_id: UUID) -> list[str]:
    """What differs between a case's rows and the fold of its history; empty when they agree.

    Deadlines are left out: they follow from ledger and calendar, and the calendar may have changed since.
    """
    case = look(open_cursor(), [case_id]).get(case_id)
    if case is None:
        raise NotFound
    around, state = surroundings(), CaseState(case_id)
    for command in _commands(case_id):
        state = step(case.graph, state, command, around).state
    found = []
    for name, kept, told in (
        ("status", case.state.status, state.status),
        ("outcome", case.state.outcome, state.outcome),
        ("data", case.state.data, orjson.loads(json_text(state.data))),
        ("tokens", _places(case.state), _places(state)),
        ("clocks", _clocks(case.state), _clocks(state)),
    ):
        if kept != told:
            found.append(f"{name}: table {kept!r}, history {told!r}")
    return found


def _places(state: CaseState) -> list[tuple[int, int, int, str, int | None]]:
    return sorted((t.no, t.node, t.scope, t.status, t.assignee) for t in state.tokens.values())


def _clocks(state: CaseState) -> list[tuple[int, int, str, int]]:
    return sorted((c.no, c.token, c.kind, c.mark) for c in state.clocks.values())
