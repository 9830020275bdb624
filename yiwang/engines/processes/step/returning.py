"""Verbs that go back: 退回 to an earlier step or the applicant, 撤回, 作废. No return resets a clock."""

from __future__ import annotations

from datetime import datetime

from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import VerbRefused
from yiwang.engines.processes.graph import Graph, GraphNode
from yiwang.engines.processes.state import ALARMS, ROOT, CaseState, Command, Token
from yiwang.engines.processes.step.happenings import final
from yiwang.engines.processes.step.holding import is_with_applicant, must_hold, note, run_on
from yiwang.engines.processes.step.movement import open_task
from yiwang.engines.processes.step.progress import remember
from yiwang.engines.processes.step.rewinding import rewind
from yiwang.engines.processes.step.work import Surroundings, Work
from yiwang.kernel.errors import InvalidInput

APPLICANT = "applicant"
BEGUN = frozenset({"claimed", "delegated", "countersigning", "called"})
"""Statuses that show that somebody has begun."""


def send_back(work: Work, token: Token | None) -> None:
    """退回: to a step already taken, or to the applicant to make up what is missing (补正)."""
    assert token is not None
    must_hold(work, token)
    target = work.command.arguments.get("to", "")
    if target == APPLICANT:
        _ask_applicant(work, token)
        return
    node = work.graph.by_key.get(target)
    if node is None or node.key not in earlier_steps(work, token):
        message = "请选择可以退回的环节。"
        raise InvalidInput([{"path": "to", "code": "RETURN_TARGET", "message": message}])
    if work.state.memory.get("is_ruled"):
        raise VerbRefused("该事项的办理单位已经裁定，不能再退回。", next_step="如办理有困难，请申请延期或挂账。")
    remember(work, token)
    work.origin = (token.node, work.command.actor)
    _go_back(work, token, node, _count_return(work, node))


def _count_return(work: Work, node: GraphNode) -> GraphNode | None:
    """Note a return to a node; the node that rules instead, when it has come back too often."""
    returned = work.state.memory.get("returned", {})
    count = returned.get(node.key, 0) + 1
    work.state.memory["returned"] = {**returned, node.key: count}
    work.facts["returned"] = count
    if not node.raw.get("ruling") or count <= int(node.raw.get("returns", 0)):
        return None
    work.state.memory["is_ruled"] = True
    return work.graph.by_key[node.raw["ruling"]]


def earlier_steps(work: Work, token: Token) -> list[str]:
    """Keys of the steps a token may be sent back to: user tasks taken that led to it, in its scope or one around it."""
    levels = {owner for _, owner in _levels(work, token.scope)}
    visited = work.state.memory.get("visited", {})
    return [
        node.key
        for node in work.graph.nodes
        if node.kind == "user_task" and node.key in visited and node.parent in levels and node.index != token.node
        if _leads_to(work, token, node)
    ]


def return_targets(graph: Graph, state: CaseState, token: Token, around: Surroundings) -> list[str]:
    """`earlier_steps` for somebody who only looks."""
    return earlier_steps(Work(graph, state.fork(), Command("send_back", token.since), around), token)


def _leads_to(work: Work, token: Token, node: GraphNode) -> bool:
    scope = _scope_of(work, token, node)
    outer = _ancestor_in(work, token, scope)
    return outer.node == node.index or outer.node in rewind(work, node.index, scope).again


def _levels(work: Work, scope: int) -> list[tuple[int, int]]:
    """(scope, node of that scope) from inside out; the root is (0, -1)."""
    levels = []
    while scope != ROOT:
        row = work.state.scopes[scope]
        if row.kind != "many" and work.graph.nodes[row.node].kind == "sub_process":
            levels.append((scope, row.node))
        scope = row.parent
    return [*levels, (ROOT, -1)]


def _scope_of(work: Work, token: Token, node: GraphNode) -> int:
    return next(number for number, owner in _levels(work, token.scope) if owner == node.parent)


def _ancestor_in(work: Work, token: Token, scope: int) -> Token:
    """The token itself, or its host in `scope` when it stands deeper."""
    while token.scope != scope:
        token = work.state.tokens[work.state.scopes[token.scope].host]
    return token


def _go_back(work: Work, token: Token, node: GraphNode, instead: GraphNode | None = None) -> Token | None:
    """Withdraw what the target would do again, then stand at the target with its first performer and its old clock.

    With `instead` the work stands there, not at the target.
    """
    scope = _scope_of(work, token, node)
    outer = _ancestor_in(work, token, scope)
    again = rewind(work, node.index, scope)
    for other in again.tokens:
        if other.no != outer.no and other.no in work.state.tokens:
            work.drop(other.no)
    work.drop(outer.no)
    for flow in again.arrived:
        join = work.graph.nodes[work.graph.flows[flow].target]
        work.place(work.new_no(), join, scope, "joined", flow=flow)
    if node.many is not None or instead is not None:
        work.go_to(token.no, instead or node, scope)
        return None
    work.path.append(node.key)
    performer = work.state.memory["visited"].get(node.key, [None])[0]
    return open_task(work, node, scope, first=performer, keeps_clock=True)


def _ask_applicant(work: Work, token: Token) -> None:
    """The task waits at the start with the applicant; its limit and the case's stand still meanwhile."""
    if work.state.opened_by is None:
        raise VerbRefused("该事项为匿名提交，无法退回申请人补正。", next_step="请作废或退回其他环节。")
    for clock in list(work.state.clocks.values()):
        if clock.kind not in ALARMS and clock.token in (0, token.no) and not clock.is_stopped:
            note(work, clock, clocks.STOP)
    start = work.graph.nodes[work.graph.start]
    asker = token.assignee if token.assignee is not None else work.command.actor
    extra = {"answer_to": work.graph.nodes[token.node].key, "asker": asker, "organisation": token.organisation}
    work.change(
        token, node=start.index, status="open", role="", assignee=work.state.opened_by, organisation=None,
        extra=extra, since=work.at, came_from=token.node, came_by=work.command.actor,
    )  # fmt: skip
    work.path.append(start.key)
    work.opened.append({"token": token.no, "node": start.key, "role": "", "assignee": work.state.opened_by})


def withdraw(work: Work, token: Token | None) -> None:
    """撤回: who took the step before takes it back while nobody has begun on what followed."""
    assert token is not None
    if token.came_from < 0 or work.command.actor not in (None, token.came_by):
        raise VerbRefused("只有上一步的办理人可以撤回。", next_step="")
    node = work.graph.nodes[token.came_from]
    taken = _take_back_request(work, token, node) if is_with_applicant(token) else _take_back(work, token, node)
    work.change(taken, status="claimed", assignee=work.command.actor or taken.assignee)


def _take_back(work: Work, token: Token, node: GraphNode) -> Token:
    known = node.kind == "user_task" and node.many is None and node.key in work.state.memory.get("visited", {})
    if not known or node.key not in [*earlier_steps(work, token), work.graph.nodes[token.node].key]:
        raise VerbRefused("这一步不能撤回。", next_step="如需终止，请作废该事项。")
    if _is_begun(work, token, node):
        raise VerbRefused("后续环节已经有人办理，不能撤回。", next_step="请联系对方退回。")
    taken = _go_back(work, token, node)
    assert taken is not None
    return taken


def _is_begun(work: Work, token: Token, node: GraphNode) -> bool:
    """Whether somebody took, or already completed, something that follows the step to be taken back."""
    origin = (token.came_from, token.came_by)
    again = rewind(work, node.index, _scope_of(work, token, node))
    if any((t.came_from, t.came_by) != origin or t.status in BEGUN for t in again.tokens):
        return True
    visited = work.state.memory["visited"]
    since = datetime.fromisoformat(visited[node.key][2])
    later = (key for key, performed in visited.items() if datetime.fromisoformat(performed[2]) > since)
    return any(work.graph.by_key[key].index in again.again for key in later)


def _take_back_request(work: Work, token: Token, node: GraphNode) -> Token:
    run_on(work, token)
    work.path.append(node.key)
    organisation = (token.extra or {})["organisation"]
    return work.change(token, node=node.index, role=node.role, extra=None, organisation=organisation)


def cancel(work: Work, token: Token | None) -> None:
    """作废: everything ends; the record stays."""
    whole = work.clock_of(0)
    if whole is not None:
        work.facts["case_clock"] = final(work, whole)
    work.state.tokens.clear()
    work.state.scopes.clear()
    work.state.clocks.clear()
    work.state.status, work.state.outcome = "cancelled", "cancelled"
    if "parent" in work.state.memory:
        work.effect("answer_parent", parent=work.state.memory["parent"], data={}, outcome="cancelled")
