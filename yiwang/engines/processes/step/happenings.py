"""Events: thrown and caught, on the edge of activities, at ends; errors that climb out of scopes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yiwang.engines.processes import clocks
from yiwang.engines.processes.graph import GraphNode
from yiwang.engines.processes.state import ROOT, Clock, Token
from yiwang.engines.processes.step.scopes import around, is_run
from yiwang.engines.processes.step.work import Work


def close(work: Work, outcome: str) -> None:
    """The case ends: nothing runs any more and its clock stops for good."""
    state = work.state
    whole = work.clock_of(0)
    if whole is not None:
        work.facts["case_clock"] = final(work, whole)
    for no in list(state.tokens):
        if no in state.tokens:
            work.drop(no)
    state.scopes.clear()
    state.clocks.clear()
    state.status = "closed"
    state.outcome = state.outcome or outcome
    work.facts["outcome"] = state.outcome
    if "parent" in state.memory:
        work.effect("answer_parent", parent=state.memory["parent"], data=dict(state.data), outcome=state.outcome)


def final(work: Work, clock: Clock) -> dict[str, Any]:
    """What a clock says when it ends."""
    return {
        "due_at": clock.due_at,
        "is_on_time": clock.is_stopped or work.at <= clock.due_at,
        "used_seconds": round(clocks.used(work.around.calendar, clock, work.at)),
    }


def end_event(work: Work, node: GraphNode, scope: int) -> None:
    """A token reached an end and is gone."""
    if scope == ROOT:
        work.state.outcome = node.raw.get("outcome") or work.state.outcome or "closed"
    throws = node.raw.get("throws")
    if throws == "error":
        throw_error(work, node.name, scope)
    elif throws:
        throw(work, throws, node.name, {}, scope)
    if node.raw.get("terminate"):
        for token in [t.no for t in work.state.tokens.values() if t.scope == scope]:
            if token in work.state.tokens:
                work.drop(token)
        work.queue = type(work.queue)(travel for travel in work.queue if travel.scope != scope)


def throw(work: Work, kind: str, name: str, payload: Mapping[str, Any], scope: int) -> None:
    """Send a message, broadcast a signal (here and to other cases), or raise an escalation."""
    if kind == "escalation":
        escalate(work, name, scope)
        return
    work.effect(kind, name=name, payload=dict(payload))
    if kind == "signal":
        deliver(work, "signal", name, payload)


def fail_at(work: Work, token: Token, name: str) -> None:
    """The work of an activity failed: its own boundary event catches the error, or one further out."""
    caught = None if is_run(work, token) else _boundary(work, token, "error", name)
    if caught is not None:
        follow_boundary(work, token, caught)
    else:
        throw_error(work, name, token.scope)


def throw_error(work: Work, name: str, scope: int) -> None:
    """An error climbs out until a boundary event catches it; nobody's error ends the case with outcome `error`."""
    for surrounding in around(work, scope):
        host = work.state.tokens.get(surrounding.host)
        caught = _boundary(work, host, "error", name) if host else None
        if host is not None and caught is not None:
            follow_boundary(work, host, caught)
            return
    work.facts["error"] = name
    work.queue.clear()
    work.state.outcome = "error"
    close(work, "error")


def escalate(work: Work, name: str, scope: int) -> None:
    """An escalation climbs out until caught; an interrupting catch ends the activity. Uncaught it is only noted."""
    for surrounding in around(work, scope):
        host = work.state.tokens.get(surrounding.host)
        caught = _boundary(work, host, "escalation", name) if host else None
        if host is not None and caught is not None:
            follow_boundary(work, host, caught)
            return
    work.facts.setdefault("escalations", []).append(name)


def _boundary(work: Work, host: Token, on: str, name: str) -> GraphNode | None:
    events = (work.graph.nodes[index] for index in work.graph.nodes[host.node].boundaries)
    fitting = [event for event in events if event.on == on and event.name in ("", name)]
    return max(fitting, key=lambda event: event.name != "", default=None)


def follow_boundary(work: Work, host: Token, event: GraphNode) -> None:
    """Take the way of a boundary event: in place of the activity, or beside it."""
    work.path.append(event.key)
    if not event.is_interrupting:
        work.go_on(work.new_no(), event, host.scope)
        return
    work.drop(host.no)
    work.go_on(host.no, event, host.scope)


def listeners(work: Work, kind: str, name: str) -> Iterator[tuple[Token, GraphNode]]:
    """(token, event node) of everything in the case that waits for this message or signal."""
    for token in sorted(work.state.tokens.values()):
        node = work.graph.nodes[token.node]
        if token.status == "waiting" and _hears(node, kind, name):
            yield token, node
        elif token.status == "waiting" and node.kind == "event_gateway":
            followers = (work.graph.nodes[work.graph.flows[flow].target] for flow in node.outgoing)
            yield from ((token, event) for event in followers if _hears(event, kind, name))
        if token.status not in ("joined", "signing") and not is_run(work, token):
            events = (work.graph.nodes[index] for index in node.boundaries)
            yield from ((token, event) for event in events if _hears(event, kind, name))


def _hears(node: GraphNode, kind: str, name: str) -> bool:
    if node.kind == "receive_task":
        return kind == "message" and node.name == name
    return node.kind in ("catch", "boundary") and node.on == kind and node.name == name


def deliver(work: Work, kind: str, name: str, payload: Mapping[str, Any]) -> int:
    """Hand a message to the first listener, a signal to all; the number of listeners that took it."""
    taken = 0
    for token, event in list(listeners(work, kind, name)):
        if work.state.tokens.get(token.no) is not token:
            continue
        happen(work, token, event, payload)
        taken += 1
        if kind == "message":
            break
    return taken


def happen(work: Work, token: Token, event: GraphNode, payload: Mapping[str, Any]) -> None:
    """What `token` waited for happened: put the payload in place and take the event's way."""
    result = event.raw.get("result")
    if payload:
        work.assign(token.scope, {result: dict(payload)} if result else payload)
    if event.kind == "boundary":
        follow_boundary(work, token, event)
        return
    if event.index != token.node:
        work.path.append(event.key)
    work.drop(token.no)
    work.go_on(token.no, event, token.scope)
