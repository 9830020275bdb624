"""An appeal about a problem that is a city incident already: merged into it, answered, rated and counted by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.small_district import BEGIN, DISTRICT, HERE
from tests.stage import photo
from yiwang.apps.governance.direct_line.posts import ROLES
from yiwang.apps.governance.direct_line.selectors import rates
from yiwang.engines.cases.api import Running, act, followed, open_case, secret_of, seen_cases, sweep_all
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.datahub.api import rebuild
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for, appoint, organisation_for, user_id
from yiwang.engines.forms.api import open_attachment, store_upload
from yiwang.engines.gathering.api import likely_members, likely_same, main_of, member_counts, merge, settle_due, unmerge
from yiwang.engines.gathering.models import Membership
from yiwang.engines.trust.api import verify
from yiwang.engines.worklists.api import every, read_search
from yiwang.kernel.clock import frozen
from yiwang.kernel.errors import NotAllowed, NotFound, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]
APPEAL, SEALED, INCIDENT = "direct_line.appeal", "direct_line.sealed", "city_incident.incident"
METRE = 1 / 111_320


def person(name: str = "merging_clerk", place: str = DISTRICT) -> Actor:
    return actor_for(User.objects.get(username=f"{place}-{name}"))


def place(north: float = 0.0) -> dict[str, Any]:
    return {"longitude": 112.9, "latitude": 23.0 + north * METRE, "address": "狮山大道1号"}


def incident(text: str = "狮山大道路面坑洼，电动车容易摔倒") -> Running:
    return open_case(SYSTEM, INCIDENT, {"category": "road", "description": text, "place": place()})


def appeal(phone: str = "13800138001", subject: str = "狮山大道路面坑洼", type: str = APPEAL, **more: Any) -> Running:
    special = {"kind": "complaint"} if type == SEALED else {"kind": "help", "place": place(40)}
    return open_case(SYSTEM, type, {"subject": subject, "text": "请尽快修补。", "phone": phone, **special, **more})


def row(case: Running) -> Running:
    """The case as it stands now."""
    return seen_cases(SYSTEM, [case.id])[case.id]


def reporter(case: Running) -> Actor:
    return Actor(None, "上报人", proof=case.id)


def advance(case: Running, data: dict[str, Any]) -> None:
    """The oldest open task done."""
    token = row(case).state.open_tasks()[0]
    act(SYSTEM, case.id, "complete", token=token.no, arguments={"data": data})


def fix(case: Running) -> None:
    """The incident carried to its end."""
    after = str(store_upload(photo(), ("image",), actor=SYSTEM).id)
    advance(case, {"accepted": "yes", "class_code": "E0108"})
    advance(case, {"unit": "traffic", "level": "town", "helpers": []})
    advance(case, {"measure": "路面已修补。", "after": [after]})
    advance(case, {"fixed": True, "seen_on_site": True})
    assert row(case).state.status == "closed"


def refuse(case: Running, why: str = "该路段由业主管养。") -> None:
    advance(case, {"accepted": "no", "refusal": why})


def counted() -> rates.Counts:
    rebuild("direct_line.appeals")
    begin, end = BEGIN - timedelta(days=1), BEGIN + timedelta(days=60)
    return rates.total(rates.counted(person("line_leader"), "town", begin, end))


def clocks(case: Running) -> list[tuple[str, bool, datetime]]:
    return [(one.kind, one.is_stopped, one.due_at) for _, one in sorted(row(case).state.clocks.items())]


def test_many_callers_one_hole_each_an_own_answer_and_rating() -> None:
    with frozen(BEGIN):
        hole, first, second = incident(), appeal(), appeal("13800138002")
    with frozen(BEGIN + timedelta(hours=1)):
        for one in (first, second):
            assert merge(person(), one.id, hole.id, "同一处坑洼").id == hole.id
        assert {stopped for _, stopped, _ in clocks(first)} == {True}
        assert {stopped for _, stopped, _ in clocks(hole)} == {False}
        assert member_counts(person(), [hole.id]) == {hole.id: 2}
    with frozen(BEGIN + timedelta(days=40)):
        assert counted() == rates.Counts(""), "nothing is due while another case stands for it"
        fix(hole)
        assert (settle_due(), settle_due()) == (2, 0)
        for one in (first, second):
            found = followed(reporter(one), one.id)
            assert (found.status, found.outcome) == ("closed", "closed") and "rate" in found.verbs
            told = {key: value for part in found.answers for key, value in part.values.items()}
            assert told["reply"] == "路面已修补。"
            (copy,) = found.file_ids
            assert told["evidence"] == [copy] and open_attachment(reporter(one), copy)
        act(reporter(first), first.id, "rate", arguments={"score": 5})
        act(reporter(second), second.id, "rate", arguments={"score": 1})
        whole = counted()
    assert (whole.accepted, whole.in_time, whole.at_once) == (2, 2, 0)
    assert (whole.ended, whole.on_time) == (2, 2), "forty days under the incident's clock are not the appeals' own"
    assert (whole.asked, whole.resolved, whole.graded, whole.satisfied) == (2, 2, 2, 1)
    assert row(first).state.data["resolved"] is True and "measure" not in row(first).state.data
    calls = every(SYSTEM, read_search({"type": "direct_line.follow_up", "box": "all"}), 10)
    assert len(list(calls)) == 1, "the bad rating brings its call"
    for case in (hole, first, second):
        assert differences(case.id) == []
    assert verify([hole.id, first.id, second.id]).fault is None


def test_what_was_late_before_the_merge_stays_late() -> None:
    with frozen(BEGIN):
        hole, late = incident(), appeal()
    with frozen(BEGIN + timedelta(days=30)):
        sweep_all()
        merge(person(), late.id, hole.id, "同一处坑洼")
        whole = counted()
        assert (whole.accepted, whole.in_time) == (1, 0), "merging hides no missed response"
        fix(hole)
        settle_due()
        whole = counted()
    assert (whole.accepted, whole.in_time, whole.ended, whole.on_time) == (1, 0, 1, 0)


def test_a_refused_incident_refuses_and_a_cancelled_one_sets_free() -> None:
    with frozen(BEGIN):
        hole, other, first, second = incident(), incident(), appeal(), appeal("13800138002")
        merge(person(), first.id, hole.id, "同一处坑洼")
        merge(person(), second.id, other.id, "同一处坑洼")
        refuse(hole)
        act(SYSTEM, other.id, "cancel", arguments={"reason": "误报"})
        while settle_due():
            pass
        assert (row(first).state.status, row(first).state.outcome) == ("closed", "refused")
        (part,) = followed(reporter(first), first.id).answers
        assert part.values == {"refusal": "该路段由业主管养。"}
        assert (row(second).state.status, main_of(second.id)) == ("open", second.id)
        whole = counted()
    assert (whole.accepted, whole.ended, whole.asked) == (0, 0, 0), "what is refused is in no rate"


def test_unmerging_restores_the_task_and_the_clock_runs_on() -> None:
    with frozen(BEGIN):
        hole, one = incident(), appeal()
    before, tokens = clocks(one), [(token.no, token.node, token.status) for token in row(one).state.open_tasks()]
    with frozen(BEGIN + timedelta(hours=1)):
        merge(person(), one.id, hole.id, "看似同一处")
    with frozen(BEGIN + timedelta(hours=3)):
        unmerge(person(), one.id, "不是同一处")
    assert row(one).state.status == "open" and main_of(one.id) == one.id
    assert [(token.no, token.node, token.status) for token in row(one).state.open_tasks()] == tokens
    response = [next(due for kind, _, due in found if kind == "task") for found in (before, clocks(one))]
    assert response[1] > response[0]
    assert hole.id not in [found.case.id for found in likely_same(person(), one.id)], "what people parted stays apart"
    with frozen(BEGIN + timedelta(hours=4)):
        advance(one, {"handling": "answered", "reply": "已答复。", "channel": "phone"})
        whole = counted()
    assert (whole.accepted, whole.in_time, whole.at_once) == (1, 1, 1)
    assert settle_due() == 0 and differences(one.id) == []


def test_appeals_gathered_before_come_along_and_go_back_along() -> None:
    with frozen(BEGIN):
        hole, main, one = incident(), appeal(), appeal("13800138002")
        merge(person("operator"), one.id, main.id, "同一来电人群")
        merge(person(), main.id, hole.id, "同一处坑洼")
        assert main_of(one.id) == hole.id
        unmerge(person(), main.id, "不是同一处")
        assert main_of(one.id) == main.id
        merge(person(), main.id, hole.id, "是同一处")
        other = incident()
        merge(person("supervisor"), hole.id, other.id, "同一处坑洼")
        fix(other)
        while settle_due():
            pass
    assert {row(found).state.status for found in (hole, main, one)} == {"closed"}
    assert row(one).state.data["reply"] == "路面已修补。"


def test_the_search_suggests_the_incident_with_its_reasons() -> None:
    with frozen(BEGIN):
        hole = incident()
    with frozen(BEGIN + timedelta(hours=2)):
        one, secret = appeal(), appeal("13800138002", type=SEALED)
    (found,) = likely_same(person(), one.id)
    assert found.case.id == hole.id and found.reasons[:2] == ("相距 40 米", "2 小时前")
    assert "路面坑洼" in found.reasons[2]
    assert one.id not in [other.case.id for other in likely_same(person(), hole.id)], "one way only"
    (member,) = likely_members(person(), hole.id)
    assert member.case.id == one.id and member.reasons[:2] == ("相距 40 米", "晚 2 小时")
    assert likely_members(person("dispatcher", HERE), hole.id) == [], "who sees no appeals is told of none"
    assert likely_members(SYSTEM, one.id) == [] and likely_same(SYSTEM, secret.id) == []
    assert likely_same(person("operator"), one.id) == [], "who sees no incidents is told of none"


def test_bad_ways_are_refused_and_change_nothing() -> None:
    with frozen(BEGIN):
        hole, over, one, other = incident(), incident(), appeal(), appeal("13800138002")
        secret, secret_too = (appeal(phone, type=SEALED) for phone in ("13800138003", "13800138004"))
        follow_up = open_case(
            SYSTEM, "direct_line.follow_up", {"appeal": one.number, "appeal_subject": "x", "rating": "1"}
        )
        refuse(over)
        advance(other, {"handling": "incident", "incident_class": "road", "place": place(), "channel": "phone"})
        kept = list(Membership.objects.values())
        ways: list[tuple[Running, Running, str]] = [
            (hole, one, "不能把“城市部件事件”并入“区长直通车诉求”，只能反过来。"), (follow_up, hole, "类型不同"),
            (one, follow_up, "类型不同"), (one, over, "已经办结或作废"), (secret, hole, "“密件举报”不得并案"),
            (secret, secret_too, "“密件举报”不得并案"), (one, secret, "“密件举报”不得并案"),
            (other, hole, "正在等待另一件的结果"),
        ]  # fmt: skip
        for case, main, words in ways:
            with pytest.raises(UserError) as refused:
                merge(SYSTEM, case.id, main.id, "同一处")
            assert words in refused.value.sentence()
        act(SYSTEM, one.id, "suspend", arguments={"reason": "等材料"})
        with pytest.raises(UserError, match="不在办理中"):
            merge(SYSTEM, one.id, hole.id, "同一处")
    assert list(Membership.objects.values()) == kept


def test_whoever_may_gather_only_one_of_the_two_may_not_join_them() -> None:
    with frozen(BEGIN):
        hole, one, joined = incident(), appeal(), appeal("13800138002")
    merge(person(), joined.id, hole.id, "同一处坑洼")
    both = user_id(f"{DISTRICT}-callback_clerk")
    post = {"organisation": organisation_for(DISTRICT, "data"), "division": DISTRICT, "from_on": date(2021, 1, 1)}
    appoint(SYSTEM, both, role="city_incident.supervisor", **post)
    strangers: list[tuple[Actor, type[Exception]]] = [
        (person("operator"), NotFound), (person("line_leader"), NotFound), (person("supervisor"), NotFound),
        (person("dispatcher", HERE), NotFound), (person("merging_clerk", "440605121"), NotFound),
        (person("sealed_keeper"), NotFound), (person("callback_clerk"), NotAllowed),
    ]  # fmt: skip
    for actor, heard in strangers:
        attempts: list[Callable[[], Any]] = [
            lambda actor=actor: merge(actor, one.id, hole.id, "同一处"),
            lambda actor=actor: unmerge(actor, joined.id, "不同"),
        ]
        for attempt in attempts:
            with pytest.raises(heard):
                attempt()
    assert row(one).state.status == "open" and main_of(joined.id) == hole.id


def test_no_post_of_sealed_appeals_merges_and_the_merging_clerk_does_nothing_else() -> None:
    secret, hole = appeal(type=SEALED), incident()
    for role in ROLES:
        may = [verb for verb in role.may if verb == "merge"]
        assert bool(may) is (role.key in ("operator", "line_leader", "merging_clerk"))
    with pytest.raises(NotFound):
        merge(person(), secret.id, hole.id, "同一处")
    for verb in ("cancel", "suspend", "transfer", "extend", "supervise"):
        with pytest.raises((NotAllowed, UserError)):
            act(person(), hole.id, verb, arguments={"reason": "x"})
    assert row(hole).state.status == "open"


class TestPages:
    def client(self, name: str = f"{DISTRICT}-merging_clerk") -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    def test_a_clerk_sees_why_compares_merges_and_takes_apart(self) -> None:
        with frozen(BEGIN):
            hole = incident()
        with frozen(BEGIN + timedelta(hours=2)):
            one = appeal()
        client, here, there = self.client(), f"/gathering/cases/{one.id}/", f"/gathering/cases/{hole.id}/"
        page = client.get(here).content.decode()
        assert "相距 40 米" in page and "城市部件事件 · " in page and hole.number in page
        compared = client.get(f"{here}compare/?with={hole.id}").content.decode()
        assert "本件并入对方" in compared and "对方并入本件" not in compared
        turned = client.get(f"{there}compare/?with={one.id}").content.decode()
        assert "对方并入本件" in turned and "本件并入对方" not in turned
        wrong = client.post(f"{there}merge/", {"into": one.number, "reason": "同一处"})
        assert wrong.status_code == 409 and "只能反过来" in wrong.content.decode()
        shown = client.get(there).content.decode()
        assert "把它并入本件" in shown and f'action="{here}merge/"' in shown and f'value="{hole.id}"' in shown
        assert client.post(f"{here}merge/", {"into": hole.number, "reason": "同一处"}).status_code == 302
        assert "把它并入本件" not in client.get(there).content.decode()
        assert one.number in client.get(there).content.decode()
        dispatcher = self.client(f"{HERE}-dispatcher").get(there).content.decode()
        assert one.number not in dispatcher and "您无权查看的一件" in dispatcher and "恢复单独办理" not in dispatcher
        public = Client()
        told = public.get(f"/follow/{one.number}/link/{secret_of(one.number)}/", follow=True).content.decode()
        assert f"与 {hole.number} 号上报相同" in told
        assert client.post(f"{here}unmerge/", {"reason": "不同"}).status_code == 302
        assert row(one).state.status == "open"

    def test_the_reporter_reads_the_own_answer_and_is_asked_to_rate(self) -> None:
        hole, one = incident("本人姓甄，路面坑洼"), appeal()
        merge(person(), one.id, hole.id, "内部：同一处")
        fix(hole)
        settle_due()
        address = f"/follow/{one.number}/link/{secret_of(one.number)}/"
        told = Client().get(address, follow=True).content.decode()
        assert "路面已修补。" in told and "您满意吗" in told
        assert "甄" not in told and "内部" not in told

    def test_the_wrong_people_find_no_way(self) -> None:
        hole, one, secret = incident(), appeal(), appeal("13800138002", type=SEALED)
        operator = self.client(f"{DISTRICT}-operator")
        refused = operator.post(f"/gathering/cases/{one.id}/merge/", {"into": hole.number, "reason": "同一处"})
        assert refused.status_code == 422 and "没有找到这个编号的办件" in refused.content.decode()
        assert self.client(f"{HERE}-dispatcher").get(f"/gathering/cases/{one.id}/").status_code == 404
        assert self.client().get(f"/gathering/cases/{secret.id}/").status_code == 404
        keeper = self.client(f"{DISTRICT}-sealed_keeper").get(f"/gathering/cases/{secret.id}/").content.decode()
        assert "按编号并案" not in keeper and "疑似重复" not in keeper
