"""Two systems, one matter: whatever the network loses, repeats or turns round, both say the same in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from tests.small_district import HERE
from yiwang.apps.governance.one_platform.tests.second_system import OUT, SecondSystem, entry, running
from yiwang.engines.cases.api import act, open_case
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.exchange import limits
from yiwang.engines.exchange.api import add_system, catch_up, hand_over, send_due
from yiwang.engines.exchange.models import Conflict, Inbound, Link, Outbound, System
from yiwang.engines.exchange.services import applying, keeping, sending
from yiwang.kernel.clock import frozen, now
from yiwang.kernel.errors import Unavailable

Case, Token = apps.get_model("cases", "Case"), apps.get_model("cases", "Token")
pytestmark = pytest.mark.usefixtures("small_district", "db")


@pytest.fixture
def second(settings: Any) -> Iterator[SecondSystem]:
    """The second system, running and entered here."""
    settings.YIWANG = {**settings.YIWANG, "YIWANG_EXCHANGE_NETWORKS": ["127.0.0.0/8"]}
    limits._over.clear()
    with running(SecondSystem()) as system:
        _, system.secret = add_system(SYSTEM, entry("second", system.url))
        yield system


def here(role: str) -> Any:
    return actor_for(User.objects.get(username=f"{HERE}-{role}"))


def case_of(id: str) -> Any:
    return Case.objects.get(pk=Link.objects.get(outside_id=id).case_id)


def step(case: Any, role: str, **data: Any) -> None:
    token = Token.objects.filter(case_id=case.id).order_by("no").first()
    act(here(role), case.id, "complete", token=token.no, arguments={"data": data})


def dispatched(case: Any) -> None:
    step(case, "acceptor", accepted="yes", class_code="E0103")
    step(case, "dispatcher", unit="water")


def word(id: str) -> str:
    return OUT[Link.objects.get(outside_id=id).ours]


def both(second: SecondSystem, id: str) -> tuple[str, str]:
    return word(id), second.matters[id]["status"]


def exchange_all(second: SecondSystem, client: Client) -> None:
    """Until neither side has anything to tell: quarrels end."""
    for _ in range(12):
        if not second.queue and not send_due():
            return
        second.send(client)
    pytest.fail("the two systems never come to rest")


def test_a_matter_is_opened_once_whatever_the_network_repeats(second: SecondSystem, client: Client) -> None:
    second.open("A-1", reporter={"name": "陈先生", "phone": "13800000000"})
    (headers, sent), before = second.queue[0], Case.objects.count()
    assert second.send(client, twice=True) == [201, 201]
    case = case_of("A-1")
    assert Case.objects.count() == before + 1
    assert case.data["source"] == "platform" and case.data["origin"] == "A-1"
    answer = second.post(client, headers, sent).json()
    assert answer == {"result": "opened", "id": case.number, "status": "登记"}
    changed = json.loads(sent)
    changed["data"]["description"] = "另一件事"
    clash = second.post(client, *second.signed(json.dumps(changed).encode()))
    assert clash.status_code == 409 and clash.json()["code"] == "EVENT_ID_REUSED"
    changed["id"] = "another event, same matter"
    again = second.post(client, *second.signed(json.dumps(changed).encode()))
    assert again.json() == {"result": "known", "id": case.number, "status": "登记"}
    assert Case.objects.count() == before + 1
    assert Inbound.objects.get(event_id="A-1#1").body is None, "a done event's personal data is kept once, in the case"


def test_both_sides_agree_after_lost_answers_repeats_and_wrong_order(second: SecondSystem, client: Client) -> None:
    for number in range(6):
        second.open(f"B-{number}")
    second.move("B-1", "受理")
    second.move("B-1", "退单", note="市民撤回")
    second.move("B-2", "退单")
    assert 202 in second.send(client, twice=True, backwards=True), "a move before its opening waits for it"
    assert not Inbound.objects.filter(outcome="waiting").exists()
    assert case_of("B-1").status == case_of("B-2").status == "cancelled"
    second.troubles = [0, 500, 0, 200, 0]
    dispatched(case_of("B-3"))
    dispatched(case_of("B-4"))
    second.move("B-4", "退单")
    act(here("acceptor"), case_of("B-5").id, "suspend", arguments={"reason": "等材料"})
    at = now()
    for minutes in range(0, 40, 2):
        with frozen(at + timedelta(minutes=minutes)):
            send_due(50)
            second.send(client, twice=True, backwards=True) if minutes % 4 else None
    exchange_all(second, client)
    assert not Outbound.objects.exclude(state="sent").exists()
    found = {id: both(second, id) for id in second.matters}
    assert all(ours == theirs for ours, theirs in found.values()), found
    assert found["B-3"][0] == found["B-4"][0] == "在办" and found["B-5"][0] == "暂缓"
    assert len(second.arrivals) > len(set(second.arrivals)), "answers were lost, so events came twice"
    overruled = Conflict.objects.get(link__outside_id="B-4")
    assert (overruled.decision, overruled.ours, overruled.theirs) == ("ours", "working", "cancelled")


def test_an_older_word_is_noted_and_not_followed(second: SecondSystem, client: Client) -> None:
    second.open("C-1")
    second.send(client)
    second.move("C-1", "暂缓")
    second.move("C-1", "受理")
    late, newest = second.queue
    second.queue = []
    second.post(client, *newest)
    answer = second.post(client, *late)
    assert answer.status_code == 200 and answer.json()["result"] == "recorded"
    assert case_of("C-1").status == "open" and Inbound.objects.get(event_id="C-1#2").outcome == "stale"


def test_what_is_not_understood_waits_for_a_person(second: SecondSystem, client: Client) -> None:
    second.open("D-1")
    second.send(client)
    second.move("D-1", "退单")
    _, sent = second.queue.pop()
    unknown = second.signed(sent.replace(b'"id": "D-1#2"', b'"id": "odd"').replace("退单".encode(), "收回".encode()))
    answer = second.post(client, *unknown)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["known"] == sorted(OUT.values()) and answer.json()["word"] == "收回"
    assert answer.json()["status"] == 422
    odd = json.loads(sent) | {"type": "yiwang.case.closed", "id": "odder"}
    assert second.post(client, *second.signed(json.dumps(odd).encode())).json()["known"][0] == "yiwang.case.opened"
    second.open("D-2", description="x" * 501)
    assert second.send(client) == [422]
    system = System.objects.get(key="second")
    row = Inbound.objects.get(event_id="odd")
    assert row.outcome == "refused" and row.body is not None and b"D-1" not in bytes(row.body)
    keeper = Client()
    keeper.force_login(User.objects.get(username="440605-keeper"))
    page = keeper.get("/exchange/systems/second/?view=refused").content.decode()
    assert page.count("重新处理") == 3 and "没有为状态“收回”指定对应关系" in page
    system.incoming |= {"收回": "cancelled"}
    system.save()
    assert keeper.post(f"/exchange/received/{row.pk}/replay/").status_code == 302
    row.refresh_from_db()
    assert (row.outcome, row.body) == ("applied", None) and case_of("D-1").status == "cancelled"
    assert second.post(client, *unknown).status_code == 200, "the sender now hears what became of it"


def test_what_a_part_of_ours_that_is_down_keeps_us_from_is_asked_for_again(
    second: SecondSystem, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_down(*_: Any, **__: Any) -> None:
        raise Unavailable

    second.open("E-1")
    second.move("E-1", "暂缓")
    opening, suspending = second.queue
    before = Case.objects.count()
    for down in ("open_case", "act"):  # What was to open it, then what waited for the opening.
        with monkeypatch.context() as patch:
            patch.setattr(applying, down, is_down)
            answer = second.post(client, *opening)
            assert (answer.status_code, answer.json()["status"], answer["Retry-After"]) == (503, 503, "10")
            row = Inbound.objects.get(event_id="E-1#1")
            assert (row.outcome, row.case_id) == ("postponed", None) and row.body is not None
            assert Case.objects.count() == before and not Link.objects.exists(), "nothing of it is half done"
        assert down == "act" or second.post(client, *suspending).status_code == 202
    assert second.post(client, *opening).status_code == 201
    assert both(second, "E-1") == ("暂缓", "暂缓") and not Inbound.objects.exclude(outcome="applied").exists()
    second.queue = []
    second.open("E-2")
    assert second.send(client) == [201]
    second.move("E-2", "退单")
    with monkeypatch.context() as patch:
        patch.setattr(applying, "act", is_down)
        assert second.post(client, *second.queue[-1]).status_code == 503
        assert not Conflict.objects.filter(link__outside_id="E-2").exists(), "what could not be tried is no quarrel"
    assert second.post(client, *second.queue[-1]).json()["result"] == "applied"


def test_strangers_old_secrets_and_floods_stay_outside(second: SecondSystem, client: Client) -> None:
    second.open("E-1")
    headers, sent = second.queue[0]
    good = second.secret
    assert second.post(client, {**headers, "Yiwang-Signature": "v1=00"}, sent).status_code == 401
    assert second.post(client, headers, sent + b" ").status_code == 401
    assert second.post(client, headers, sent, key="nobody").status_code == 401
    assert second.post(client, *second.signed(sent, now().timestamp() - 301)).json()["code"] == "EVENT_TIMESTAMP"
    assert second.post(client, *second.signed(b"x" * 65_537)).status_code == 413
    assert client.post("/exchange/events/second", sent, content_type="text/plain").status_code == 400
    _, fresh = keeping.rotate_secret(SYSTEM, System.objects.get(key="second").pk)
    assert second.send(client) == [201], "the former secret is good for a day"
    second.secret = fresh
    assert send_due() == 1 and Outbound.objects.get().state == "sent", "ours are signed with both"
    with frozen(now() + timedelta(hours=25)):
        second.secret = good
        second.open("E-2")
        late = second.signed(second.queue.pop()[1], now().timestamp())
        assert second.post(client, *late).status_code == 401
    statuses = [second.post(client, headers, sent + b" ").status_code for _ in range(limits.BAD_A_MINUTE + 5)]
    assert statuses[-1] == 429 and statuses[0] == 401
    second.secret = fresh
    System.objects.filter(key="second").update(per_minute=3)
    begin = now().replace(second=10) + timedelta(minutes=2)
    for number in range(5):
        second.open(f"F-{number}")
    waiting, second.queue = [one[1] for one in second.queue], []
    with frozen(begin):
        answers = [second.post(client, *second.signed(one, begin.timestamp())) for one in waiting]
        assert [one.status_code for one in answers] == [201, 201, 201, 429, 429]
        assert answers[-1]["Retry-After"] == "50"
    with frozen(begin + timedelta(seconds=50)):
        again = [second.post(client, *second.signed(one, now().timestamp())) for one in waiting[3:]]
        assert [one.status_code for one in again] == [201, 201], "nothing honest is lost"


def test_a_crash_between_commit_and_send_loses_nothing(
    second: SecondSystem, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    second.open("G-1")
    second.send(client)
    exchange_all(second, client)
    dispatched(case_of("G-1"))
    waiting = Outbound.objects.filter(state="waiting").count()

    def struck(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(sending, "post", struck)
        send_due()
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(sending, "_arrived", struck)  # It arrived, and we died before we could write that down.
        send_due()
    assert Outbound.objects.filter(state="waiting").count() == waiting >= 2
    assert send_due() == waiting - 2, "what a dead worker took is left alone until its lease is over"
    with frozen(now() + sending.LEASE):
        assert send_due() == 2
    assert both(second, "G-1") == ("在办", "在办") and len(second.arrivals) > len(set(second.arrivals))


def test_a_silent_system_is_left_alone_and_what_fails_for_good_is_kept(second: SecondSystem, client: Client) -> None:
    system = System.objects.get(key="second")
    for _ in range(7):
        keeping.ping(SYSTEM, system.pk)
    second.troubles = [500] * sending.OPENS_AFTER
    assert send_due() == sending.OPENS_AFTER and send_due() == 0, "the others wait for the break to be over"
    second.troubles = [429]
    at = now() + sending.FIRST_BREAK
    with frozen(at):
        assert send_due() == 1, "one event tries"
    with frozen(at + timedelta(seconds=6)):
        assert send_due() == 0, "they asked for seven seconds"
    with frozen(at + timedelta(seconds=60)):
        assert send_due() == 7 and not Outbound.objects.exclude(state="sent").exists()
    row = keeping.ping(SYSTEM, system.pk)
    second.troubles = [302]
    send_due()
    row.refresh_from_db()
    assert row.state == "dead" and "302" in row.last_error, "nobody is followed elsewhere"
    second.troubles = [500] * sending.MOST_ATTEMPTS
    other, at = keeping.ping(SYSTEM, system.pk), now()
    for hours in range(sending.MOST_ATTEMPTS + 2):
        with frozen(at + timedelta(hours=2 * hours)):
            send_due()
    other.refresh_from_db()
    assert (other.state, other.attempts) == ("dead", sending.MOST_ATTEMPTS)
    keeping.retry(SYSTEM, other.pk)
    assert send_due() == 1 and Outbound.objects.get(pk=other.pk).state == "sent"


def test_slow_systems_leave_time_for_our_own_clocks(second: SecondSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PORTION", 0.0)
    for _ in range(3):
        keeping.ping(SYSTEM, System.objects.get(key="second").pk)
    assert [send_due() for _ in range(4)] == [1, 1, 1, 0]


def test_a_case_handed_over_is_followed_until_it_is_closed_outside(second: SecondSystem, client: Client) -> None:
    system = System.objects.get(key="second")
    place = {"longitude": 112.9, "latitude": 23.0, "address": "狮山大道"}
    told = {
        "category": "lamp",
        "description": "路灯不亮",
        "place": place,
        "reporter_name": "何女士",
        "reporter_phone": "",
    }
    case = open_case(SYSTEM, "city_incident.incident", told)
    second.troubles = [0]
    link = hand_over(SYSTEM, case.id, system.pk)
    assert "何女士" not in json.dumps(Outbound.objects.get(link=link).body, ensure_ascii=False)
    send_due()
    with frozen(now() + timedelta(seconds=6)):
        send_due()
    link.refresh_from_db()
    assert link.outside_id == "S-1" and second.arrivals[0] == second.arrivals[1]
    second.move("S-1", "受理")
    second.send(client)
    open_one = Conflict.objects.get(link=link)
    assert open_one.decision == "open", "only our own people can accept here"
    step(case, "acceptor", accepted="yes", class_code="E0103")
    open_one.refresh_from_db()
    assert open_one.decision == "agreed"
    second.move("S-1", "结束", note="已由对方修好")
    second.send(client)
    closed = Case.objects.get(pk=case.id)
    assert closed.status == "closed" and closed.data["measure"] == "已由对方修好"
    exchange_all(second, client)
    assert both(second, "S-1") == ("结束", "结束")
    with pytest.raises(Exception, match="已经办结"):
        hand_over(SYSTEM, case.id, system.pk)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("theirs", "cancelled"), ("latest", "cancelled"), ("ours", "open"), ("ours_after_dispatch", "open")],
)
def test_the_rule_of_the_system_says_who_leads(second: SecondSystem, client: Client, rule: str, expected: str) -> None:
    System.objects.filter(key="second").update(rule=rule)
    second.open("H-1")
    second.send(client)
    dispatched(case_of("H-1"))
    second.move("H-1", "退单")
    second.send(client)
    assert case_of("H-1").status == expected
    decision = {"cancelled": "theirs", "open": "ours"}[expected]
    assert Conflict.objects.get(link__outside_id="H-1").decision == decision


def test_two_that_both_believe_they_lead_end_with_a_person(second: SecondSystem, client: Client) -> None:
    second.open("I-1")
    second.send(client)
    dispatched(case_of("I-1"))
    for _ in range(7):
        second.move("I-1", "退单")
        second.send(client)
    link = Link.objects.get(outside_id="I-1")
    assert link.conflicts.filter(decision="ours").count() == 5
    conflict = link.conflicts.get(decision="open")
    keeper = Client()
    keeper.force_login(User.objects.get(username="440605-keeper"))
    assert "反复更正" in keeper.get("/exchange/systems/second/?view=conflicts").content.decode()
    assert keeper.post(f"/exchange/conflicts/{conflict.pk}/", {"decision": "theirs"}).status_code == 302
    conflict.refresh_from_db()
    assert conflict.decision == "theirs" and case_of("I-1").status == "cancelled"


def test_a_move_nobody_announced_is_told_and_a_second_try_tells_nothing(second: SecondSystem, client: Client) -> None:
    second.open("J-1")
    second.send(client)
    exchange_all(second, client)
    case = case_of("J-1")
    Case.objects.filter(pk=case.pk).update(status="suspended", changed_at=now())
    assert catch_up() == 1 and catch_up() == 0
    send_due()
    assert both(second, "J-1") == ("暂缓", "暂缓")


def test_the_pages_of_the_keeper_and_of_the_clerk(second: SecondSystem, client: Client) -> None:
    keeper, clerk = Client(), Client()
    keeper.force_login(User.objects.get(username="440605-keeper"))
    clerk.force_login(User.objects.get(username=f"{HERE}-acceptor"))
    assert clerk.get("/exchange/").status_code == 403
    names = ("key", "title", "endpoint", "direction", "rule", "participation", "incoming", "outgoing", "per_minute")
    values = {name: getattr(entry("third", "http://127.0.0.1:9/"), name) for name in names}
    wrong = keeper.post("/exchange/new/", {**values, "incoming": "登记 = 已收道"})
    assert wrong.status_code == 422 and "已收到" in wrong.content.decode()
    made = keeper.post("/exchange/new/", {**values, "is_active": "on"}).content.decode()
    secret = made.split("<code>")[2].split("<")[0]
    assert len(secret) > 40 and secret not in keeper.get("/exchange/systems/third/").content.decode()
    assert secret.encode() not in bytes(System.objects.get(key="third").secret)
    second.open("K-1")
    second.send(client)
    case = case_of("K-1")
    page = clerk.get(f"/exchange/cases/{case.pk}/").content.decode()
    assert case.number in page and "K-1" in page and "第二平台" in page and "一致" in page
    assert keeper.get(f"/exchange/cases/{case.pk}/").status_code == 404, "who keeps connections reads no cases"
