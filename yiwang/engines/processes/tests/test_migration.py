"""Moving to another version: what stands goes on standing, what has arrived stays arrived, what cannot move says why."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from yiwang.engines.directory.spec import working_days, working_hours
from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.migration import Inspector, Moves, UnknownPlace, carried, moves_between
from yiwang.engines.processes.spec import (
    Boundary,
    Catch,
    End,
    EventGateway,
    Exclusive,
    Many,
    Node,
    Parallel,
    Start,
    SubProcess,
)
from yiwang.engines.processes.tests.blocks import Blocks
from yiwang.engines.processes.tests.processes import LAN, MONDAY, ZHOU, Run, graph_of, task
from yiwang.engines.processes.tests.test_any_order import check_clocks, check_scopes, check_tokens, lead_out

WHY = {"reason": "有误"}
FORK = Parallel("fork", "分", split=("a", "b"))
BLOCK = (FORK, task("a", then="join"), task("b", then="join"), Parallel("join", "合"))


def change(run: Run, *nodes: Node, moves: Moves | None = None, **head: Any) -> list[str]:
    """Move a case to another definition; what stands in the way, in words. The case moves when nothing does."""
    return change_to(run, graph_of(*nodes, **head), moves)


def change_to(run: Run, new: Graph, moves: Moves | None = None) -> list[str]:
    table = moves_between(run.graph, new, moves or Moves())
    found = Inspector(run.graph, new, table).obstacles(run.state)
    if not found:
        run.state, run.graph = carried(run.graph, new, table, run.state, run.at, run.around), new
        check_scopes(run.state)
        check_tokens(run)
        check_clocks(run.state)
    return [f"{one.where}：{one.why}{one.now}" for one in found]


def test_a_task_goes_on_where_it_stood_and_meets_the_new_step_behind_it() -> None:
    run = Run(task("a"), task("b")).open().do("claim", "a", LAN)
    assert change(run, task("begin"), task("a"), task("new"), task("b")) == []
    assert (run.tasks, run.token("a").assignee) == (["a"], LAN)
    assert run.complete("a", actor=LAN).tasks == ["new"]


def test_what_has_arrived_at_a_join_stays_arrived() -> None:
    run = Run(*BLOCK, task("c")).open().complete("a")
    longer = (FORK, task("a", then="join"), task("b", then="b2"), task("b2", then="join"), Parallel("join", "合"), task("c"))
    assert change(run, *longer) == []
    assert run.standing == ["b", "join"]
    assert run.complete("b", "b2").tasks == ["c"]


def test_a_renamed_branch_takes_its_parked_token_along() -> None:
    run = Run(*BLOCK).open().complete("a")
    renamed = (Parallel("fork", "分", split=("x", "b")), task("x", then="meet"), task("b", then="meet"), Parallel("meet", "合"), task("z"))
    assert "新版本没有对应的环节" in change(run, *renamed)[0]
    assert change(run, *renamed, moves=Moves({"a": "x", "join": "meet"})) == []
    assert run.complete("b").tasks == ["z"]


def test_a_parked_token_without_its_flow_is_told_with_the_remedy() -> None:
    run = Run(*BLOCK).open().complete("a")
    other = (FORK, task("a", then="a2"), task("a2", then="join"), task("b", then="join"), Parallel("join", "合"))
    assert change(run, *other) == [
        "环节“合”（join）：已到达的分支（a__join）在新版本中没有对应的连线。"
        "请在对应表的 flows 中写明 a__join 对应哪条连线，或等其他分支到齐。"
    ]
    assert change(run, *other, moves=Moves(flows={"a__join": "a2__join"})) == []
    assert run.complete("b").state.status == "closed"


def test_a_new_branch_that_would_never_come_keeps_the_case_where_it_is() -> None:
    run = Run(*BLOCK).open().complete("a")
    three = (
        Parallel("fork", "分", split=("a", "b", "c")), task("a", then="join"), task("b", then="join"),
        task("c", then="join"), Parallel("join", "合"),
    )  # fmt: skip
    (why,) = change(run, *three)
    assert "一直等待来自 c 的分支" in why and "先办完并行的分支" in why
    early = Run(task("first"), *BLOCK).open()
    assert change(early, task("first"), *three) == []
    assert early.complete("first").tasks == ["a", "b", "c"]


def test_other_kinds_and_other_levels_are_no_place_to_go() -> None:
    run = Run(task("a"), task("b")).open()
    assert "另一种环节" in change(run, Catch("x", "等", on="signal", name="s"), moves=Moves({"a": "x"}))[0]
    assert "另一种环节" in change(run, task("a", many=Many("[1]")))[0]
    inside = SubProcess("s", "子", nodes=(Start("s1"), task("a"), End("e1")))
    assert "不在同一个子流程里" in change(run, inside)[0]


@pytest.mark.parametrize("moves", [Moves({"a": "bb"}), Moves(flows={"x": "a__bb"})])
def test_a_target_that_does_not_exist_is_refused(moves: Moves) -> None:
    with pytest.raises(UnknownPlace, match="新版本没有"):
        moves_between(graph_of(task("a")), graph_of(task("a"), task("b")), moves)


class TestClocks:
    def test_a_changed_limit_is_laid_on_the_time_already_used(self) -> None:
        run = Run(task("a", within=working_days(2))).open().wait(hours=5)
        assert change(run, task("a", within=working_days(1))) == []
        clock = run.clock("a")
        assert (clock.started_at, clock.amount) == (MONDAY, "1")
        assert clock.due_at == MONDAY + timedelta(days=1)

    def test_stops_and_extensions_stay_and_another_unit_is_refused(self) -> None:
        run = Run(task("a", within=working_days(2))).open().do("extend", "a", amount=1, reason="难")
        run.command("suspend", **WHY)
        run.wait(days=1).command("resume")
        due = run.clock("a").due_at
        assert "换了计时单位" in change(run, task("a", within=working_hours(9)))[0]
        assert change(run, task("a", within=working_days(3))) == []
        assert run.clock("a").due_at == due + timedelta(days=3)  # Friday to Monday.

    def test_an_unchanged_limit_is_left_alone_and_warnings_are_not_repeated(self) -> None:
        run = Run(task("a", within=working_days(2))).open().ring()
        before = run.clock("a")
        assert change(run, task("z"), task("a", within=working_days(2))) == []
        assert run.clock("a")._replace(node=before.node) == before
        assert change(run, task("a", within=working_days(2), warn_at=(25, 50, 90))) == []
        assert run.clock("a").mark == 2

    def test_a_limit_that_is_new_starts_now_and_one_that_is_gone_ends(self) -> None:
        run = Run(task("a")).open().wait(hours=1)
        assert change(run, task("a", within=working_hours(1)), within=working_days(5)) == []
        assert run.clock("a").started_at == run.clock("").started_at == run.at
        assert change(run, task("a")) == []
        assert run.state.clocks == {}

    def test_a_reminder_that_has_rung_does_not_ring_again(self) -> None:
        def process(*more: Node) -> tuple[Node, ...]:
            edge = Boundary("late", "迟", at_node="a", on="timer", after=working_hours(1), interrupting=False, then="told")
            return (task("a", then="end"), edge, *more, task("told"), End())

        run = Run(*process()).open().ring()
        assert run.tasks == ["a", "told"]
        later = Boundary("later", "更迟", at_node="a", on="timer", after=working_hours(2), interrupting=False, then="told")
        assert change(run, *process(later)) == []
        (clock,) = run.state.clocks.values()
        assert run.graph.nodes[clock.node].key == "later" and clock.started_at == run.at

    def test_events_behind_a_gateway_keep_their_timers(self) -> None:
        def process(hours: int) -> tuple[Node, ...]:
            return (
                EventGateway("wait", "等", split=("m", "t")), Catch("m", "信", on="message", name="m", then="end"),
                Catch("t", "时", on="timer", after=working_hours(hours), then="a"), task("a"), End(),
            )  # fmt: skip

        run = Run(*process(1)).open()
        assert change(run, *process(3)) == []
        assert [clock.due_at for clock in run.state.clocks.values()] == [MONDAY + timedelta(hours=5)]  # Lunch between.
        assert run.ring().tasks == ["a"]


def test_returns_and_withdrawals_find_their_way_in_the_new_version() -> None:
    run = Run(task("a"), task("b"), task("c")).open().complete("a", actor=LAN).complete("b", actor=ZHOU)
    assert change(run, task("first"), task("a"), task("b2"), task("c"), moves=Moves({"b": "b2"})) == []
    run.do("withdraw", "c", ZHOU, **WHY)
    assert run.tasks == ["b2"]
    run.do("send_back", "b2", ZHOU, to="a", **WHY)
    assert run.token("a").assignee == LAN


def test_a_question_to_the_applicant_comes_back_to_the_moved_step() -> None:
    run = Run(task("a", within=working_days(1)), task("b")).open().do("send_back", "a", LAN, to="applicant", **WHY)
    assert change(run, task("z"), task("a2", within=working_days(2)), task("b"), moves=Moves({"a": "a2"})) == []
    assert run.standing == ["start"] and run.clock("start").is_stopped
    run.complete("start")
    assert run.tasks == ["a2"] and not run.clock("a2").is_stopped


def test_a_loop_around_a_block_and_a_suspended_case() -> None:
    loop = (Exclusive("in", "入"), *BLOCK, task("c"), Exclusive("again", "?", when={"in": "more"}, otherwise="end"), End())
    run = Run(*loop, within=working_days(3)).open().complete("a", "b").complete("c", more=True).complete("b")
    run.command("suspend", **WHY)
    assert change(run, *loop, within=working_days(9)) == []
    assert run.clock("").is_stopped
    run.command("resume")
    assert run.complete("a").complete("c", more=False).state.status == "closed"


@pytest.mark.parametrize("seed", range(60))
def test_any_state_moves_to_its_own_version_unchanged_and_finds_its_way_out(seed: int) -> None:
    rng = random.Random(seed)
    drawn = Blocks(rng, rng.randint(3, 12))
    run = Run(graph=Graph(drawn.bundle | {"within": {"amount": "9", "unit": "working_day"}}))
    run.open()
    for _ in range(rng.randint(0, 12)):
        waiting = run.state.open_tasks()
        if waiting:
            run.command("complete", rng.choice(waiting).no, data={f"d_{n.key}": rng.choice((1, 2, 9)) for n in run.graph.nodes})
    before = run.state
    reversed_nodes = drawn.bundle | {"nodes": drawn.nodes[::-1], "within": {"amount": "9", "unit": "working_day"}}
    if before.status != "closed":
        assert change_to(run, Graph(reversed_nodes)) == []
        assert change_to(run, Graph(drawn.bundle | {"within": {"amount": "9", "unit": "working_day"}})) == []
        assert run.state == before
        assert change_to(run, Graph(reversed_nodes)) == []
    lead_out(run)
