"""The history is the truth: a case's state folded anew from its journal, and where the tables differ from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from yiwang.engines.cases.performing import surroundings
from yiwang.engines.cases.selectors.histories import entries_of
from yiwang.engines.cases.services.migrating import VERB
from yiwang.engines.cases.store.loading import graph_of, look
from yiwang.engines.cases.store.rows import json_text
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.processes.api import CaseState, Command, Moves, carried, moves_between, step
from yiwang.kernel.errors import NotFound

Told = tuple[Command, dict[str, Any]]


def _told(case: UUID) -> list[Told]:
    """(command, facts) of each entry."""
    told = []
    for entry in entries_of(case):
        facts: dict[str, Any] = orjson.loads(entry.payload)
        token, arguments = facts.get("token", 0), facts.get("arguments", {})
        who = entry.actor_id, entry.actor_name, entry.on_behalf_of
        told.append((Command(facts["verb"], entry.at, *who, token, arguments), facts))
    return told


def folded(case_id: UUID, version: UUID) -> CaseState:
    """The state as history alone tells it, through all versions the case ran on; `version` is its present one."""
    told, around, state = _told(case_id), surroundings(), CaseState(case_id)
    first = next((facts["from"] for command, facts in told if command.verb == VERB), None)
    graph = graph_of(UUID(first) if first else version)
    for command, facts in told:
        if command.verb == VERB:
            new = graph_of(UUID(facts["to"]))
            moves = moves_between(graph, new, Moves(facts["nodes"], facts["flows"]))
            state, graph = carried(graph, new, moves, state, command.at, around), new
        else:
            state = step(graph, state, command, around._replace(advise=_as_told(facts))).state
    return state


def _as_told(facts: Mapping[str, Any]) -> Callable[[str, Mapping[str, Any], datetime], Mapping[str, Any]]:
    """What the advisors said then, in order: books may say otherwise today."""
    advice = iter(facts.get("advice", ()))
    return lambda name, given, at: next(advice)


def differences(case_id: UUID) -> list[str]:
    """What differs between a case's rows and the fold of its history; empty when they agree.

    Deadlines are left out: they follow from ledger and calendar, and the calendar may have changed since.
    """
    case = look(open_cursor(), [case_id]).get(case_id)
    if case is None:
        raise NotFound
    state = folded(case_id, case.version)
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
