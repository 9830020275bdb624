"""Every verb through the page: done by the right person, refused to others; what was typed is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from yiwang.engines.cases.api import Running, act, case_view, open_case, remark
from yiwang.engines.desk.cases.tests.conftest import REPORT, TYPE, Town, address, completed, only_task
from yiwang.engines.directory.api import SYSTEM, Actor, actor_for
from yiwang.engines.processes.api import Token
from yiwang.kernel.errors import NotAllowed, NotFound


def url(case: Running, verb: str) -> str:
    return address(case, f"{verb}/")


def press(client: Client, case: Running, verb: str, token: int = 0, **data: Any) -> Any:
    return client.post(url(case, verb), {"on-token": token, "on-seen": case.sequence, **data})


def now_of(case: Running) -> Running:
    return case_view(SYSTEM, case.id).case


def task_of(case: Running) -> Token:
    (token,) = now_of(case).state.open_tasks()
    return token


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def held(handled: Running, town: Town) -> Running:
    """The handler of the water office has taken the task."""
    return act(actor_for(town.users["水务何"]), handled.id, "claim", token=only_task(handled))


class TestRightPerson:
    def test_a_task_is_done_and_the_page_says_what_comes_next(self, town: Town, case: Running) -> None:
        client = town.client("受理陈")
        answer = press(client, case, "complete", only_task(case), accepted="yes", urgency="ordinary")
        assert answer.status_code == 302 and answer.headers["Location"] == address(case)
        assert "下一环节：派遣" in said(client.get(answer.headers["Location"]))
        assert now_of(case).state.data["accepted"] == "yes"

    def test_claim_release(self, town: Town, handled: Running) -> None:
        client, token = town.client("水务何"), only_task(handled)
        press(client, handled, "claim", token)
        assert task_of(handled).assignee == town.users["水务何"].pk
        press(client, now_of(handled), "release", token)
        assert task_of(handled).assignee is None

    def test_transfer_to_a_person(self, town: Town, held: Running) -> None:
        other = town.users["水务张"].pk
        press(town.client("水务何"), held, "transfer", only_task(held), to=f"u{other}", reason="请假")
        assert task_of(held).assignee == other

    def test_transfer_to_an_organisation(self, town: Town, held: Running) -> None:
        office = town.offices["440605124", "urban"].pk
        client = town.client("水务何")
        answer = press(client, held, "transfer", only_task(held), to=f"o{office}", reason="属城管职责")
        assert (task_of(held).organisation, task_of(held).assignee) == (office, None)
        assert answer.status_code == 302

    def test_a_leader_gives_the_task_of_an_absent_person_to_another(self, town: Town, held: Running) -> None:
        other, token = town.users["水务张"].pk, only_task(held)
        data = {"to": f"u{other}", "reason": "何同志住院"}
        assert press(town.client("核查梁"), held, "transfer", token, **data).status_code == 403
        assert press(town.client("值班刘"), held, "transfer", token, **data).status_code == 302
        assert task_of(held).assignee == other

    def test_delegate_and_recall(self, town: Town, held: Running) -> None:
        client, other = town.client("水务何"), town.users["水务张"].pk
        press(client, held, "delegate", only_task(held), to=f"u{other}", reason="请代为处理")
        assert task_of(held).status == "delegated"
        press(client, now_of(held), "recall", only_task(held))
        assert (task_of(held).status, task_of(held).assignee) == ("claimed", town.users["水务何"].pk)

    def test_countersign_add_remove_sign(self, town: Town, held: Running) -> None:
        client, zhang, lin = town.client("水务何"), town.users["水务张"].pk, town.users["城管林"].pk
        token = only_task(held)
        press(client, held, "countersign", token, signers=[f"u{zhang}"], rule="all")
        press(client, now_of(held), "add_signer", token, to=f"u{lin}")
        press(client, now_of(held), "remove_signer", token, to=f"u{zhang}")
        seat = next(one.no for one in now_of(held).state.open_tasks() if one.status == "signing")
        press(town.client("城管林"), now_of(held), "sign", seat, agrees="yes", text="同意")
        assert now_of(held).state.data["countersign_agreed"] is True
        assert task_of(held).status == "claimed"

    def test_send_back_to_an_earlier_step(self, town: Town, held: Running) -> None:
        press(town.client("水务何"), held, "send_back", only_task(held), to="dispatch", reason="不属本单位")
        assert now_of(held).graph.nodes[task_of(held).node].key == "dispatch"

    def test_withdraw_what_nobody_has_begun(self, town: Town, handled: Running) -> None:
        press(town.client("派遣黄"), handled, "withdraw", only_task(handled), reason="选错单位")
        assert now_of(handled).graph.nodes[task_of(handled).node].key == "dispatch"

    def test_an_extension_is_asked_for_and_granted_by_another(self, town: Town, held: Running) -> None:
        token = only_task(held)
        press(town.client("水务何"), held, "ask_extension", token, amount="2", reason="等配件")
        asked = town.client("派遣黄").get(f"{url(held, 'extend')}?token={token}")
        assert "申请延长 2" in said(asked)
        press(town.client("派遣黄"), now_of(held), "extend", token, amount="2", reason="同意")
        clock = next(one for one in now_of(held).state.clocks.values() if one.token == token)
        assert [row[0] for row in clock.ledger] == ["extend"]

    def test_an_extension_is_refused(self, town: Town, held: Running) -> None:
        token = only_task(held)
        press(town.client("水务何"), held, "ask_extension", token, amount="2", reason="等配件")
        press(town.client("派遣黄"), now_of(held), "refuse_extension", token, reason="可以先围蔽")
        assert "extension" not in (task_of(held).extra or {})

    def test_a_leader_supervises_suspends_resumes_and_cancels(self, town: Town, handled: Running) -> None:
        client = town.client("值班刘")
        press(client, handled, "supervise", reason="群众反映强烈")
        assert now_of(handled).state.memory["is_supervised"]
        press(client, handled, "lift_supervision")
        press(client, handled, "suspend", reason="等待鉴定")
        assert now_of(handled).state.status == "suspended"
        press(client, handled, "resume")
        press(client, handled, "cancel", reason="重复事项")
        assert now_of(handled).state.status == "cancelled"

    def test_anybody_who_sees_it_may_urge_and_remark(self, town: Town, handled: Running) -> None:
        client = town.client("值班刘")
        press(client, handled, "urge")
        press(client, handled, "comment", remark="请今天内处理")
        memory = now_of(handled).state.memory
        assert memory["urged_count"] == 1
        assert "请今天内处理" in said(client.get(address(handled)))

    def test_who_opened_a_rated_case_rates_it_once(self, town: Town) -> None:
        case = open_case(actor_for(town.users["路人罗"]), TYPE, REPORT)
        for data in ({"accepted": "yes"}, {"unit": "water"}, {"measure": "已换"}, {"fixed": True}):
            case = completed(case, data)
        client = town.client("路人罗")
        press(client, case, "rate", score="5", text="很快")
        assert now_of(case).state.memory["rating"] == 5
        assert press(client, now_of(case), "rate", score="1").status_code == 409


    def test_the_applicant_makes_up_what_is_missing_and_the_clock_stands_meanwhile(self, town: Town) -> None:
        case = open_case(actor_for(town.users["路人罗"]), TYPE, REPORT)
        client, token = town.client("受理陈"), only_task(case)
        press(client, case, "send_back", token, to="applicant", reason="请补拍照片")
        waiting = said(client.get(address(case)))
        assert "等待申请人补正" in waiting and 'name="accepted"' not in waiting and "暂停" in waiting
        applicant = town.client("路人罗")
        assert "小学门口井盖缺失</textarea>" in said(applicant.get(address(case)))
        place = {"place-address": "小学东门", "place-longitude": "113.02", "place-latitude": "23.12"}
        data = {"category": "manhole", "description": "小学东门井盖缺失", **place}
        assert press(applicant, now_of(case), "complete", token, **data).status_code == 302
        assert task_of(case).assignee == town.users["受理陈"].pk
        assert now_of(case).state.data["description"] == "小学东门井盖缺失"


REASONED = {"reason": "试试"}
TASK_VERBS = {
    "complete": {"measure": "已换"}, "claim": {}, "transfer": {"to": "u1"} | REASONED, "delegate": {"to": "u1"} | REASONED,
    "countersign": {"signers": ["u1"], "rule": "all"}, "send_back": {"to": "dispatch"} | REASONED,
    "withdraw": REASONED, "ask_extension": {"amount": "1"} | REASONED, "extend": {"amount": "1"} | REASONED,
}  # fmt: skip
CASE_VERBS = {
    "supervise": REASONED, "suspend": REASONED, "cancel": REASONED, "urge": {}, "comment": {"remark": "看看"},
}  # fmt: skip


@pytest.mark.parametrize("verb", [*TASK_VERBS, *CASE_VERBS])
@pytest.mark.parametrize("name", ["路人罗", "大沥吴", "城管林"])
def test_who_may_not_see_the_case_can_do_nothing_to_it(town: Town, handled: Running, verb: str, name: str) -> None:
    token = only_task(handled) if verb in TASK_VERBS else 0
    answer = press(town.client(name), handled, verb, token, **(TASK_VERBS | CASE_VERBS)[verb])
    assert answer.status_code == 404
    assert now_of(handled).sequence == handled.sequence


@pytest.mark.parametrize("verb", ["complete", "claim", "send_back", "ask_extension", "suspend", "cancel", "supervise"])
def test_another_role_is_refused_by_a_sentence(town: Town, handled: Running, verb: str) -> None:
    """The inspector sees the case, and has no part in this step of it."""
    token = only_task(handled) if verb in TASK_VERBS else 0
    answer = press(town.client("核查梁"), handled, verb, token, **(TASK_VERBS | CASE_VERBS)[verb])
    assert answer.status_code in (403, 409)
    assert 'role="alert"' in said(answer)
    assert now_of(handled).sequence == handled.sequence


@pytest.mark.parametrize("verb", ["fire", "answer", "retime", "open", "no-such-verb"])
def test_verbs_of_the_engine_are_no_pages(town: Town, handled: Running, verb: str) -> None:
    assert press(town.client("值班刘"), handled, verb).status_code == 404


class TestTwice:
    def test_the_second_click_hears_who_was_first_and_sees_what_was_typed(self, town: Town, case: Running) -> None:
        client, token = town.client("受理陈"), only_task(case)
        press(client, case, "complete", token, accepted="yes")
        answer = press(town.client("受理李"), case, "complete", token, accepted="no", refusal="物业管理范围",
                       **{"on-node": "accept"})  # fmt: skip
        assert answer.status_code == 409
        text = said(answer)
        assert "这一步已由受理陈于" in text and "物业管理范围" in text and "您打开页面之后发生的" in text

    def test_a_stale_page_shows_what_happened_and_keeps_the_form(self, town: Town, handled: Running) -> None:
        token = only_task(handled)
        actor = actor_for(town.users["水务何"])
        act(actor, handled.id, "claim", token=token)
        act(actor, handled.id, "release", token=token)
        answer = press(town.client("水务张"), handled, "complete", token, measure="已更换井盖")
        text = said(answer)
        assert answer.status_code == 409
        assert "您打开页面后，水务何" in text and "已更换井盖</textarea>" in text
        assert f'name="on-seen" value="{now_of(handled).sequence}"' in text

    def test_a_remark_does_not_make_a_page_stale(self, town: Town, handled: Running) -> None:
        remark(SYSTEM, handled.id, "请抓紧")
        assert press(town.client("水务何"), handled, "complete", only_task(handled), measure="已换").status_code == 302


class TestBadInput:
    def test_a_missing_answer_is_said_at_its_field_and_the_rest_stays(self, town: Town, case: Running) -> None:
        answer = press(town.client("受理陈"), case, "complete", only_task(case), accepted="no")
        text = said(answer)
        assert answer.status_code == 422
        assert 'href="#f-refusal"' in text and 'value="no" id="f-accepted' in text.replace(' checked', '')
        assert "checked" in text

    def test_a_reason_is_asked_for(self, town: Town, held: Running) -> None:
        answer = press(town.client("水务何"), held, "send_back", only_task(held), to="dispatch", reason="  ")
        assert answer.status_code == 422 and 'href="#f-reason"' in said(answer)
        assert task_of(held).status == "claimed"

    def test_an_extension_too_long_is_told_at_the_amount(self, town: Town, held: Running) -> None:
        answer = press(town.client("水务何"), held, "ask_extension", only_task(held), amount="999", reason="等配件")
        assert answer.status_code == 422 and 'href="#f-amount"' in said(answer) and "等配件</textarea>" in said(answer)

    def test_a_person_outside_the_role_is_no_choice(self, town: Town, held: Running) -> None:
        stranger = town.users["路人罗"].pk
        answer = press(town.client("水务何"), held, "transfer", only_task(held), to=f"u{stranger}", reason="试")
        assert answer.status_code == 422
        assert task_of(held).assignee == town.users["水务何"].pk

    def test_an_unknown_task_is_told_as_done(self, town: Town, handled: Running) -> None:
        assert press(town.client("水务何"), handled, "claim", 4711).status_code == 409

    def test_a_post_without_its_token_of_the_page_is_refused(self, town: Town, case: Running) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(town.users["受理陈"])
        assert press(client, case, "complete", only_task(case), accepted="yes").status_code == 403
        assert now_of(case).sequence == case.sequence


class TestParts:
    HTMX = {"HX-Request": "true", "HX-Target": "case"}

    def test_htmx_gets_the_case_again_in_place(self, town: Town, case: Running) -> None:
        client = town.client("受理陈")
        data = {"on-token": only_task(case), "on-seen": case.sequence, "accepted": "yes"}
        answer = client.post(url(case, "complete"), data, headers=self.HTMX)
        assert answer.status_code == 200 and answer.headers["HX-Trigger"] == "case-moved"
        assert 'id="case"' in said(answer) and "<html" not in said(answer) and "下一环节：派遣" in said(answer)

    def test_dependent_fields_come_without_the_page(self, town: Town, case: Running) -> None:
        data = {"on-token": only_task(case), "accepted": "no", "form-refresh": "1"}
        answer = town.client("受理陈").post(url(case, "complete"), data, headers={"X-Form-Refresh": "1"})
        assert 'data-form-fields="accept"' in said(answer) and 'id="case"' not in said(answer)
        assert 'name="refusal"' in said(answer)

    def test_the_detail_pane_gets_the_detail_alone(self, town: Town, case: Running) -> None:
        headers = {"HX-Request": "true", "HX-Target": "detail"}
        text = said(town.client("受理陈").get(address(case), headers=headers))
        assert 'id="case"' in text and 'id="main"' not in text


class TestDeputy:
    def test_a_deputy_acts_on_behalf_and_it_is_written(self, town: Town, case: Running) -> None:
        town.person("代办周", "acceptor", stands_for="受理陈")
        client = town.client("代办周")
        assert "您在代 受理陈 办理" in said(client.get(address(case)))
        press(client, case, "complete", only_task(case), accepted="yes")
        text = said(town.client("派遣黄").get(address(case)))
        assert "代办周" in text and "（代 受理陈）" in text

    def test_with_a_post_of_ones_own_one_acts_for_oneself(self, town: Town, case: Running) -> None:
        user = town.person("两岗吴", "acceptor")
        from yiwang.engines.directory.models import Posting

        own = user.postings.get()
        Posting.objects.create(user=user, post=own.post, from_on=own.from_on, to_on="2099-01-01",
                               on_behalf_of=town.users["受理陈"])  # fmt: skip
        completed(case, {"accepted": "yes"}, user)
        assert "（代 " not in said(town.client("派遣黄").get(address(case)))


def test_selectors_and_services_refuse_the_stranger_as_well(town: Town, handled: Running) -> None:
    stranger: Actor = actor_for(town.users["路人罗"])
    with pytest.raises(NotFound):
        case_view(stranger, handled.id)
    with pytest.raises(NotFound):
        remark(stranger, handled.id, "看看")
    with pytest.raises(NotAllowed):
        act(actor_for(town.users["核查梁"]), handled.id, "cancel", arguments={"reason": "试试"})
