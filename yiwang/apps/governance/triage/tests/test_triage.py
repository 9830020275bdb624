"""Transfers, the advice other pages fetch, the books' rules of the day, and versions of the model."""

from datetime import timedelta

import orjson
import pytest
from django.db import transaction
from django.test import Client

from tests.small_district import ELSEWHERE, HERE
from yiwang.apps.governance.triage import advising, duties, grammar, selectors
from yiwang.apps.governance.triage.closed_cases import class_samples
from yiwang.apps.governance.triage.models import LearntModel, Transfer
from yiwang.apps.governance.triage.services import learning
from yiwang.apps.governance.triage.services.learning import adopt, want_model
from yiwang.apps.governance.triage.services.transferring import Told, add_receipt, reveal_caller, transfer
from yiwang.apps.governance.triage.standing import EMERGENCIES, first_rows
from yiwang.apps.governance.triage.suggesting import in_use
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import SYSTEM, User, actor_for, system_actor, today
from yiwang.engines.rulebooks.api import publish_edition, store_draft
from yiwang.engines.trust.api import history, stream_named
from yiwang.kernel.app import app_modules
from yiwang.kernel.clock import now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]
ADVICE = "/governance/triage/advice"
PLACE = {"longitude": 112.9, "latitude": 23.0, "address": "市场门口"}


@pytest.fixture(autouse=True)
def fresh_model():
    in_use.forget()
    yield
    in_use.forget()


def actor(name):
    return actor_for(User.objects.get(username=name))


def app_stories(key):
    """The year of another app, by its key."""
    return next(module for _, name, module in app_modules("scenario") if name == key)


def client(name):
    found = Client()
    found.force_login(User.objects.get(username=name))
    return found


def report_of(**changes):
    return Told(**{"target": "110", "text": "有人持刀追人", "place": PLACE, "phone": "13812345678"} | changes)


def test_a_transfer_keeps_rule_words_and_place_and_no_clear_number():
    row = transfer(actor(f"{HERE}-triage_clerk"), report_of(origin="call-1"))
    assert (row.rule, row.severity, row.words) == ("持械伤人", "life", ["持刀"])
    assert row.division.startswith(HERE)
    assert row.phone_masked != "13812345678" and b"13812345678" not in bytes(row.phone_cipher)
    assert transfer(actor(f"{HERE}-triage_clerk"), report_of(origin="call-1")).pk == row.pk, (
        "the same call is one transfer"
    )
    entry = list(history(SYSTEM, stream_named("triage.transfers")))[-1]
    assert "13812345678" not in str(entry.payload) and orjson.loads(entry.payload)["id"] == str(row.pk)


def test_who_sees_and_writes_transfers():
    row = transfer(actor(f"{HERE}-triage_clerk"), report_of())
    other = actor(f"{ELSEWHERE}-triage_clerk")
    with pytest.raises(NotFound):
        selectors.transfer_of(other, row.pk)
    assert row not in selectors.page(other).rows
    assert selectors.counts(other)["110"] == 0
    with pytest.raises(NotAllowed):
        transfer(other, report_of())
    leader = actor("440605-triage_leader")
    assert row in selectors.page(leader, waiting=True).rows
    assert reveal_caller(leader, row.pk, "回拨核实位置") == "13812345678"
    with pytest.raises(NotAllowed):
        reveal_caller(actor(f"{HERE}-triage_clerk"), row.pk, "好奇")
    with pytest.raises(InvalidInput):
        reveal_caller(leader, row.pk, " ")


def test_the_receipt_is_added_once():
    row = transfer(SYSTEM, report_of())
    clerk = actor(f"{HERE}-triage_clerk")
    assert selectors.counts(clerk)["waiting"] == 1
    add_receipt(clerk, row.pk, "接警 2021-0001")
    assert selectors.counts(clerk) == {"110": 1, "119": 0, "120": 0, "waiting": 0}
    with pytest.raises(Conflict):
        add_receipt(clerk, row.pk, "另一个")


@pytest.mark.parametrize("wrong", [{"target": "114"}, {"text": " "}, {"source": "pigeon"}, {"text": "长" * 2001}])
def test_a_faulty_transfer_is_refused(wrong):
    with pytest.raises(InvalidInput):
        transfer(SYSTEM, report_of(**wrong))
    assert not Transfer.objects.exists()


def test_pages_go_by_key_with_one_statement(django_assert_num_queries):
    rows = [transfer(SYSTEM, report_of(text=f"第{number}起打架", phone="")) for number in range(selectors.SIZE + 3)]
    clerk = actor(f"{HERE}-triage_clerk")
    with django_assert_num_queries(1):
        first = selectors.page(clerk, target="110")
    second = selectors.page(clerk, target="110", after=first.after)
    assert [row.pk for row in first.rows + second.rows] == [row.pk for row in reversed(rows)]
    assert second.after == ""


def test_a_visitor_is_told_to_call_at_once():
    page = Client().post(ADVICE, {"description": "三楼着火了，快来"}).content.decode()
    assert "请立即拨打 119" in page and 'href="tel:119"' in page
    assert "登记移交" not in page and 'name="class_code"' not in page
    unsure = Client().post(ADVICE, {"text": "楼道里有煤气味"}).content.decode()
    assert "如有危险，请先拨打 119" in unsure and "请立即" not in unsure and "建议类别" in unsure
    assert Client().post(ADVICE, {"text": ""}).content.decode().strip() == ""
    assert Client().get(ADVICE).status_code == 405


def test_an_ordinary_text_gets_a_class_and_three_others():
    page = Client().post(ADVICE, {"description": "路灯连续三晚不亮", "choose": "1"}).content.decode()
    assert "建议类别：路灯" in page
    assert page.count('name="class_code"') == 4 and page.count("checked") == 1
    unsure = Client().post(ADVICE, {"description": "东西坏了请处理", "choose": "1"}).content.decode()
    assert "请选择类别" in unsure and "checked" not in unsure


def test_visitors_are_limited_and_staff_are_not(settings):
    settings.YIWANG = {**settings.YIWANG, "YIWANG_ADVICE_LIMIT": 1}
    answers = [Client().post(ADVICE, {"text": "路灯不亮"}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429], "an address may do ten times what a person may"
    page = client(f"{HERE}-triage_clerk").post(ADVICE, {"text": "有人打架", "source": "call"}).content.decode()
    assert "请立即转 110" in page and "登记移交" in page


def test_an_operator_writes_a_transfer_down_from_the_words_of_another_page():
    clerk = client(f"{HERE}-triage_clerk")
    page = clerk.post(
        "/governance/triage/transfers/new/", {"prefill": "1", "text": "有人打架，头破血流", "phone": "13812345678"}
    )
    form = page.content.decode()
    assert "有人打架" in form and "13812345678" in form and form.count("checked") == 3, "110, 120 and the source"
    origin = form.split('name="origin" value="')[1].split('"')[0]
    answers = {"target": ["110", "120"], "text": "有人打架", "source": "call", "phone": "13812345678", "origin": origin}
    for _ in range(2):
        answer = clerk.post("/governance/triage/transfers/new/", answers | {"receipt": "接警 7"})
        assert answer.status_code == 302, answer.content.decode()
    rows = {row.target: row for row in Transfer.objects.all()}
    assert sorted(rows) == ["110", "120"]
    assert (rows["110"].receipt, rows["110"].division, rows["120"].receipt) == ("接警 7", HERE, "")
    shown = clerk.get(answer["Location"]).content.decode()
    assert "13812345678" not in shown and "接警 7" in shown
    assert clerk.post("/governance/triage/transfers/new/", {"text": ""}).status_code == 422
    assert client(f"{HERE}-handler-water").get("/governance/triage/transfers/").status_code == 403


def test_the_try_out_marks_words_and_says_what_was_set_aside():
    page = client(f"{HERE}-triage_clerk").post("/governance/triage/try-out/", {"text": "昨天打架，今天<b>路灯</b>不亮"})
    text = page.content.decode()
    assert "<mark>打架</mark>" in text and "有“昨天”" in text and "&lt;b&gt;" in text
    assert "不是警情或急事" in text


def test_a_report_that_is_passed_on_leaves_its_line():
    data = {
        "category": "other", "description": "三楼着火了，有人晕倒", "place": PLACE | {"division": f"{HERE}0010001"},
        "reporter_phone": "13812345678",
    }  # fmt: skip
    case = open_case(system_actor("上报"), "city_incident.incident", data)
    row, other = Transfer.objects.filter(origin=case.number).order_by("target")
    assert (other.target, other.words, other.reason) == ("120", ["晕倒"], "有人昏迷")
    assert (row.target, row.source, row.by, row.words) == ("119", "citizen", "紧急警情识别", ["着火"])
    assert row.division.startswith(HERE) and row.phone_masked and row.at == case.opened_at
    ordinary = open_case(system_actor("上报"), "city_incident.incident", data | {"description": "路灯不亮"})
    assert not Transfer.objects.filter(origin=ordinary.number).exists()


def test_advice_follows_the_rules_of_the_day():
    facts = {"description": "有人在放孔明灯"}
    assert advising.judge(facts, now())["transfer"] == ""
    rows = [*first_rows("emergencies")]
    rows.append({"rule": "孔明灯", "target": "119", "severity": "now", "words": "孔明灯", "reason": "有人放孔明灯"})
    tomorrow = today() + timedelta(days=1)
    draft = store_draft(system_actor("甲"), EMERGENCIES, rows, basis="试验")
    publish_edition(system_actor("乙"), draft.pk, tomorrow, basis="试验")
    assert advising.judge(facts, now())["transfer"] == ""
    assert advising.judge(facts, now() + timedelta(days=2)) == {
        "transfer": "119", "reason": "有人放孔明灯", "rule": "孔明灯", "severity": "now", "words": ["孔明灯"],
        "also": [], "ask": "",
    }  # fmt: skip


def test_the_suggestion_is_plain_values():
    advice = advising.suggest({"description": "路灯连续三晚不亮"}, now())
    assert (advice["class_code"], advice["title"], advice["category"], advice["is_sure"]) == (
        "C0121", "路灯", "lamp", True,
    )  # fmt: skip
    assert 0.6 <= advice["confidence"] <= 1 and len(advice["others"]) == 3
    assert advising.suggest({}, now())["class_code"] == ""


def test_a_program_gets_both(small_district):
    answer = client(f"{HERE}-triage_clerk").post(
        "/api/triage/advice", {"text": "小学门口路灯不亮"}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["suggestion"]["class_code"] == "C0121"
    assert answer.json()["judgement"]["transfer"] == ""


def test_closed_incidents_teach_their_class(told):
    stories = app_stories("city_incident")
    closed, open_still = told("city_incident", stories.ordinary), told("city_incident", stories.left_open)
    samples = class_samples()
    data = closed.state.data
    assert (data["description"], data["class_code"]) in samples
    assert open_still.state.data["description"] not in dict(samples)


def test_a_version_that_cannot_be_learnt_is_given_up_and_another_may_be_wanted(monkeypatch):
    leader = actor("440605-triage_leader")
    row = want_model(leader)
    monkeypatch.setattr(duties, "class_samples", list)
    monkeypatch.setattr(learning, "sentences", lambda wording: iter(()))
    assert duties.learn_wanted() == 1 and duties.learn_wanted() == 0
    row.refresh_from_db()
    assert row.state == "failed" and row.packed is None
    assert "未学成" in client("440605-triage_leader").get("/governance/triage/models/").content.decode()
    assert want_model(leader).pk != row.pk


def test_a_version_is_wanted_learnt_reported_and_only_then_used(monkeypatch):
    leader = actor("440605-triage_leader")
    want_model(leader)
    with pytest.raises(Conflict):
        want_model(leader)
    with pytest.raises(NotAllowed):
        want_model(actor(f"{HERE}-triage_clerk"))
    cases = [(f"{number}号的孔雀石摊位乱叫", "E0410") for number in range(40)]
    monkeypatch.setattr(duties, "class_samples", lambda: [*cases, ("从前有过的类别", "Z9999")])
    monkeypatch.setattr(learning, "sentences", lambda wording: grammar.sentences(wording, 5))
    assert duties.learn_wanted() == 1 and duties.learn_wanted() == 0
    row = LearntModel.objects.get()
    assert row.state == "ready" and row.samples["cases"] == 40
    assert row.report["new"]["accuracy"] > 0.5 and row.report["now"]["count"] == row.report["new"]["count"]
    facts = {"description": "孔雀石摊位又在乱叫"}
    assert advising.suggest(facts, now())["class_code"] != "E0410", "not before a person put it to use"
    with transaction.atomic():
        adopt(leader, row.pk)
    in_use.forget()
    assert advising.suggest(facts, now())["class_code"] == "E0410"
    page = client("440605-triage_leader").get("/governance/triage/models/").content.decode()
    assert "使用中" in page and "出厂版" in page
    adopt(leader, 0)
    in_use.forget()
    assert in_use.get()[0] == 0
