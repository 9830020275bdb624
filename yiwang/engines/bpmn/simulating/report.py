"""What a simulation shows: open tasks, what waits, events and data, as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from yiwang.engines.bpmn.simulating.persons import Persons
from yiwang.engines.processes.api import CaseState, Graph, Token
from yiwang.kernel.clock import CHINA


class Names(NamedTuple):
    """Who stands behind the numbers of a simulation."""

    persons: Persons
    organisations: Persons


_UNTOLD = frozenset({"verb", "token", "arguments"})


def report(
    graph: Graph, state: CaseState, at: datetime, names: Names, events: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The end of a simulation."""
    waiting = [token for token in sorted(state.tokens.values()) if token.status in ("waiting", "called", "joined")]
    told = {
        "status": state.status,
        "outcome": state.outcome if state.status in ("closed", "cancelled") else "",
        "at": at,
        "tasks": [_task(graph, state, token, names) for token in state.open_tasks()],
        "waiting": [_wait(graph, state, token) for token in waiting],
        "events": [_event(event, names) for event in events],
        "data": state.data,
    }
    found = plain(told)
    assert isinstance(found, dict)
    return found


def _task(graph: Graph, state: CaseState, token: Token, names: Names) -> dict[str, Any]:
    node = graph.nodes[token.node]
    row: dict[str, Any] = {"task": node.key, "title": node.title, "status": token.status, "since": token.since}
    due = [clock.due_at for clock in state.clocks.values() if clock.token == token.no and clock.kind == "task"]
    scope = state.scopes.get(token.scope)
    rest = {
        "role": token.role,
        "assignee": names.persons.name(token.assignee),
        "organisation": names.organisations.name(token.organisation),
        "due_at": due[0] if due else None,
        "variables": scope.variables if scope is not None and scope.kind == "one" else None,
    }
    return row | {name: value for name, value in rest.items() if value}


def _wait(graph: Graph, state: CaseState, token: Token) -> dict[str, Any]:
    node = graph.nodes[token.node]
    row: dict[str, Any] = {"node": node.key, "title": node.title, "status": token.status}
    timers = [clock.due_at for clock in state.clocks.values() if clock.token == token.no and clock.kind == "timer"]
    if node.name:
        row["name"] = node.name
    if timers:
        row["until"] = min(timers)
    return row


def _event(event: Mapping[str, Any], names: Names) -> dict[str, Any]:
    facts = {name: value for name, value in event["facts"].items() if name not in _UNTOLD}
    known = {"assignee": names.persons, "organisation": names.organisations}
    for opened in facts.get("opened", ()):
        opened |= {name: which.name(opened[name]) for name, which in known.items() if opened.get(name) is not None}
    if "returned_to" in facts:
        facts["returned_to"] = names.persons.name(facts["returned_to"])
    if "countersign" in facts:
        votes = {names.persons.name(int(number)): vote for number, vote in facts["countersign"]["votes"].items()}
        facts["countersign"] = {**facts["countersign"], "votes": votes}
    row = {name: event[name] for name in ("step", "at", "verb", "as") if event[name] != ""} | facts
    if event["effects"]:
        row["effects"] = [{"kind": effect.kind, **effect.payload} for effect in event["effects"]]
    return row


def plain(value: Any) -> Any:
    """A value as JSON, instants in Chinese time."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, (str, bool, int, float)) else str(value)
