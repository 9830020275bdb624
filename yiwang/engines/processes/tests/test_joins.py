"""Joins in loops and beside each other, and what a return does to the branches beside it."""

from __future__ import annotations

from yiwang.engines.processes.spec import Boundary, Catch, End, Exclusive, Inclusive, Parallel
from yiwang.engines.processes.tests.processes import Run, task

FORK = Parallel("fork", "分", split=("a", "b"))
BLOCK = (FORK, task("a", then="join"), task("b"), Parallel("join", "合"))
MERGE = Exclusive("begin", "汇入")
LOOP = (MERGE, *BLOCK, task("check"), Exclusive("again", "再来", when={"begin": "more"}, otherwise="end"), End())
SEND_BACK = {"reason": "有误"}


def test_a_join_in_a_loop_fires_once_a_round() -> None:
    run = Run(*LOOP).open().complete("a", "b").complete("check", more=True)
    assert run.standing == ["a", "b"]
    run.complete("b", "a")
    assert run.standing == ["check"]
    assert run.complete("check", more=False).state.status == "closed"


def test_two_tokens_of_one_way_do_not_fire_a_join() -> None:
    split = Parallel("outer", "分", split=("fork", "extra"))
    run = Run(split, task("extra", then="a"), *BLOCK, task("after")).open().complete("extra")
    assert run.standing == ["a", "a", "b"]
    run.complete("a", "a")
    assert run.standing == ["b", "join", "join"]
    assert run.complete("b").standing == ["after", "join"]


def test_an_inclusive_join_is_not_held_by_what_can_only_come_later() -> None:
    nodes = (
        MERGE, Inclusive("fork", "分", when={"a": "x > 0", "b": "x > 1"}, otherwise="a"),
        task("a", then="join"), task("b"), Inclusive("join", "合"), task("check"),
        Exclusive("again", "再来", when={"begin": "more"}, otherwise="end"), End(),
    )  # fmt: skip
    run = Run(*nodes).open({"x": 2}).complete("a", "b").complete("check", more=True, x=1).complete("a")
    assert run.standing == ["check"]


def test_a_return_past_a_join_keeps_the_branch_beside() -> None:
    run = Run(*BLOCK, task("check"), task("last")).open().complete("a", "b")
    run.do("send_back", "check", to="a", **SEND_BACK)
    assert run.standing == ["a", "join"]
    assert run.complete("a").standing == ["check"]


def test_a_return_in_a_loop_keeps_the_branch_beside() -> None:
    run = Run(*LOOP).open().complete("a", "b").complete("check", more=True).complete("b", "a")
    run.do("send_back", "check", to="b", **SEND_BACK)
    assert run.standing == ["b", "join"]
    assert run.complete("b").standing == ["check"]


def test_a_return_inside_a_branch_leaves_the_other_alone() -> None:
    nodes = (MERGE, FORK, task("a"), task("a2", then="join"), task("b"), Parallel("join", "合"))
    run = Run(*nodes, task("check"), Exclusive("again", "?", when={"begin": "more"}, otherwise="end"), End()).open()
    run.complete("a").do("send_back", "a2", to="a", **SEND_BACK)
    assert run.standing == ["a", "b"]
    run.complete("a", "a2", "b")
    assert run.standing == ["check"]


def test_a_step_of_the_branch_beside_is_no_target() -> None:
    run = Run(*LOOP).open().complete("a")
    assert run.refused("send_back", "b", to="a", **SEND_BACK).code == "INVALID_INPUT"


def test_a_return_before_the_fork_takes_all_branches_back() -> None:
    run = Run(task("first"), *BLOCK, task("after")).open().complete("first", "a")
    run.do("send_back", "b", to="first", **SEND_BACK)
    assert run.standing == ["first"]
    assert run.complete("first", "a", "b").standing == ["after"]


def test_a_withdrawn_last_branch_does_not_lose_the_first() -> None:
    run = Run(*BLOCK, task("after")).open().complete("a", actor=1).complete("b", actor=2)
    run.do("withdraw", "after", actor=2, reason="漏填")
    assert run.standing == ["b", "join"]
    assert run.complete("b", actor=2).standing == ["after"]


def test_a_branch_that_asks_the_applicant_still_holds_an_inclusive_join() -> None:
    fork = Inclusive("fork", "分", when={"a": "x > 0", "b": "x > 1"}, otherwise="a")
    run = Run(fork, task("a", then="join"), task("b"), Inclusive("join", "合"), task("last")).open({"x": 2})
    run.do("send_back", "a", to="applicant", **SEND_BACK).complete("b")
    assert run.standing == ["join", "start"]
    assert run.complete("start").complete("a").standing == ["last"]


def test_an_event_may_end_a_suspended_case() -> None:
    run = Run(Catch("news", "等", on="signal", name="news")).open()
    run.command("suspend", reason="等待")
    run.command("deliver", kind="signal", name="news")
    assert (run.state.status, run.state.clocks) == ("closed", {})


def test_a_reminder_that_sends_back_to_the_step_it_reminds_of_does_not_double_it() -> None:
    edge = Boundary("late", "迟", at_node="a", on="signal", name="late", interrupting=False, then="ask")
    run = Run(task("a"), edge, task("b", then="end"), task("ask"), End()).open()
    run.complete("a").do("send_back", "b", to="a", **SEND_BACK)
    run.command("deliver", kind="signal", name="late")
    assert run.standing == ["a", "ask"]
    run.do("send_back", "ask", to="a", **SEND_BACK)
    assert run.standing == ["a"]
