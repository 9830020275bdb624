"""Verbs that carry a case forward: open, complete, rate, and what the clock, messages and handlers bring."""

from __future__ import annotations

from typing import Any

from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import NotYours, VerbRefused
from yiwang.engines.processes.state import ROOT, Token
from yiwang.engines.processes.step import agreeing, happenings, limits
from yiwang.engines.processes.step.holding import is_with_applicant, must_hold, run_on, without
from yiwang.engines.processes.step.work import Work
from yiwang.kernel.errors import InvalidInput

WORST, BEST = 1, 5


def open_case(work: Work, token: Token | None) -> None:
    """The case begins: data in, whole clock started, first token at the start."""
    command, graph = work.command, work.graph
    work.state.status = "open"
    work.state.opened_by = command.actor
    work.state.data.update(command.arguments.get("data", {}))
    if command.arguments.get("parent"):
        work.state.memory["parent"] = dict(command.arguments["parent"])
    work.origin = (graph.start, command.actor)
    if graph.within is not None:
        clock = work.start_clock(graph.within, token=0, kind="case", node=graph.start)
        work.facts["due_at"] = clock.due_at
    work.go_to(work.new_no(), graph.nodes[graph.start], ROOT)


def remember(work: Work, token: Token) -> None:
    """Note who performed a node and what its clock had used, for returns and for the timeline."""
    key, at = work.graph.nodes[token.node].key, work.at.isoformat()
    clock = work.clock_of(token.no)
    ledger = None
    if clock is not None:
        work.facts["clock"] = happenings.final(work, clock)
        operations = [*map(list, clock.ledger), [clocks.STOP, at, "0"]]
        ledger = [clock.started_at.isoformat(), operations, clock.mark]
    performed = [work.command.actor, work.command.actor_name, at, ledger]
    work.state.memory["visited"] = {**work.state.memory.get("visited", {}), key: performed}


def complete(work: Work, token: Token | None) -> None:
    """A person did the task: data in, on to the next. A delegate's work goes back to the owner."""
    assert token is not None
    must_hold(work, token)
    work.assign(token.scope, work.command.arguments.get("data", {}))
    owner = (token.extra or {}).get("owner")
    if owner is not None:
        work.change(token, status="claimed", assignee=owner, extra=without(token.extra, "owner"))
        work.facts["returned_to"] = owner
        return
    if is_with_applicant(token):
        _answer_applicant_request(work, token)
        return
    for condition, sentence in work.graph.nodes[token.node].demands:
        if condition.value(work.context(token.scope)) is not True:
            raise VerbRefused(sentence, next_step="")
    remember(work, token)
    work.origin = (token.node, work.command.actor)
    work.pass_on(token)


def _answer_applicant_request(work: Work, token: Token) -> None:
    """The applicant made up what was missing: the task that asked goes on, its clocks run again."""
    run_on(work, token)
    extra = token.extra or {}
    asker = work.graph.by_key[extra["answer_to"]]
    work.change(
        token, node=asker.index, status="open", role=asker.role, assignee=extra.get("asker"),
        organisation=extra.get("organisation"), extra=None, since=work.at,
    )  # fmt: skip
    work.path.append(asker.key)
    work.opened.append({"token": token.no, "node": asker.key, "role": asker.role, "assignee": extra.get("asker")})


def rate(work: Work, token: Token | None) -> None:
    """The reporter rates the closed case once, from 1 (very dissatisfied) to 5."""
    if not work.graph.bundle.get("rated") or "rating" in work.state.memory:
        raise VerbRefused("该事项已经评价过或不开放评价。", next_step="")
    if work.command.actor not in (None, work.state.opened_by):
        raise NotYours("只有提交人可以评价。", next_step="")
    score = work.command.arguments.get("score")
    if not isinstance(score, int) or not WORST <= score <= BEST:
        raise InvalidInput([{"path": "score", "code": "RATING_RANGE", "message": "请在 1 至 5 分之间选择。"}])
    work.state.memory["rating"] = score


def comment(work: Work, token: Token | None) -> None:
    """A remark for the history; moves nothing."""
    if not str(work.command.arguments.get("text", "")).strip():
        raise InvalidInput([{"path": "text", "code": "COMMENT_EMPTY", "message": "请填写留言内容。"}])


def fire(work: Work, token: Token | None) -> None:
    """A clock rang: a warning is raised, or a timer event happens. A clock that is gone is no error."""
    clock = work.state.clocks.get(work.command.arguments["clock"])
    if clock is None or clock.next_at is None or clock.next_at > work.at:
        raise VerbRefused("该时钟已不在运行。", next_step="")
    node = work.graph.nodes[clock.node]
    work.facts["clock_node"] = node.key
    if clock.kind == "deferral":
        del work.state.clocks[clock.no]
        agreeing.end_deferral(work, work.state.tokens[clock.token])
        return
    if clock.kind == "timer":
        del work.state.clocks[clock.no]
        happenings.happen(work, work.state.tokens[clock.token], node, {})
        return
    marks = work.marks(clock.kind, clock.node)
    raised = clock._replace(mark=clock.mark + 1)
    work.state.clocks[clock.no] = clocks.timed(work.around.calendar, raised, marks)
    share = marks[clock.mark]
    work.facts["share"], work.facts["token"] = share, clock.token
    work.effect("warning", share=share, token=clock.token, node=node.key, due_at=clock.due_at)
    rises = work.graph.escalates if clock.kind == "case" else node.escalates
    if str(share) in rises:
        limits.escalate(work, rises[str(share)])


def deliver(work: Work, token: Token | None) -> None:
    """A message or signal arrived; nobody waiting for it is a refusal, so that the sender learns."""
    arguments = work.command.arguments
    kind, name = arguments.get("kind", "message"), arguments["name"]
    if not happenings.deliver(work, kind, name, arguments.get("payload", {})):
        raise VerbRefused(f"该事项目前不等待消息“{name}”。", next_step="", facts={"name": name})


def settle(work: Work, token: Token | None) -> None:
    """并案办结: the case ends as the one it was merged into ended, with that one's answer.

    `measured` keeps what its limits had used, as if they ran on now: {"due_at": of the whole, "steps": {key of a task
    that stood open: warnings raised}}. Entries of before it was asked for fold to what they were.
    """
    arguments = work.command.arguments
    if arguments.get("measured"):
        work.state.memory["settled"] = _measured(work)
    work.assign(ROOT, arguments.get("data", {}))
    work.facts["settled_by"] = str(arguments.get("main", ""))
    work.state.outcome = ""
    happenings.close(work, str(arguments.get("outcome") or "closed"))


def _measured(work: Work) -> dict[str, Any]:
    whole = work.clock_of(0)
    if whole is not None and whole.is_stopped:
        marks = work.marks(whole.kind, whole.node)
        whole = clocks.noted(work.around.calendar, whole, marks, clocks.RESUME, work.at)
    tasks = {work.graph.nodes[token.node].key: work.clock_of(token.no) for token in work.state.open_tasks()}
    steps = {key: clock.mark for key, clock in tasks.items() if clock is not None}
    return {"due_at": whole.due_at.isoformat() if whole is not None else None, "steps": steps}


def answer(work: Work, token: Token | None) -> None:
    """A handler or a called case answered."""
    assert token is not None
    node = work.graph.nodes[token.node]
    values = dict(work.command.arguments.get("data", {}))
    if node.kind == "call_activity":
        values = {name: expression.value(values) for name, expression in node.maps["outputs"]}
    elif node.raw.get("result"):
        values = {node.raw["result"]: values}
    work.assign(token.scope, values)
    work.pass_on(token)


def migrate(work: Work, token: Token | None) -> None:
    """Stands in histories only: a case changes its version by `processes.migration`, never by a step."""
    raise VerbRefused("换用新版流程须通过流程迁移统一办理。", next_step="")


def fail(work: Work, token: Token | None) -> None:
    """A handler reported a business error: its boundary event, or one further out, catches it."""
    assert token is not None
    happenings.fail_at(work, token, str(work.command.arguments.get("error", "")))
