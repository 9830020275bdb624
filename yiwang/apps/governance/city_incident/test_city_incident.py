"""Truths of the city incident beyond what the contract tests hold for every app: each story, told once."""

from __future__ import annotations

import itertools
from datetime import datetime

import orjson
import pytest

from yiwang.apps.governance.city_incident import scenario
from yiwang.apps.governance.city_incident.scenario import MIX
from yiwang.engines.cases.api import followed
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.trust.api import history
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.kernel.ids import new_id

APP = "city_incident"


def entries(case):
    """Facts of the journal in order, each with its instant."""
    return [orjson.loads(entry.payload) | {"at": entry.at} for entry in history(SYSTEM, case.id)]


def verbs(case):
    """(verb, node) of every step of people, in order."""
    return [(fact["verb"], fact.get("node", "")) for fact in entries(case) if fact["verb"] != "fire"]


def warnings(case):
    """Shares of limits at which a warning was raised."""
    return [fact["share"] for fact in entries(case) if fact["verb"] == "fire"]


def test_the_shares_of_a_year_add_up():
    assert sum(MIX.values()) == pytest.approx(100)
    ended = 100 - MIX[scenario.left_open]
    assert ended == pytest.approx(99.41)


def test_an_ordinary_report_is_closed_in_time(told):
    case = told(APP, scenario.ordinary)
    assert (case.state.status, case.state.outcome) == ("closed", "closed")
    assert case.closed_at <= case.due_at
    assert [node for _, node in verbs(case)] == ["", "accept", "dispatch", "handle", "verify"]
    assert case.state.data["fixed"] is True
    assert case.division == "440605124"


def test_the_reporter_rates_after_closing(told):
    case = told(APP, scenario.rated)
    assert 1 <= case.state.memory["rating"] <= 5
    assert verbs(case)[-1] == ("rate", "")


def test_a_refusal_ends_at_once_with_its_reason(told):
    case = told(APP, scenario.refused)
    assert (case.state.status, case.state.outcome) == ("closed", "refused")
    assert "物业" in case.state.data["refusal"]
    assert verbs(case) == [("open", ""), ("complete", "accept")]


def test_a_failed_check_brings_the_crew_again_on_the_first_clock(told):
    case = told(APP, scenario.failed_check)
    assert [node for _, node in verbs(case)] == ["", "accept", "dispatch", "handle", "verify", "handle", "verify"]
    begun, ledger, _ = case.state.memory["visited"]["handle"][3]
    first = next(fact for fact in entries(case) if fact.get("node") == "dispatch")
    assert datetime.fromisoformat(begun) == first["at"], "the limit of the handling began with the first dispatch"
    assert [operation for operation, *_ in ledger] == ["stop", "resume", "stop"]
    assert case.state.outcome == "closed"


def test_a_matter_of_another_unit_is_dispatched_anew(told):
    case = told(APP, scenario.sent_back)
    assert ("send_back", "handle") in verbs(case)
    assert [node for verb, node in verbs(case) if verb == "complete"] == [
        "accept", "dispatch", "dispatch", "handle", "verify",
    ]  # fmt: skip
    assert case.state.outcome == "closed"


def test_a_late_case_is_warned_of_and_still_closed(told):
    case = told(APP, scenario.late)
    assert case.state.outcome == "closed"
    assert {50, 80, 100} <= set(warnings(case))
    handling = [fact for fact in entries(case) if fact.get("node") == "handle"][-1]
    assert handling["clock"]["is_on_time"] is False


def test_a_case_nobody_comes_for_stands_at_the_unit(told):
    case = told(APP, scenario.left_open)
    (token,) = case.state.open_tasks()
    assert case.graph.nodes[token.node].key == "handle"
    assert token.organisation is not None
    assert case.state.status == "open"


def test_a_refusal_without_a_reason_is_not_taken(told):
    def silent(world):
        yield scenario.opened(world)
        yield world.move(scenario.ACCEPTOR, "accept", {"accepted": "no"}, (60, 120))

    with pytest.raises(InvalidInput) as refusal:
        told(APP, silent)
    assert [error["path"] for error in refusal.value.errors] == ["refusal"]


def reporter(case):
    """Who proved to have reported the case."""
    return Actor(None, "上报人", proof=case.id)


def stages(case):
    """(title, status) of the steps as the reporter sees them."""
    return [(stage.title, stage.status) for stage in followed(reporter(case), case.id).stages]


def up_to(story, count):
    """A story's beginning: its opening and the next moves."""
    return lambda world: itertools.islice(story(world), count)


def test_the_reporter_sees_a_returned_step_ahead_again(told):
    case = told(APP, up_to(scenario.sent_back, 4))
    assert stages(case) == [("受理", "done"), ("派遣", "current"), ("处置", "ahead"), ("核查", "ahead")]
    last = followed(reporter(case), case.id).happened[-1]
    assert (last.verb, last.title, last.to, last.text) == ("send_back", "处置", "派遣", "")


def test_the_reporter_sees_the_handling_come_back_after_a_failed_check(told):
    case = told(APP, up_to(scenario.failed_check, 5))
    assert stages(case) == [("受理", "done"), ("派遣", "done"), ("处置", "current"), ("核查", "ahead")]


def test_the_reporter_sees_what_a_refusal_spared(told):
    case = told(APP, scenario.refused)
    assert stages(case) == [("受理", "done"), ("派遣", "skipped"), ("处置", "skipped"), ("核查", "skipped")]


def test_the_reporter_reads_the_answer_when_the_case_has_ended(told):
    waiting, ended = told(APP, up_to(scenario.ordinary, 4)), told(APP, scenario.ordinary)
    assert followed(reporter(waiting), waiting.id).answers == ()
    (answer,) = followed(reporter(ended), ended.id).answers
    assert set(answer.values) == {"measure"}


def test_nobody_else_follows(told):
    case = told(APP, scenario.ordinary)
    for other in (SYSTEM, Actor(None, "访客"), Actor(7, "某人"), Actor(None, "上报人", proof=new_id())):
        with pytest.raises(NotFound):
            followed(other, case.id)
