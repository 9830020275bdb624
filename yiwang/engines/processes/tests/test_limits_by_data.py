"""Limits that the case's data decides, advice that the journal keeps, pressure that rises by itself, 延期 and 挂账."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from yiwang.engines.directory.spec import working_days
from yiwang.engines.processes.errors import VerbRefused
from yiwang.engines.processes.spec import Advisor, Boundary, RuleTask
from yiwang.engines.processes.step import Surroundings
from yiwang.engines.processes.tests.processes import CITIZEN, LAN, MONDAY, WU, ZHOU, Run, task
from yiwang.engines.working_time.seed import seed_calendar
from yiwang.kernel.errors import InvalidInput

WHY = {"reason": "因为"}
LIMITS = {"manhole": {"amount": "2", "unit": "urgent_hour"}, "lamp": {"amount": "3", "unit": "working_day"}}


def advised(name: str, facts: Any, at: Any) -> dict[str, Any]:
    return {"limit": LIMITS.get(facts.get("kind")), "asked_at": at}


def advised_run(kind: str, **rest: Any) -> Run:
    ask = RuleTask("ask", "查时限", asks="books.limits", result="advice", case_within="advice.limit")
    around = Surroundings(seed_calendar(), advise=advised)
    run = Run(task("sort", within=working_days(1)), ask, task("handle", within="advice.limit", **rest), around=around,
              within=working_days(5))  # fmt: skip
    return run.open({"kind": kind}).complete("sort")


@pytest.mark.parametrize(("kind", "hours"), [("manhole", 2), ("lamp", 3 * 24)])
def test_the_class_decides_the_limit_of_the_task_and_of_the_case(kind: str, hours: int) -> None:
    run = advised_run(kind)
    assert run.clock("handle").due_at == MONDAY + timedelta(hours=hours) == run.clock("").due_at


def test_a_class_without_a_limit_starts_no_clock_and_leaves_the_whole_limit_alone() -> None:
    run = advised_run("unknown")
    assert [clock.kind for clock in run.state.clocks.values()] == ["case"]
    assert run.clock("").due_at == MONDAY + timedelta(days=7)


def test_what_the_advisor_said_stands_in_the_facts() -> None:
    run = advised_run("lamp")
    assert run.last is not None
    assert run.last.facts["advice"] == [{"limit": LIMITS["lamp"], "asked_at": MONDAY.isoformat()}]
    assert run.state.data["advice"]["limit"] == LIMITS["lamp"]


def test_an_advisor_of_the_same_app_is_named_whole() -> None:
    advisor = Advisor(key="limits", title="时限", function=lambda facts, at: {})
    run = Run(RuleTask("ask", "查", asks=advisor), task("handle", within=working_days(1)))
    assert run.graph.by_key["ask"].raw["asks"] == "trial.limits"


def test_an_edge_timer_without_a_limit_never_rings() -> None:
    rise = Boundary("rise", "上报", at_node="handle", on="timer", after="level_limit", then="above")
    nodes = (task("handle", within=working_days(1), then="end"), rise, task("above", within=working_days(1)))
    assert [c.kind for c in Run(*nodes).open().state.clocks.values()] == ["task"]
    timed = Run(*nodes).open({"level_limit": {"amount": 4, "unit": "working_hour"}})
    assert timed.ring().ring().tasks == ["above"]


def test_pressure_rises_by_itself_and_each_step_once() -> None:
    rises = {80: "urge", 100: "supervise", 150: "circulate"}
    run = Run(task("handle", within=working_days(1), warn_at=(50, 80, 100, 150), escalates=rises)).open()
    heard: list[str] = []
    run.at = MONDAY + timedelta(days=7)
    while any(clock.next_at and clock.next_at <= run.at for clock in run.state.clocks.values()):
        run.ring()
        assert run.last is not None
        heard += [effect.kind for effect in run.last.effects]
    assert heard == ["warning", "warning", "urged", "warning", "supervised", "warning", "circulated"]
    assert run.state.memory["is_supervised"] and run.state.memory["is_circulated"]
    with pytest.raises(VerbRefused):
        run.command("circulate", **WHY)


def test_an_extension_needs_two_others_one_after_the_other() -> None:
    run = Run(task("handle", within=working_days(2), extensions=2, approvals=2)).open()
    due = run.clock("handle").due_at
    with pytest.raises(VerbRefused, match="先由办理人"):
        run.do("extend", "handle", ZHOU, amount="1", **WHY)
    run.do("ask_extension", "handle", LAN, amount="1", **WHY)
    with pytest.raises(VerbRefused, match="自己的申请"):
        run.do("extend", "handle", LAN, **WHY)
    run.do("extend", "handle", ZHOU, **WHY)
    assert run.clock("handle").due_at == due
    with pytest.raises(VerbRefused, match="已经同意过"):
        run.do("extend", "handle", ZHOU, **WHY)
    run.do("extend", "handle", WU, **WHY)
    assert run.clock("handle").due_at == due + timedelta(days=1)
    run.do("ask_extension", "handle", LAN, amount="1", **WHY).do("extend", "handle", ZHOU, **WHY)
    run.do("extend", "handle", WU, **WHY)
    with pytest.raises(VerbRefused, match="次数已经用完"):
        run.do("ask_extension", "handle", LAN, amount="1", **WHY)


def deferred() -> Run:
    run = Run(task("handle", within=working_days(2), deferrals=1, approvals=2), task("check"), within=working_days(5))
    run.open().do("ask_deferral", "handle", LAN, until="2021-05-06", **WHY)
    return run.do("defer", "handle", ZHOU, **WHY).do("defer", "handle", WU, **WHY)


def test_a_deferred_task_stands_still_until_its_day_and_runs_on_by_itself() -> None:
    run = deferred()
    assert run.clock("handle").is_stopped and run.clock("").is_stopped
    run.at = MONDAY.replace(month=5, day=6, hour=0)
    run.ring()
    assert not run.clock("handle").is_stopped and not run.clock("").is_stopped
    # Two working days from Monday 10:00, none used: first office hour of 6 May on.
    assert run.clock("handle").due_at == MONDAY.replace(month=5, day=7, hour=17, minute=30)
    with pytest.raises(VerbRefused, match="次数已经用完"):
        run.do("ask_deferral", "handle", LAN, until="2021-06-01", **WHY)


def test_a_deferred_task_may_be_done_early_and_the_case_runs_on() -> None:
    run = deferred().complete("handle")
    assert run.tasks == ["check"] and not run.clock("").is_stopped
    assert {clock.kind for clock in run.state.clocks.values()} == {"case"}


@pytest.mark.parametrize("until", ["2021-03-01", "2022-04-01", "明年", ""])
def test_a_deferral_names_a_day_within_a_year(until: str) -> None:
    run = Run(task("handle", within=working_days(2), deferrals=1)).open()
    with pytest.raises(InvalidInput):
        run.do("ask_deferral", "handle", LAN, until=until, **WHY)


def test_a_merged_case_ends_as_its_main_case_ended() -> None:
    run = Run(task("handle", within=working_days(2)), within=working_days(5)).open()
    run.command("suspend", **WHY)
    run.command("settle", main="A1", outcome="closed", data={"measure": "已修复"})
    assert (run.state.status, run.state.outcome, run.state.data["measure"]) == ("closed", "closed", "已修复")
    assert not run.state.tokens and not run.state.clocks
    assert run.last is not None and run.last.facts["case_clock"]["is_on_time"]


def test_a_merged_case_keeps_what_its_limits_had_used_when_that_is_asked_for() -> None:
    run = Run(task("handle", within=working_days(2)), within=working_days(5)).open()
    due = run.clock("").due_at
    run.command("suspend", **WHY)
    run.at += timedelta(days=30)
    run.command("settle", main="A1", outcome="closed", data={}, measured=True)
    settled = run.state.memory["settled"]
    assert settled["steps"] == {"handle": 0} and run.at < datetime.fromisoformat(settled["due_at"])
    assert due < run.at, "the clock stood still meanwhile"


def test_a_step_may_demand_before_it_is_over() -> None:
    run = Run(task("check", demands={"fixed = false or seen = true": "请先到现场。"})).open()
    assert str(run.refused("complete", "check", data={"fixed": True}).message) == "请先到现场。"
    assert run.complete("check", fixed=True, seen=True).state.status == "closed"


def test_the_return_above_the_cap_goes_to_a_ruling_and_no_further_one_is_taken() -> None:
    nodes = (task("send", returns=1, ruling="rule", then="work"), task("rule", then="work"), task("work"))
    run = Run(*nodes).open().complete("send").do("send_back", "work", LAN, to="send", **WHY)
    assert run.tasks == ["send"]
    run.complete("send").do("send_back", "work", LAN, to="send", **WHY)
    assert run.tasks == ["rule"] and run.state.memory["returned"] == {"send": 2}
    assert "已经裁定" in run.complete("rule").refused("send_back", "work", LAN, to="send", **WHY).message


def test_the_day_of_a_deferral_does_not_start_a_clock_that_waits_for_the_applicant() -> None:
    run = deferred().do("send_back", "handle", LAN, to="applicant", **WHY)
    run.at = MONDAY.replace(month=5, day=6, hour=0)
    run.ring()
    assert run.clock("start").is_stopped and run.clock("").is_stopped
    run.complete("start", actor=CITIZEN)
    assert not run.clock("handle").is_stopped and not run.clock("").is_stopped


def test_an_event_set_to_an_instant_keeps_it_while_the_task_is_deferred() -> None:
    edge = Boundary("noon", "到点", at_node="handle", on="timer", at='date and time("2021-03-02T12:00:00+08:00")', then="end",
                    interrupting=False)  # fmt: skip
    run = Run(task("handle", within=working_days(2), deferrals=1, then="end"), edge).open()
    run.do("ask_deferral", "handle", LAN, until="2021-05-06", **WHY).do("defer", "handle", ZHOU, **WHY)
    assert run.clock("handle").is_stopped
    assert [clock.next_at for clock in run.state.clocks.values() if clock.kind == "timer"] == [MONDAY.replace(day=2, hour=12)]
