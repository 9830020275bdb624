"""Truths of the direct line: each story told once, the draw by hand, and what no story may do."""

from __future__ import annotations

import itertools
from hashlib import sha256
from typing import Any

import orjson
import pytest

from yiwang.apps.governance.direct_line import rules, scenario
from yiwang.apps.governance.direct_line.models import BecameIncident
from yiwang.apps.governance.direct_line.scenario import MIX
from yiwang.apps.governance.direct_line.services import listening
from yiwang.apps.governance.direct_line.services.incidents import bring_back, bring_back_missed
from yiwang.engines.cases.api import act, case_view, followed, reporter_of, seen_cases
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for
from yiwang.engines.processes.api import NotYours
from yiwang.engines.trust.api import history
from yiwang.engines.worklists.api import every, read_search
from yiwang.kernel.errors import InvalidInput, NotFound, UserError

APP = "direct_line"
HERE, DISTRICT = "440605124", "440605"


def person(name: str) -> Actor:
    return actor_for(User.objects.get(username=name))


def follow_ups() -> list[Any]:
    rows = every(SYSTEM, read_search({"type": "direct_line.follow_up", "box": "all"}), 10)
    return list(seen_cases(SYSTEM, [row.id for row in rows]).values())


def steps(case: Any) -> list[str]:
    """Nodes of the tasks people did, in order."""
    facts = (orjson.loads(entry.payload) for entry in history(SYSTEM, case.id))
    return [fact["node"] for fact in facts if fact["verb"] == "complete"]


def test_the_shares_of_a_year_add_up() -> None:
    assert sum(MIX.values()) == pytest.approx(100)


def test_the_draw_can_be_drawn_again_by_hand() -> None:
    facts = {"kind": "help", "phone": "13800001234", "subject": "水压低", "reply": "已处理"}
    by_hand = int(sha256("direct_line-1|13800001234|水压低|已处理".encode()).hexdigest()[:16], 16) % 100
    found = rules.callback_due(facts, None)  # type: ignore[arg-type]
    assert found["draw"] == by_hand
    assert found["is_due"] is (by_hand < rules.SHARE)
    drawn = [rules.drawn_number("x", str(n), "", "") < rules.SHARE for n in range(4000)]
    assert 0.17 < sum(drawn) / len(drawn) < 0.23, "a share is drawn, not all and not none"


@pytest.mark.parametrize(
    ("facts", "because", "is_due"),
    [
        ({"kind": "report", "phone": "13800001234"}, "kind", True),
        ({"kind": "complaint"}, "no_phone", False),
        ({"kind": "consult", "phone": "13800001234", "reopened": True}, "reopened", True),
    ],
)
def test_who_is_called_in_every_case(facts: dict[str, Any], because: str, is_due: bool) -> None:
    found = rules.callback_due(facts, None)  # type: ignore[arg-type]
    assert (found["because"], found["is_due"]) == (because, is_due)


@pytest.mark.parametrize("story", MIX, ids=lambda story: story.__name__)
def test_each_story_ends(told: Any, story: Any) -> None:
    case = told(APP, story)
    assert case.state.status == "closed", steps(case)
    performed = case.state.memory["visited"]["accept"]
    assert performed[3][2] < 3, "the first response came within its limit"
    assert (case.closed_at > case.due_at) is (story is scenario.late)


def test_returns_are_capped_by_a_ruling_that_binds(told: Any) -> None:
    case = told(APP, lambda world: itertools.islice(scenario.ruled(world), 6))
    handler = next(node for node in steps(case) if "handle" in node)
    assert steps(case) == ["accept", handler, "resend", handler, "rule"]
    assert case.state.data["returns"] == 2
    (token,) = case.state.open_tasks()
    again = {"result": "returned", "return_reason": "还是不属本单位"}
    with pytest.raises(InvalidInput) as refusal:
        act(SYSTEM, case.id, "complete", token=token.no, arguments={"data": again})
    assert [error["path"] for error in refusal.value.errors] == ["result"]
    _, ledger, _ = case.state.memory["visited"][handler][3]
    assert [operation for operation, *_ in ledger] == ["stop", "resume", "stop"], "a return never resets the clock"


def test_who_is_not_satisfied_has_it_done_again_once(told: Any) -> None:
    case = told(APP, scenario.reopened)
    assert steps(case).count("callback") == 2
    assert sum("handle" in node for node in steps(case)) == 2
    assert case.state.data["reopened"] is True
    assert case.state.memory["visited"]["accept"][3] is not None


def test_a_city_problem_becomes_an_incident_and_its_answer_flows_back_once(told: Any) -> None:
    appeal = told(APP, scenario.into_incident)
    link = BecameIncident.objects.get(appeal_id=appeal.id)
    incident = seen_cases(SYSTEM, [link.incident_id])[link.incident_id]
    assert incident.state.data["category"] == "road"
    assert incident.division == HERE
    (token,) = incident.state.open_tasks()
    refusal = {"accepted": "no", "refusal": "该路段由业主管养。"}
    act(SYSTEM, incident.id, "complete", token=token.no, arguments={"data": refusal})
    appeal = seen_cases(SYSTEM, [appeal.id])[appeal.id]
    assert "该路段由业主管养。" in appeal.state.data["reply"]
    assert [appeal.graph.nodes[token.node].key for token in appeal.state.open_tasks()] == ["check"]
    assert bring_back(seen_cases(SYSTEM, [incident.id])[incident.id]) is False
    assert bring_back_missed() == 0
    assert seen_cases(SYSTEM, [appeal.id])[appeal.id].sequence == appeal.sequence


def test_an_answer_missed_is_brought_back_however_many_wait(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _older, newer = told(APP, scenario.into_incident), told(APP, scenario.into_incident)
    incident = BecameIncident.objects.get(appeal_id=newer.id).incident_id
    monkeypatch.setattr(listening, "_is_awaited", lambda incident: False)
    act(SYSTEM, incident, "cancel", arguments={"reason": "重复"})
    assert bring_back_missed(limit=1) == 1
    assert bring_back_missed(limit=1) == 0


def test_a_bad_rating_brings_one_call(told: Any) -> None:
    case = told(APP, scenario.called_back)
    reporter = reporter_of(case.number, tail=case.state.data["phone"][-4:])
    act(reporter, case.id, "rate", arguments={"score": 1})
    (call,) = follow_ups()
    assert call.state.data["appeal"] == case.number
    with pytest.raises(UserError):
        act(reporter, case.id, "rate", arguments={"score": 1})
    assert len(follow_ups()) == 1


def test_a_sealed_appeal_is_for_named_posts_only(told: Any) -> None:
    case = told(APP, lambda world: itertools.islice(scenario.sealed(world), 2))
    assert case.title == "密件举报"
    for name in ("operator", "callback_clerk", "line_leader"):
        with pytest.raises(NotFound):
            case_view(person(f"{DISTRICT}-{name}"), case.id)
    (unit,) = (one for one in ("water", "urban", "housing") if one == case.state.data["unit"])
    other = "police"
    with pytest.raises(NotFound):
        case_view(person(f"{DISTRICT}-sealed_handler-{other}"), case.id)
    assert case_view(person(f"{DISTRICT}-sealed_handler-{unit}"), case.id).sees_personal is False
    keeper = case_view(person(f"{DISTRICT}-sealed_keeper"), case.id)
    assert "偷排" in keeper.readable(case.state.data)["subject"]


def test_nobody_follows_with_somebody_elses_telephone(told: Any) -> None:
    case = told(APP, scenario.called_back)
    tail = case.state.data["phone"][-4:]
    wrong = f"{(int(tail) + 1) % 10_000:04d}"
    with pytest.raises(NotFound):
        reporter_of(case.number, tail=wrong)
    told_of = followed(reporter_of(case.number, tail=tail), case.id)
    assert [values["reply"] for part in told_of.answers if "reply" in (values := part.values)]


def test_the_reporter_reads_at_once_that_a_unit_returned_it_and_why(told: Any) -> None:
    case = told(APP, lambda world: itertools.islice(scenario.returned_once(world), 3))
    told_of = followed(Actor(None, "上报人", proof=case.id), case.id)
    last = told_of.happened[-1]
    assert (last.verb, last.text) == ("send_back", "该地段由其他单位管养，建议转请其办理。")
    assert [(stage.title, stage.status) for stage in told_of.stages] == [
        ("受理", "done"), ("单位办理", "done"), ("改派", "current"), ("审核答复", "ahead"),
    ]  # fmt: skip


def test_nobody_but_the_reporter_rates(told: Any) -> None:
    case = told(APP, scenario.called_back)
    for name in ("operator", "callback_clerk", "line_leader"):
        with pytest.raises(NotYours):
            act(person(f"{DISTRICT}-{name}"), case.id, "rate", arguments={"score": 5})
    assert "rating" not in seen_cases(SYSTEM, [case.id])[case.id].state.memory
