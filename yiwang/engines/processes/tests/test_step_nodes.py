"""Every kind of node on its own: what a token does there."""

from __future__ import annotations

from decimal import Decimal

import pytest

from yiwang.engines.directory.spec import urgent_hours
from yiwang.engines.processes.errors import CaseEnded, NoWayOut, StepTaken, TooManySteps
from yiwang.engines.processes.spec import (
    CallActivity,
    Catch,
    End,
    Exclusive,
    Inclusive,
    Parallel,
    ReceiveTask,
    RuleTask,
    SendTask,
    ServiceTask,
    Throw,
)
from yiwang.engines.processes.step import Surroundings
from yiwang.engines.processes.tests.processes import CITIZEN, MONDAY, Run, task
from yiwang.engines.working_time.seed import seed_calendar


def test_a_line_of_tasks_runs_to_its_end() -> None:
    run = Run(task("first"), task("second")).open({"x": 1})
    assert run.tasks == ["first"] and run.state.opened_by == CITIZEN
    run.complete("first", y=2)
    assert run.tasks == ["second"] and run.last and run.last.facts["path"] == ["second"]
    run.complete("second")
    assert (run.state.status, run.state.outcome, run.state.tokens) == ("closed", "closed", {})
    assert run.state.data == {"x": 1, "y": 2}


def test_a_step_taken_twice_is_told_so() -> None:
    run = Run(task("first"), task("second")).open()
    gone = run.token("first").no
    run.complete("first")
    run.complete("second")
    with pytest.raises(CaseEnded):
        run.command("complete", gone)
    run = Run(task("first"), task("second")).open()
    with pytest.raises(StepTaken):
        run.command("complete", 99)


def test_the_outcome_is_that_of_the_end_reached() -> None:
    run = Run(Exclusive("way", "?", when={"no": "x < 0"}, otherwise="yes"), End("no", outcome="refused"), End("yes"))
    assert run.open({"x": -1}).state.outcome == "refused"


def test_the_first_true_way_of_an_exclusive_gateway_is_taken() -> None:
    way = Exclusive("way", "?", when={"a": "x > 1", "b": "x > 0"}, otherwise="c")
    nodes = (way, task("a", then="end"), task("b", then="end"), task("c"), End())
    assert [Run(*nodes).open({"x": x}).tasks for x in (2, 1, 0, None)] == [["a"], ["b"], ["c"], ["c"]]


def test_no_way_out_is_refused_and_changes_nothing() -> None:
    run = Run(task("first"), Exclusive("way", "?", when={"a": "x > 1"}), task("a")).open()
    assert isinstance(run.refused("complete", "first", data={"x": 0}), NoWayOut)
    assert run.tasks == ["first"]


def test_a_circle_without_anybody_in_it_is_stopped() -> None:
    run = Run(RuleTask("count", "计", sets={"x": "1"}), Exclusive("way", "?", when={"end": "x > 1"}, otherwise="count"))
    assert isinstance(run.refused("open"), TooManySteps)


def test_parallel_ways_meet_again() -> None:
    fork = Parallel("fork", "分", split=("a", "b", "c"))
    branches = (task("a", then="join"), task("b", then="join"), task("c"))
    run = Run(fork, *branches, Parallel("join", "合"), task("after")).open()
    assert run.tasks == ["a", "b", "c"]
    run.complete("b", "a")
    assert run.standing == ["c", "join", "join"]
    run.complete("c")
    assert run.standing == ["after"]


def test_an_inclusive_join_waits_for_what_was_chosen() -> None:
    fork = Inclusive("fork", "分", when={"a": "x > 0", "b": "x > 1"}, otherwise="c")
    nodes = (fork, task("a", then="join"), task("b", then="join"), task("c"), Inclusive("join", "合"), task("after"))
    assert Run(*nodes).open({"x": 0}).complete("c").standing == ["after"]
    assert Run(*nodes).open({"x": 1}).complete("a").standing == ["after"]
    run = Run(*nodes).open({"x": 2}).complete("b")
    assert run.standing == ["a", "join"]
    assert run.complete("a").standing == ["after"]


def test_a_service_task_asks_outside_and_takes_the_answer() -> None:
    run = Run(ServiceTask("look_up", "查", call="trial.look", result="found"), task("after")).open({"x": 1})
    assert run.last and run.last.effects[0].kind == "call"
    assert run.last.effects[0].payload == {"handler": "trial.look", "token": 2, "facts": {"x": 1}}
    run.do("answer", "look_up", data={"n": 3})
    assert run.state.data["found"] == {"n": 3} and run.tasks == ["after"]


def test_rules_set_plain_values_one_after_another() -> None:
    sets = {"a": "1 + 1", "b": "a / 4", "c": 'duration("P1DT1H")', "d": 'date("2021-03-01")', "e": '[a, {"k": a}]'}
    data = Run(RuleTask("rule", "算", sets=sets), task("after")).open().state.data
    assert data == {"a": 2, "b": 0.5, "c": "P1DT3600S", "d": "2021-03-01", "e": [2, {"k": 2}]}
    assert not any(isinstance(value, Decimal) for value in data.values())


def test_a_table_decides() -> None:
    around = Surroundings(seed_calendar(), decide=lambda graph, table, facts: f"{table}:{facts['x']}")
    run = Run(RuleTask("rule", "定", table="rates", result="rate"), task("after"), around=around).open({"x": 1})
    assert run.state.data["rate"] == "rates:1"


def test_messages_and_signals_go_out() -> None:
    send = SendTask("send", "发", message="hello", payload={"n": "x + 1"})
    run = Run(send, Throw("shout", "喊", on="signal", name="fire"), task("after")).open({"x": 1})
    assert run.last is not None
    assert [(e.kind, e.payload["name"]) for e in run.last.effects] == [("message", "hello"), ("signal", "fire")]
    assert run.last.effects[0].payload["payload"] == {"n": Decimal(2)}


def test_a_receive_task_takes_its_message_only() -> None:
    run = Run(ReceiveTask("hear", "收", message="paid", result="payment"), task("after")).open()
    assert run.refused("deliver", name="else").code == "CASE_VERB_REFUSED"
    run.command("deliver", name="paid", payload={"fen": 100})
    assert run.state.data["payment"] == {"fen": 100} and run.tasks == ["after"]


def test_a_timer_lets_go_when_it_rings() -> None:
    run = Run(Catch("pause", "等", on="timer", after=urgent_hours(3)), task("after")).open()
    (clock,) = run.state.clocks.values()
    assert (clock.next_at - MONDAY).total_seconds() == 3 * 3600
    assert run.refused("fire", clock=clock.no).code == "CASE_VERB_REFUSED"
    assert run.ring().tasks == ["after"] and not run.state.clocks


@pytest.mark.parametrize(
    ("at", "hours"),
    [('duration("PT5H")', 5), ('"2021-03-01T12:00:00+08:00"', 2), ('date("2021-03-02")', 14), ("null", 0)],
)
def test_a_timer_may_be_set_by_feel(at: str, hours: int) -> None:
    run = Run(Catch("pause", "等", on="timer", at=at), task("after")).open()
    (clock,) = run.state.clocks.values()
    assert (clock.next_at - MONDAY).total_seconds() == hours * 3600


def test_a_signal_wakes_everything_that_waits_for_it() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    hear_a, hear_b = (Catch(key, "等", on="signal", name="go", then=then) for key, then in (("a", "x"), ("b", "y")))
    run = Run(fork, hear_a, hear_b, task("x", then="end"), task("y"), End()).open()
    run.command("deliver", kind="signal", name="go")
    assert run.tasks == ["x", "y"]


def test_a_called_case_gives_back_what_is_mapped() -> None:
    call = CallActivity("call", "调", calls="trial.other", inputs={"n": "x + 1"}, outputs={"got": "m * 2"})
    run = Run(call, task("after")).open({"x": 1})
    assert run.last and run.last.effects[0].payload == {"type": "trial.other", "token": 2, "data": {"n": Decimal(2)}}
    run.do("answer", "call", data={"m": 4})
    assert run.state.data == {"x": 1, "got": 8}


def test_a_child_case_answers_its_parent_when_it_ends() -> None:
    run = Run(task("only")).open({"x": 1}, parent={"case": "p", "token": 3}).complete("only")
    assert run.last and run.last.effects[0].kind == "answer_parent"
    assert run.last.effects[0].payload["parent"] == {"case": "p", "token": 3}


def test_terminate_ends_every_other_way_at_once() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    run = Run(fork, task("a"), End("stop", terminate=True, outcome="stopped"), task("b"), End()).open()
    run.complete("a")
    assert (run.state.status, run.state.outcome, run.state.tokens) == ("closed", "stopped", {})
