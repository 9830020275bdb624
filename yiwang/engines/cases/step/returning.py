"""Verbs that go back: 退回 to an earlier step or the applicant, 撤回, 作废. No return resets a clock."""

from __future__ import annotations

from typing import Any

from yiwang.engines.cases import clocks
from yiwang.engines.cases.errors import VerbRefused
from yiwang.engines.cases.graph import GraphNode
from yiwang.engines.cases.state import ROOT, Token
from yiwang.engines.cases.step.happenings import final
from yiwang.engines.cases.step.progress import must_hold, note, remember
from yiwang.engines.cases.step.work import Work
from yiwang.kernel.errors import InvalidInput

APPLICANT = "applicant"


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
    remember(work, token)
    work.origin = (token.node, work.command.actor)
    _go_back(work, token, node)


def earlier_steps(work: Work, token: Token) -> list[str]:
    """Keys of the steps a token may be sent back to: user tasks already done, in its scope or one around it."""
    levels = {scope_node for _, scope_node in _levels(work, token.scope)}
    visited = work.state.memory.get("visited", {})
    return [
        node.key
        for node in work.graph.nodes
        if node.kind == "user_task" and node.key in visited and node.parent in levels and node.index != token.node
    ]


def _levels(work: Work, scope: int) -> list[tuple[int, int]]:
    """(scope, node of that scope) from inside out; the root is (0, -1)."""
    levels = []
    while scope != ROOT:
        row = work.state.scopes[scope]
        if row.kind != "many" and work.graph.nodes[row.node].kind == "sub_process":
            levels.append((scope, row.node))
        scope = row.parent
    return [*levels, (ROOT, -1)]


def _go_back(work: Work, token: Token, node: GraphNode) -> Token:
    """Withdraw what the target would do again, then stand at the target with its first performer and its old clock."""
    scope = next(number for number, owner in _levels(work, token.scope) if owner == node.parent)
    outer = _ancestor_in(work, token, scope)
    for other in list(work.state.tokens.values()):
        if other.no in work.state.tokens and other.scope == scope and other.no != outer:
            if work.graph.can_reach(node.index, other.node):
                work.drop(other.no)
    work.drop(outer)
    performer = work.state.memory["visited"][node.key]
    return stand(work, node, scope, performer)


def _ancestor_in(work: Work, token: Token, scope: int) -> int:
    """The token itself, or its host in `scope` when it stands deeper."""
    while token.scope != scope:
        token = work.state.tokens[work.state.scopes[token.scope].host]
    return token.no


def stand(work: Work, node: GraphNode, scope: int, performer: list[Any]) -> Token:
    """Enter a user task again: assigned to who did it, its clock carried on."""
    no = work.new_no()
    work.path.append(node.key)
    token = work.place(no, node, scope, "open", role=node.role, assignee=performer[0])
    opened: dict[str, Any] = {"token": no, "node": node.key, "role": node.role, "assignee": performer[0]}
    if node.within is not None:
        clock = work.start_clock(node.within, token=no, kind="task", node=node.index, **work.earlier_clock(node))
        opened["due_at"] = clock.due_at
    work.opened.append(opened)
    for index in node.boundaries:
        event = work.graph.nodes[index]
        if event.on == "timer" and event.after is not None:
            work.start_clock(event.after, token=token.no, kind="timer", node=index)
    return token


def _ask_applicant(work: Work, token: Token) -> None:
    """The task waits at the start with the applicant; its limit and the case's stand still meanwhile."""
    if work.state.opened_by is None:
        raise VerbRefused("该事项为匿名提交，无法退回申请人补正。", next_step="请作废或退回其他环节。")
    for clock in list(work.state.clocks.values()):
        if clock.kind != "timer" and clock.token in (0, token.no) and not clock.is_stopped:
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
    mine = [
        t for t in work.state.tokens.values() if (t.came_from, t.came_by) == (token.came_from, token.came_by)
    ]  # fmt: skip
    if token.came_from < 0 or work.command.actor not in (None, token.came_by):
        raise VerbRefused("只有上一步的办理人可以撤回。", next_step="")
    if any(t.status != "open" for t in mine):
        raise VerbRefused("下一步已经有人签收，不能撤回。", next_step="请联系对方退回。")
    node = work.graph.nodes[token.came_from]
    if node.kind != "user_task" or node.key not in earlier_steps(work, token) + [work.graph.nodes[token.node].key]:
        raise VerbRefused("这一步不能撤回。", next_step="如需终止，请作废该事项。")
    if (token.extra or {}).get("answer_to"):
        taken = _take_back_request(work, token, node)
    else:
        taken = _go_back(work, token, node)
    work.change(taken, status="claimed", assignee=work.command.actor or taken.assignee)


def _take_back_request(work: Work, token: Token, node: GraphNode) -> Token:
    for clock in list(work.state.clocks.values()):
        if clock.is_stopped and clock.token in (0, token.no):
            note(work, clock, clocks.RESUME)
    work.path.append(node.key)
    organisation = (token.extra or {})["organisation"]
    return work.change(token, node=node.index, role=node.role, extra=None, organisation=organisation)


def cancel(work: Work, token: Token | None) -> None:
    """作废: everything ends; the record stays."""
    whole = work.clock_of(0)
    if whole is not None:
        work.facts["case_clock"] = final(work, whole)
    for no in list(work.state.tokens):
        if no in work.state.tokens:
            work.drop(no)
    work.state.scopes.clear()
    work.state.clocks.clear()
    work.state.status, work.state.outcome = "cancelled", "cancelled"
    if "parent" in work.state.memory:
        work.effect("answer_parent", parent=work.state.memory["parent"], data={}, outcome="cancelled")
