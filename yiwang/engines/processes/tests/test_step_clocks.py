"""Clocks of a running case against worked vectors (D1, D6) and the rule that no return resets a clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from yiwang.engines.directory.spec import Limit, statutory_days, urgent_hours, working_days, working_hours
from yiwang.engines.processes.spec import Parallel, ReceiveTask
from yiwang.engines.processes.tests.processes import CITIZEN, LAN, Run, task
from yiwang.kernel.clock import CHINA

WHY = {"reason": "因为"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2021-{text}").replace(tzinfo=CHINA)


def started(when: str, limit: Limit, **rest: object) -> Run:
    run = Run(task("first", within=limit, **rest), task("second", within=limit), within=working_days(20))
    run.at = at(when)
    return run.open()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("09-24", 20, "10-27"), ("09-24", 5, "09-30"), ("09-30", 5, "10-13"), ("02-08", 5, "02-20"),
    ],
)  # fmt: skip
def test_statutory_days_of_d1(start: str, days: int, due: str) -> None:
    assert started(f"{start}T10:00", statutory_days(days)).clock("first").due_at == at(f"{due}T17:30")


def test_the_task_of_d6_and_its_pause_of_four_working_hours() -> None:
    run = started("09-30T10:00", working_days(2))
    assert run.clock("first").due_at == at("10-09T10:00")
    run.at = at("10-08T09:00")
    run.command("suspend", **WHY)
    assert run.clock("first").is_stopped and run.clock("first").next_at is None
    run.at = at("10-08T15:00")
    assert run.around.calendar.elapsed(at("10-08T09:00"), run.at, "working_hour") == 4 * 3600
    run.command("resume")
    # 10:00 plus 4 working hours: two to noon, two from 14:00.
    assert run.clock("first").due_at == at("10-09T16:00")


def test_asking_the_applicant_stops_the_task_and_the_case() -> None:
    run = started("03-01T10:00", working_hours(6))
    due, whole = run.clock("first").due_at, run.clock("").due_at
    run.at = at("03-01T11:00")
    run.do("send_back", "first", LAN, to="applicant", **WHY)
    assert run.clock("start").is_stopped and run.clock("").is_stopped
    run.at = at("03-02T11:00")
    run.complete("start", actor=CITIZEN)
    assert (run.clock("first").due_at - due).days == 1 and run.clock("").due_at > whole
    assert not run.clock("first").is_stopped and not run.clock("").is_stopped


def test_the_case_stands_still_until_the_last_request_is_answered() -> None:
    fork = Parallel("fork", "分", split=("a", "b"))
    run = Run(fork, task("a", then="end"), task("b"), within=working_days(5)).open()
    run.do("send_back", "a", LAN, to="applicant", **WHY).do("send_back", "b", LAN, to="applicant", **WHY)
    run.wait(days=1).complete("start", actor=CITIZEN)
    assert run.clock("").is_stopped
    run.complete("start", actor=CITIZEN)
    assert not run.clock("").is_stopped


def test_resuming_leaves_a_request_to_the_applicant_stopped() -> None:
    run = started("03-01T10:00", working_hours(6)).do("send_back", "first", LAN, to="applicant", **WHY)
    run.command("suspend", **WHY)
    run.command("resume")
    assert run.clock("start").is_stopped and run.clock("").is_stopped


def test_a_return_never_resets_a_clock() -> None:
    run = started("03-01T09:00", working_hours(4))
    first = run.clock("first").due_at
    run.at = at("03-01T11:00")
    run.complete("first", actor=LAN).wait(minutes=30)
    run.do("send_back", "second", to="first", **WHY)
    # Two of the four hours are used up; half an hour elsewhere does not count.
    assert run.clock("first").due_at == at("03-01T15:30") and first == at("03-01T15:00")
    run.wait(minutes=30).complete("first", actor=LAN)
    run.do("send_back", "second", to="first", **WHY)
    assert run.clock("first").due_at == at("03-01T15:30")


def test_warnings_raised_before_a_return_are_not_raised_again() -> None:
    run = started("03-01T09:00", working_hours(4)).ring()
    assert run.last and run.last.facts["share"] == 50
    run.complete("first", actor=LAN).do("send_back", "second", to="first", **WHY)
    assert run.clock("first").mark == 1
    assert run.ring().last and run.last.facts["share"] == 80


def test_keeps_clock_carries_on_when_the_process_itself_comes_back() -> None:
    run = Run(task("first", within=working_hours(4), keeps_clock=True), task("second", then="first"))
    run.open().wait(hours=1).complete("first", "second")
    assert run.clock("first").started_at == at("03-01T10:00")
    assert run.around.calendar.elapsed(at("03-01T10:00"), run.clock("first").due_at, "working_hour") == 4 * 3600


def test_warnings_come_at_their_shares_and_no_more() -> None:
    run = started("03-01T09:00", urgent_hours(10))
    shares = []
    for _ in range(3):
        run.ring()
        assert run.last is not None
        shares.append((run.last.facts["share"], run.at.hour, run.last.effects[0].kind))
    assert shares == [(50, 14, "warning"), (80, 17, "warning"), (100, 19, "warning")]
    assert run.clock("first").next_at is None


def test_completing_says_whether_it_was_in_time() -> None:
    run = started("03-01T09:00", urgent_hours(1)).wait(hours=2).complete("first")
    assert run.last and run.last.facts["clock"]["is_on_time"] is False
    assert run.last.facts["clock"]["used_seconds"] == 2 * 3600


def test_an_extension_is_asked_for_and_granted_by_another() -> None:
    run = started("03-01T09:00", working_days(1))
    run.do("ask_extension", "first", LAN, amount=1, **WHY)
    assert run.refused("extend", "first", LAN, **WHY).code == "CASE_VERB_REFUSED"
    run.do("extend", "first", 99, **WHY)
    assert run.clock("first").due_at == at("03-02T17:30")
    assert run.refused("ask_extension", "first", LAN, amount=1, **WHY).code == "CASE_VERB_REFUSED"


def test_an_extension_can_be_refused_and_comes_too_late() -> None:
    run = started("03-01T09:00", urgent_hours(1)).do("ask_extension", "first", LAN, amount="1", **WHY)
    run.do("refuse_extension", "first", 99, **WHY)
    assert run.token("first").extra is None
    assert run.wait(hours=2).refused("ask_extension", "first", LAN, amount=1, **WHY).code == "CASE_VERB_REFUSED"


@pytest.mark.parametrize("amount", [0, -1, 366, "x", None, "NaN", "Infinity", "0.5"])
def test_amounts_that_make_no_sense(amount: object) -> None:
    run = started("03-01T09:00", statutory_days(3))
    assert run.refused("extend", "first", 99, amount=amount, **WHY).code == "INVALID_INPUT"


def test_a_task_that_opens_while_suspended_does_not_run() -> None:
    run = Run(ReceiveTask("hear", "收", message="go"), task("first", within=working_hours(4))).open()
    run.command("suspend", **WHY)
    run.command("deliver", name="go")
    assert run.clock("first").is_stopped
    run.wait(hours=1).command("resume")
    assert not run.clock("first").is_stopped


def test_a_deadline_beyond_the_calendar_is_provisional_until_retimed() -> None:
    run = started("03-01T09:00", working_days(2))
    run.at = datetime(2030, 3, 1, 9, tzinfo=CHINA)
    far = Run(task("first", within=working_days(2)))
    far.at = run.at
    assert far.open().clock("first").is_provisional
    assert far.command("retime").state == far.state
