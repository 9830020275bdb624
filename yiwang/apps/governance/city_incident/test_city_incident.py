"""Truths of the city incident beyond what the contract tests hold for every app: each story, told once."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yiwang.apps.governance.city_incident import scenario
from yiwang.apps.governance.city_incident.lateness import appealable
from yiwang.apps.governance.city_incident.scenario import MIX
from yiwang.engines.cases.api import case_view, followed, newest, open_case, timeline
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for
from yiwang.engines.forms.api import store_upload
from yiwang.engines.processes.api import VerbRefused
from yiwang.engines.stories import scenario as scenario_module
from yiwang.engines.stories.api import photo
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
    assert case.state.data["evidence"]["status"] == "proven"
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
    assert {50, 80, 100, 150} <= set(warnings(case))
    assert case.state.memory["is_supervised"] and case.state.memory["is_circulated"]
    handling = [fact for fact in entries(case) if fact.get("node") == "handle"][-1]
    assert handling["clock"]["is_on_time"] is False


def test_a_case_nobody_comes_for_stands_at_the_unit(told):
    case = told(APP, scenario.left_open)
    (token,) = case.state.open_tasks()
    assert case.graph.nodes[token.node].key == "handle_district"
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
    assert set(answer.values) == {"measure", "after"}


def test_nobody_else_follows(told):
    case = told(APP, scenario.ordinary)
    for other in (SYSTEM, Actor(None, "访客"), Actor(7, "某人"), Actor(None, "上报人", proof=new_id())):
        with pytest.raises(NotFound):
            followed(other, case.id)


def test_a_small_matter_stays_in_the_village(told):
    case = told(APP, scenario.in_the_village)
    assert [node for _, node in verbs(case)] == ["", "accept", "dispatch", "handle_village", "verify"]
    assert case.state.data["level"] == "village" and "risen" not in case.state.data


def test_what_the_village_does_not_settle_rises_by_itself(told):
    case = told(APP, scenario.risen)
    assert case.state.data["level"] == "town" and case.state.data["risen"] == 1
    assert [fact["clock_node"] for fact in entries(case) if fact["verb"] == "fire" and "share" not in fact] == [
        "rise_village"
    ]
    assert case.state.outcome == "closed"


def test_the_class_decides_the_limits_of_the_handling_and_of_the_whole(told):
    case = told(APP, up_to(scenario.in_the_village, 3))
    limits = case.state.data["facts"]
    clocks = {clock.kind: (clock.amount, clock.unit) for clock in case.state.clocks.values() if clock.kind != "timer"}
    assert clocks["task"] == (str(limits["handle_limit"]["amount"]), limits["handle_limit"]["unit"])
    assert clocks["case"] == (str(limits["whole_limit"]["amount"]), limits["whole_limit"]["unit"])


def test_the_matter_closes_only_after_the_helper_has_answered(told):
    waiting = told(APP, up_to(scenario.assisted, 4))
    assert [waiting.graph.nodes[token.node].key for token in waiting.state.open_tasks()] == ["assist"]
    case = told(APP, scenario.assisted)
    assert [reply["unit"] for reply in case.state.data["replies"]] == ["traffic"]
    assert case.state.outcome == "closed"


def test_the_third_return_goes_to_a_ruling_that_stands(told):
    case = told(APP, scenario.ruled)
    assert case.state.memory["returned"] == {"dispatch": 3} and case.state.memory["is_ruled"]
    assert ("complete", "ruling") in verbs(case)

    def returned_again(world):
        yield from itertools.islice(scenario.ruled(world), 9)
        yield scenario._return(world, scenario.KINDS["rubble"].unit)

    with pytest.raises(VerbRefused, match="已经裁定"):
        told(APP, returned_again)


def test_an_emergency_is_passed_on_and_nobody_is_given_a_task(told):
    case = told(APP, scenario.emergency)
    assert case.state.outcome == "transferred" and not case.state.tokens
    assert case.state.data["triage"]["transfer"] in ("110", "119")


def test_two_others_agree_to_more_time(told):
    case = told(APP, scenario.extended)
    ledger = case.state.memory["visited"]["handle"][3][1]
    assert [operation for operation, *_ in ledger] == ["extend", "stop"]


def test_a_deferred_matter_stands_still_and_is_in_time(told):
    case = told(APP, scenario.deferred)
    handling = next(fact for fact in entries(case) if fact.get("node") == "handle" and fact["verb"] == "complete")
    assert case.state.memory["deferrals"] == {"handle": 1}
    assert [operation for operation, *_ in case.state.memory["visited"]["handle"][3][1]] == ["stop", "stop"]
    assert handling["clock"]["is_on_time"] and handling["clock"]["used_seconds"] < 6 * 3600


def test_a_bad_rating_is_followed_up(told):
    case = told(APP, scenario.rated_badly)
    follow_up = newest(SYSTEM, "city_incident.follow_up")
    assert follow_up.state.data["incident_number"] == case.number and follow_up.state.outcome == "visited"
    told(APP, scenario.rated)
    assert newest(SYSTEM, "city_incident.follow_up").id == follow_up.id


def test_an_appeal_leaves_the_raw_fact_and_is_heard_once(told):
    case = told(APP, scenario.appealed)
    appeal = newest(SYSTEM, "city_incident.timeout_appeal")
    assert appeal.state.outcome in ("granted", "rejected")
    handling = next(fact for fact in entries(case) if fact.get("node") == "handle")
    assert handling["clock"]["is_on_time"] is False
    assert appealable(case.number)["why"].startswith("该案件已经申诉过")


@pytest.mark.parametrize(
    ("story", "why"),
    [(scenario.ordinary, "没有超时"), (scenario.left_open, "结案以后"), (scenario.refused, "结案以后")],
)
def test_an_appeal_is_not_admitted(told, story, why):
    case = told(APP, story)
    data = {"incident_number": case.number, "ground": "weather", "explanation": "暴雨"}
    appeal = open_case(SYSTEM, "city_incident.timeout_appeal", data)
    assert appeal.state.outcome == "inadmissible" and why in appeal.state.data["facts"]["why"]


@pytest.mark.parametrize(
    ("place", "hours", "says"),
    [(None, 0, "请上传"), ((139.7, 35.7), 1, "公里"), ((112.9, 23.0), -240, "派遣之前")],
)
def test_closing_needs_a_photo_of_the_place_after_the_dispatch(told, monkeypatch, place, hours, says):
    def taken(case, move, at):
        if move.node != "handle":
            return move.arguments
        actor = scenario_module._who(move)
        shot = photo(*(place or (None, None)), at + timedelta(hours=hours - 1))
        upload = SimpleUploadedFile("a.jpg", shot, "image/jpeg")
        photos = [str(store_upload(upload, actor=actor).id)] if place else []
        return {"data": {**move.arguments["data"], "after": photos}}

    monkeypatch.setattr(scenario_module, "_with_proof", taken)
    with pytest.raises(InvalidInput) as refusal:
        told(APP, up_to(scenario.late, 4))
    (error,) = refusal.value.errors
    assert error["path"] == "after" and says in error["message"]


def test_a_photo_refused_beside_a_good_one_is_no_proof_and_stays_in_the_history_with_the_reason(told, monkeypatch):
    sent = []

    def taken(case, move, at):
        if move.node != "handle":
            return move.arguments
        place, before = case.state.data["place"], at - timedelta(days=10)
        spots = ((place["longitude"], place["latitude"], at), (139.7, 35.7, at), (None, None, before))
        for number, spot in enumerate(spots):
            upload = SimpleUploadedFile(f"{number}.jpg", photo(*spot), "image/jpeg")
            sent.append(str(store_upload(upload, actor=scenario_module._who(move)).id))
        return {"data": {**move.arguments["data"], "after": list(sent)}}

    monkeypatch.setattr(scenario_module, "_with_proof", taken)
    case = told(APP, scenario.late)
    good, far, early = sent
    evidence = case.state.data["evidence"]
    assert case.state.data["after"] == [good] and evidence["status"] == "proven"
    assert set(evidence["refused"]) == {far, early}
    assert "公里" in evidence["refused"][far] and "派遣之前" in evidence["refused"][early]
    view = case_view(actor_for(User.objects.get(username="440605124-handler-urban")), case.id)
    assert {one.id: bool(one.refusal) for one in view.files.values() if one.id in sent} == {
        good: False, far: True, early: True,
    }  # fmt: skip
    handling = next(one for one in timeline(view).happenings if one.refused)
    assert handling.files == (good,) and handling.refused == evidence["refused"]
    (answer,) = (part for part in followed(reporter(case), case.id).answers if "after" in part.values)
    assert answer.files == (good,), "the reporter is shown the proof alone"


def test_what_a_photo_does_not_tell_is_looked_at_on_the_spot(told, monkeypatch):
    def silent(case, move, at):
        if move.node != "handle":
            return move.arguments
        upload = SimpleUploadedFile("a.jpg", photo(None, None, None), "image/jpeg")
        shot = str(store_upload(upload, actor=scenario_module._who(move)).id)
        return {"data": {**move.arguments["data"], "after": [shot]}}

    monkeypatch.setattr(scenario_module, "_with_proof", silent)

    def unseen(world):
        yield from itertools.islice(scenario.late(world), 4)
        yield world.move(scenario.INSPECTOR, "verify", {"fixed": True}, (60, 120))

    with pytest.raises(VerbRefused, match="到现场查看"):
        told(APP, unseen)
    assert told(APP, scenario.late).state.outcome == "closed"


@pytest.mark.parametrize(("who", "is_taken"), [("dispatcher", True), ("nobody", False)])
def test_where_a_report_came_from_is_for_staff_to_say(told, who, is_taken):
    person = User.objects.filter(username="440605124-dispatcher").first()
    person = person if who == "dispatcher" else User.objects.create(username="visitor")
    data = {"category": "lamp", "description": "路灯不亮", "place": {"address": "市场东侧"}, "source": "sensor"}
    if is_taken:
        assert open_case(actor_for(person), "city_incident.incident", data).state.data["source"] == "sensor"
        return
    with pytest.raises(InvalidInput) as refusal:
        open_case(actor_for(person), "city_incident.incident", data)
    assert [error["path"] for error in refusal.value.errors] == ["source"]


def test_the_page_of_a_deferred_case_says_until_when(told):
    case = told(APP, up_to(scenario.deferred, 6))
    (token,) = case.state.open_tasks()
    handler = Client()
    handler.force_login(User.objects.get(username="440605124-handler-urban"))
    page = handler.get(f"/work/cases/{case.id}/")
    assert page.status_code == 200 and f"已挂账至 {token.extra['deferred_until']}" in page.content.decode()
    assert handler.get(f"/work/cases/{case.id}/clocks/").status_code == 200


@pytest.mark.parametrize("value", ["x" * 201, 7, {"any": "thing"}, "a\x00b"])
def test_a_fact_beside_the_form_is_a_short_text(told, value):
    data = {"category": "lamp", "description": "路灯不亮", "place": {"address": "市场东侧"}, "origin": value}
    with pytest.raises(InvalidInput) as refusal:
        open_case(actor_for(User.objects.get(username="440605124-dispatcher")), "city_incident.incident", data)
    assert [error["code"] for error in refusal.value.errors] == ["FACT_MALFORMED"]
