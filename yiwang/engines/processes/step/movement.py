"""How tokens move: entering each kind of node, choosing ways out, firing joins (BPMN 2.0, chapter 13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from yiwang.engines.processes.errors import NoWayOut
from yiwang.engines.processes.graph import GraphNode
from yiwang.engines.processes.state import ROOT, Token
from yiwang.engines.processes.step import happenings, limits, scopes
from yiwang.engines.processes.step.plain import plain
from yiwang.engines.processes.step.work import Travel, Work, place_of
from yiwang.kernel.clock import CHINA


def drain(work: Work) -> None:
    """Carry the travelling tokens until all stand, then fire joins and end empty scopes until nothing changes."""
    while True:
        while work.queue:
            _carry(work, work.queue.popleft())
        if not ((work.graph.has_inclusive_joins and _fire_inclusive_joins(work)) or scopes.end_empty(work)):
            break
    if not work.state.tokens and work.state.status in ("open", "suspended"):  # Events come to suspended cases too.
        happenings.close(work, "closed")


def _carry(work: Work, travel: Travel) -> None:
    how, no, place, scope = travel
    if scope != ROOT and scope not in work.state.scopes:
        return  # Something that happened in this very step ended the scope the token was travelling in.
    if how == "flow":
        enter(work, no, work.graph.nodes[work.graph.flows[place].target], scope, place)
    elif how == "leave":
        leave(work, no, work.graph.nodes[place], scope)
    elif how == "enter":
        enter(work, no, work.graph.nodes[place], scope)
    else:
        node = work.graph.nodes[place]
        ENTER[node.kind](work, no, node, scope, -1)


def enter(work: Work, no: int, node: GraphNode, scope: int, flow: int = -1) -> None:
    """A token enters a node."""
    work.path.append(node.key)
    if node.many is None:
        ENTER[node.kind](work, no, node, scope, flow)
        return
    host = scopes.start_many(work, no, node, scope)
    if host is not None:
        attach(work, host)


def leave(work: Work, no: int, node: GraphNode, scope: int) -> None:
    """A token that stands nowhere any more takes the ways out of `node`; none is an end, a run of many is counted."""
    run = work.state.scopes.get(scope)
    if run is not None and run.kind == "one" and run.node == node.index:
        scopes.run_ended(work, run)
        return
    flows = [work.graph.flows[index] for index in node.outgoing]
    taken = [flow.index for flow in flows if flow.condition is None and not flow.is_default]
    if len(taken) < len(flows):
        facts = work.context(scope)
        taken += [flow.index for flow in flows if flow.condition and flow.condition.value(facts) is True]
        if not taken and node.default_flow >= 0:
            taken = [node.default_flow]
        if not taken:
            raise NoWayOut(facts={"node": node.key})
    spread(work, no, taken, scope)


def spread(work: Work, no: int, taken: list[int], scope: int) -> None:
    """One token for each flow; the first keeps the number."""
    for position, flow in enumerate(taken):
        work.send_along(no if position == 0 else work.new_no(), flow, scope)


# Entering


def _pass(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    leave(work, no, node, scope)


def _user_task(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    assignee = None
    if node.raw.get("stays"):
        assignee = work.state.memory.get("visited", {}).get(node.key, [None])[0]
    open_task(work, node, scope, first=assignee, keeps_clock=node.keeps_clock)


def open_task(
    work: Work, node: GraphNode, scope: int, *, first: int | None = None, keeps_clock: bool = False
) -> Token:
    """Put a user task in the work lists: its organisation, assignee (else `first`), limit, and edge timers."""
    no = work.new_no()  # A task is known by its number: the same number never means another task.
    facts = work.context(scope) if node.expressions else {}
    organisation = assignee = None
    if "organisation" in node.expressions:
        organisation = work.around.organisation(str(node.expressions["organisation"].value(facts) or ""))
    if "assignee" in node.expressions:
        assignee = work.around.user(str(node.expressions["assignee"].value(facts) or ""))
    if assignee is None:
        assignee = first
    token = work.place(no, node, scope, "open", role=node.role, organisation=organisation, assignee=assignee)
    opened: dict[str, Any] = {"token": no, "node": node.key, "role": node.role}
    limit = work.limit(node, "within", scope)
    if limit is not None:
        earlier = work.earlier_clock(node) if keeps_clock else {}
        clock = work.start_clock(limit, token=no, kind="task", node=node.index, **earlier)
        opened["due_at"] = clock.due_at
    if organisation is not None:
        opened["organisation"] = organisation
    if assignee is not None:
        opened["assignee"] = assignee
    work.opened.append(opened)
    attach(work, token)
    return token


def attach(work: Work, token: Token) -> None:
    """Start the timers on the edge of an activity; runs of many share those of their host."""
    boundaries = work.graph.nodes[token.node].boundaries
    if not boundaries or scopes.is_run(work, token):
        return
    for index in boundaries:
        if work.graph.nodes[index].on == "timer":
            start_timer(work, token.no, work.graph.nodes[index], token.scope)


def start_timer(work: Work, token: int, event: GraphNode, scope: int) -> None:
    """Start the timer of a catch or boundary event."""
    limit = work.limit(event, "after", scope)
    if limit is not None:
        work.start_clock(limit, token=token, kind="timer", node=event.index)
        return
    if "after" in event.expressions:
        return
    value = event.expressions["at"].value(work.context(scope)) if "at" in event.expressions else None
    work.alarm(_instant(value, work.at), token=token, node=event.index)


def _instant(value: Any, at: datetime) -> datetime:
    """A FEEL date, date-time or duration as an instant; what cannot be read rings at once."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return at
    if isinstance(value, timedelta):
        return at + value
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    return datetime.combine(value, time(), CHINA) if isinstance(value, date) else at


def _service_task(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    token = work.place(work.new_no(), node, scope, "called")  # A late answer must not meet another call.
    attach(work, token)
    work.effect("call", handler=node.raw["call"], token=token.no, facts=dict(work.context(scope)))


def _rule_task(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    if node.raw.get("table"):
        value = work.around.decide(work.graph, node.raw["table"], work.context(scope))
        work.assign(scope, {node.raw.get("result") or node.key: value})
    if node.raw.get("asks"):
        advice = plain(dict(work.around.advise(node.raw["asks"], work.context(scope), work.at)))
        work.facts.setdefault("advice", []).append(advice)
        work.assign(scope, {node.raw.get("result") or node.key: advice})
    for name, expression in node.maps["sets"]:
        work.assign(scope, {name: expression.value(work.context(scope))})
    if "case_within" in node.expressions:
        limits.set_case_limit(work, node.expressions["case_within"].value(work.context(scope)))
    leave(work, no, node, scope)


def _send(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    facts = work.context(scope)
    payload = {name: expression.value(facts) for name, expression in node.maps["payload"]}
    happenings.throw(work, node.on or "message", node.name, payload, scope)
    leave(work, no, node, scope)


def _wait(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    token = work.place(no, node, scope, "waiting")
    if node.kind == "catch" and node.on == "timer":
        start_timer(work, no, node, scope)
    attach(work, token)


def _event_gateway(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    work.place(no, node, scope, "waiting")
    for index in node.outgoing:
        event = work.graph.nodes[work.graph.flows[index].target]
        if event.kind == "catch" and event.on == "timer":
            start_timer(work, no, event, scope)


def _call_activity(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    token = work.place(work.new_no(), node, scope, "called")
    attach(work, token)
    facts = work.context(scope)
    inputs = {name: expression.value(facts) for name, expression in node.maps["inputs"]}
    work.effect("open_case", type=node.raw["calls"], token=token.no, data=inputs)


def _sub_process(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    host = scopes.start_body(work, no, node, scope)
    if host is not None:
        attach(work, host)


def _end(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    happenings.end_event(work, node, scope)


# Gateways


def _exclusive(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    spread(work, no, [_one_way(work, node, scope)], scope)


def _one_way(work: Work, node: GraphNode, scope: int) -> int:
    facts: Mapping[str, Any] | None = None
    for index in node.outgoing:
        way = work.graph.flows[index]
        if way.is_default:
            continue
        if way.condition is None:
            return index
        facts = work.context(scope) if facts is None else facts
        if way.condition.value(facts) is True:
            return index
    if node.default_flow < 0:
        raise NoWayOut(facts={"node": node.key})
    return node.default_flow


def _parallel(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    if len(node.incoming) > 1:
        work.place(no, node, scope, "joined", flow=flow)
        waiting = _parked(work, node, scope)
        first = {token.flow: token for token in reversed(waiting)}
        if len(first) < len(node.incoming):
            return
        for token in first.values():
            work.drop(token.no)
    spread(work, no, list(node.outgoing), scope)


def _inclusive(work: Work, no: int, node: GraphNode, scope: int, flow: int) -> None:
    if len(node.incoming) > 1:
        work.place(no, node, scope, "joined", flow=flow)
        return
    spread(work, no, _ways(work, node, scope), scope)


def _ways(work: Work, node: GraphNode, scope: int) -> list[int]:
    facts = work.context(scope)
    flows = [work.graph.flows[index] for index in node.outgoing if index != node.default_flow]
    taken = [f.index for f in flows if f.condition is None or f.condition.value(facts) is True]
    if taken or node.default_flow < 0:
        if not taken:
            raise NoWayOut(facts={"node": node.key})
        return taken
    return [node.default_flow]


def _parked(work: Work, node: GraphNode, scope: int) -> list[Token]:
    return sorted(t for t in work.state.tokens.values() if t.node == node.index and t.scope == scope)


def _fire_inclusive_joins(work: Work) -> bool:
    """Fire one inclusive join that no other token of its scope can still feed through an empty way in."""
    for token in list(work.state.tokens.values()):
        node = work.graph.nodes[token.node]
        if token.status == "joined" and node.kind == "inclusive" and not _is_fed(work, node, token.scope):
            parked = _parked(work, node, token.scope)
            for other in parked:
                work.drop(other.no)
            spread(work, parked[0].no, _ways(work, node, token.scope), token.scope)
            return True
    return False


def _is_fed(work: Work, node: GraphNode, scope: int) -> bool:
    """BPMN 2.0, 13.4.3: a token holds the join back when it can reach an empty way in and no way in that is filled."""
    filled = {t.flow for t in work.state.tokens.values() if t.node == node.index and t.scope == scope}
    sources = {place_of(work.graph, t) for t in work.state.tokens.values() if t.scope == scope and t.node != node.index}
    for flow in filled:
        sources -= work.graph.feeds(flow)
    return any(not sources.isdisjoint(work.graph.feeds(flow)) for flow in node.incoming if flow not in filled)


ENTER: Mapping[str, Callable[[Work, int, GraphNode, int, int], None]] = MappingProxyType(
    {
        "start": _pass, "end": _end, "user_task": _user_task, "service_task": _service_task, "rule_task": _rule_task,
        "send_task": _send, "throw": _send, "receive_task": _wait, "catch": _wait, "exclusive": _exclusive,
        "inclusive": _inclusive, "parallel": _parallel, "event_gateway": _event_gateway, "boundary": _pass,
        "sub_process": _sub_process, "call_activity": _call_activity,
    }
)  # fmt: skip
