"""Sub-processes, multi-instance activities, and events on the edge of activities."""

from __future__ import annotations

import pytest

from yiwang.engines.directory.spec import urgent_hours
from yiwang.engines.processes.spec import (
    Boundary,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Many,
    Parallel,
    ReceiveTask,
    RuleTask,
    ServiceTask,
    Start,
    SubProcess,
    Throw,
)
from yiwang.engines.processes.tests.processes import Run, task

THREE = {"people": ["甲", "乙", "丙"]}


def inner(*nodes: object, key: str = "block", **rest: object) -> SubProcess:
    ends = () if any(isinstance(node, End) for node in nodes) else (End(f"{key}_end"),)
    return SubProcess(key, "子流程", nodes=(Start(f"{key}_start"), *nodes, *ends), **rest)


def test_a_sub_process_ends_when_nothing_runs_in_it() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    block = inner(fork, task("a", then="block_end"), task("b"), key="block")
    run = Run(block, task("after")).open()
    assert run.tasks == ["a", "b"] and run.standing == ["a", "b", "block"]
    run.complete("a")
    assert run.standing == ["b", "block"]
    assert run.complete("b").standing == ["after"] and not run.state.scopes


def test_sub_processes_nest() -> None:
    run = Run(inner(inner(task("deep"), key="low"), key="high"), task("after")).open()
    assert len(run.state.scopes) == 2
    assert run.complete("deep").standing == ["after"]


def test_all_runs_at_once_collect_their_results() -> None:
    many = Many("people", item="person", result="vote", collect="votes")
    run = Run(task("ask", many=many), task("after")).open(THREE)
    assert run.tasks == ["ask"] * 3
    assert [s.variables["person"] for s in run.state.scopes.values() if s.kind == "one"] == THREE["people"]
    run.complete("ask", vote=1).complete("ask", vote=2)
    assert "vote" not in run.state.data
    assert run.complete("ask", vote=3).tasks == ["after"]
    assert run.state.data["votes"] == [1, 2, 3] and not run.state.scopes


def test_one_run_after_another() -> None:
    run = Run(task("ask", many=Many("people", sequential=True)), task("after")).open(THREE)
    assert run.tasks == ["ask"]
    run.complete("ask", "ask")
    assert run.tasks == ["ask"]
    assert run.complete("ask").tasks == ["after"]


def test_enough_runs_end_the_rest() -> None:
    many = Many("people", until="completed / total > 0.5")
    run = Run(task("ask", many=many), task("after")).open(THREE).complete("ask")
    assert run.tasks == ["ask", "ask"]
    assert run.complete("ask").standing == ["after"] and not run.state.scopes


@pytest.mark.parametrize("value", [[], None])
def test_no_items_pass_at_once(value: object) -> None:
    run = Run(task("ask", many=Many("people", collect="votes")), task("after")).open({"people": value})
    assert run.tasks == ["after"] and run.state.data["votes"] == []


def test_a_whole_sub_process_runs_for_each_item() -> None:
    block = inner(RuleTask("sum", "算", sets={"n": "item * 2"}), task("a"), many=Many("xs", result="n", collect="ns"))
    edge = Boundary("late", "超时", at_node="block", on="timer", after=urgent_hours(1), then="end")
    run = Run(block, edge, End()).open({"xs": [1, 2]})
    assert run.tasks == ["a", "a"]
    assert len(run.state.clocks) == 1, "the host alone carries the timer of its edge"
    run.complete("a", "a")
    assert run.state.status == "closed" and run.state.data["ns"] == [2, 4]


def test_an_interrupting_timer_takes_the_task_away() -> None:
    edge = Boundary("late", "超时", at_node="a", on="timer", after=urgent_hours(1), then="chase")
    run = Run(task("a", then="end"), edge, task("chase"), End()).open().ring()
    assert run.standing == ["chase"] and not run.state.clocks


def test_a_timer_beside_lets_the_task_go_on() -> None:
    edge = Boundary("late", "超时", at_node="a", on="timer", after=urgent_hours(1), interrupting=False, then="chase")
    run = Run(task("a", then="end"), edge, task("chase"), End()).open().ring()
    assert run.standing == ["a", "chase"]
    assert run.complete("a", "chase").state.status == "closed"


@pytest.mark.parametrize("on", ["message", "signal"])
@pytest.mark.parametrize("interrupting", [True, False])
def test_a_task_hears_on_its_edge(on: str, interrupting: bool) -> None:
    edge = Boundary("edge", "来", at_node="a", on=on, name="stop", interrupting=interrupting, then="b")
    run = Run(task("a", then="end"), edge, task("b"), End()).open()
    run.command("deliver", kind=on, name="stop", payload={"why": "x"})
    assert run.tasks == (["b"] if interrupting else ["a", "b"]) and run.state.data["why"] == "x"


def test_an_interrupted_sub_process_leaves_nothing_behind() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    block = inner(fork, task("a", then="block_end"), task("b", within=urgent_hours(1)))
    edge = Boundary("edge", "停", at_node="block", on="message", name="stop", then="after")
    run = Run(block, edge, task("after")).open()
    run.command("deliver", name="stop")
    assert run.standing == ["after"] and not run.state.scopes and not run.state.clocks


def test_an_error_climbs_to_the_nearest_catch() -> None:
    low = inner(task("a"), End("bad", throws="error", name="broken"), key="low")
    high = inner(low, task("never"), key="high")
    edges = (
        Boundary("other", "他错", at_node="high", on="error", name="other", then="end"),
        Boundary("any", "任错", at_node="high", on="error", then="repair"),
    )
    run = Run(high, *edges, task("repair"), End()).open().complete("a")
    assert run.standing == ["repair"]


def test_nobody_s_error_ends_the_case() -> None:
    run = Run(inner(task("a"), End("bad", throws="error", name="broken")), task("after")).open().complete("a")
    assert (run.state.status, run.state.outcome) == ("closed", "error")
    assert run.last and run.last.facts["error"] == "broken"


def test_a_handler_s_failure_is_caught_on_its_edge() -> None:
    edge = Boundary("bad", "错", at_node="call", on="error", name="no_net", then="by_hand")
    run = Run(ServiceTask("call", "调", call="x.y"), edge, task("by_hand")).open()
    run.do("fail", "call", error="no_net")
    assert run.tasks == ["by_hand"]


def test_a_failing_run_of_many_ends_the_whole() -> None:
    edge = Boundary("bad", "错", at_node="call", on="error", then="by_hand")
    run = Run(ServiceTask("call", "调", call="x.y", many=Many("people"), then="end"), edge, task("by_hand"), End())
    run.open(THREE).do("fail", "call", error="no_net")
    assert run.standing == ["by_hand"] and not run.state.scopes


def test_an_escalation_is_caught_beside_or_only_noted() -> None:
    block = inner(Throw("up", "上报", on="escalation", name="big"), task("a"))
    edge = Boundary("edge", "升级", at_node="block", on="escalation", name="big", interrupting=False, then="boss")
    run = Run(block, edge, task("boss"), End()).open()
    assert run.tasks == ["a", "boss"]
    run = Run(block, task("after")).open()
    assert run.tasks == ["a"] and run.last and run.last.facts["escalations"] == ["big"]


def test_the_first_of_several_events_wins() -> None:
    paid = Catch("paid", "已付", on="message", name="paid", then="go")
    late = Catch("late", "过期", on="timer", after=urgent_hours(24), then="end")
    nodes = (EventGateway("wait", "等", split=("paid", "late", "seen")), paid, late)
    nodes += (ReceiveTask("seen", "已看", message="seen", then="go"), task("go"), End())
    run = Run(*nodes).open()
    run.command("deliver", name="seen")
    assert run.standing == ["go"] and not run.state.clocks
    assert Run(*nodes).open().ring().state.status == "closed"


def test_termination_reaches_scopes_that_are_just_starting() -> None:
    fork = Parallel("fork", "分", split=("block", "way"))
    way = Exclusive("way", "?", otherwise="stop", when={"block": "false"})
    run = Run(fork, inner(task("a")), End(), way, End("stop", terminate=True, outcome="stopped")).open()
    assert (run.state.outcome, run.state.tokens, run.state.scopes) == ("stopped", {}, {})
