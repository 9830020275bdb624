"""Truths of the desk, the knowledge base, the callbacks and the rates, through their pages and doors."""

from __future__ import annotations

import itertools
import random
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.small_district import BEGIN, cast_of_it
from yiwang.apps.governance.direct_line import facts, scenario
from yiwang.apps.governance.direct_line.models import Article, Call, CallerAppeal
from yiwang.apps.governance.direct_line.selectors import knowledge, rates
from yiwang.apps.governance.direct_line.selectors.callers import caller
from yiwang.apps.governance.direct_line.services import knowledge as keeping
from yiwang.apps.governance.direct_line.services.calls import Told, log_call
from yiwang.apps.governance.direct_line.words import pairs_of, terms, wanted_pairs
from yiwang.engines.cases.api import Running, seen_cases
from yiwang.engines.datahub.api import check, rebuild, table_of
from yiwang.engines.directory.api import ANONYMOUS, SYSTEM, Actor, User, actor_for
from yiwang.engines.stories.scenario import World, tell
from yiwang.engines.worklists.api import every, page, read_search
from yiwang.kernel.clock import frozen, now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed

DISTRICT, HERE = "440605", "440605124"
DESK = "/governance/direct_line/desk/"


def person(name: str) -> Actor:
    return actor_for(User.objects.get(username=f"{DISTRICT}-{name}"))


def client(name: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(username=f"{DISTRICT}-{name}"))
    return found


def cases(type: str) -> list[Running]:
    rows = every(SYSTEM, read_search({"type": type, "box": "all"}), 10)
    return list(seen_cases(SYSTEM, [row.id for row in rows]).values())


def counted(group: str) -> rates.Counts:
    """The whole of the weeks in which the stories happen, from facts that are up to date."""
    rebuild("direct_line.appeals")
    begin, end = BEGIN - timedelta(days=1), BEGIN + timedelta(days=60)
    return rates.total(rates.counted(person("line_leader"), group, begin, end))


def sheet(**more: str) -> dict[str, str]:
    """What the desk's form sends."""
    return {
        "id": str(uuid4()), "began": now().isoformat(), "kind": "consult", "subject": "身份证怎样换领",
        "text": "快到期了", "name": "陈先生", "phone": "13800138001", "answer_by": "phone", "channel": "phone",
        "handling": "answered", "reply": "带旧证到窗口办理。", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("公租房 申请", ["公租", "租房", "申请"]),
        ("ＡＴＭ机", ["at", "tm", "m机"]),
        ("", []),
        ("水", ["水"]),
        ("，。", []),
    ],
)
def test_texts_are_cut_into_pairs(text: str, pairs: list[str]) -> None:
    assert pairs_of(text) == pairs


def test_what_stands_in_every_question_tells_nothing() -> None:
    assert wanted_pairs("请问怎样办理公租")[:3] == ["样办", "理公", "公租"]
    assert wanted_pairs("怎样") == ["怎样"], "unless there is nothing else"
    assert terms(wanted_pairs("水")) == ["'水':*"]


def test_a_call_is_answered_from_the_knowledge_base_once(small_district: None, db: None) -> None:
    operator = client("operator")
    assert operator.get(DESK, {"caller": "13800138001"}).status_code == 200
    (article, *_) = knowledge.found(person("operator"), "我的身份证要过期了怎么换")
    assert "身份证" in article.question
    assert "养犬" in knowledge.found(person("operator"), "邻居养的狗没有登记，每天早上在楼道里乱跑")[0].question
    sent = sheet(article=str(article.id))
    assert operator.post(DESK, sent).status_code == 302
    assert operator.post(DESK, sent).status_code == 302, "the same form again changes nothing"
    (case,) = cases("direct_line.appeal")
    assert (case.state.status, case.state.outcome, case.state.opened_by) == ("closed", "answered", None)
    assert Article.objects.get(pk=article.id).used == article.used + 1
    (call,) = Call.objects.filter(case_id=case.id)
    assert (call.operator, call.phone_masked) == (person("operator").user_id, "138****8001")
    other = operator.post(DESK, {**sent, "subject": "另一件事"})
    assert other.status_code == 409
    assert len(cases("direct_line.appeal")) == 1


def test_the_card_of_a_caller_knows_earlier_appeals_but_no_sealed_ones(small_district: None, db: None) -> None:
    operator = client("operator")
    operator.post(DESK, sheet())
    operator.post(DESK, sheet(subject="楼下太吵", kind="complaint", handling="later"))
    operator.post(DESK, sheet(subject="举报行贿", kind="report", sealed="1"))
    (sealed,) = cases("direct_line.sealed")
    card = caller(person("operator"), "13800138001")
    assert [[one.title for one in part] for part in (card.open, card.ended)] == [["楼下太吵"], ["身份证怎样换领"]]
    assert card.name == "陈先生"
    assert operator.get(f"/work/cases/{sealed.id}/").status_code == 404, "not even by who took it down"
    with pytest.raises(NotAllowed):
        caller(person("callback_clerk"), "13800138001")
    assert "行贿" not in operator.get(DESK, {"caller": "13800138001"}).content.decode()


def test_a_corrected_or_deleted_appeal_leaves_the_card_of_its_first_number(small_district: None, db: None) -> None:
    client("operator").post(DESK, sheet(subject="楼下太吵", kind="complaint", handling="later"))
    (appeal,) = cases("direct_line.appeal")

    def shown(phone: str) -> list[str]:
        return [one.title for one in caller(person("operator"), phone).open]

    assert shown("13800138001") == ["楼下太吵"]
    with connection.cursor() as cursor:
        corrected = """UPDATE cases_case SET data = data || '{"phone": "13900139002"}' WHERE id = %s"""
        cursor.execute(corrected, [appeal.id])
        assert not shown("13800138001") and shown("13900139002") == ["楼下太吵"]
        cursor.execute("DELETE FROM cases_case WHERE id = %s", [appeal.id])
    assert not CallerAppeal.objects.exists()


def test_lists_and_exports_show_a_sealed_appeal_by_that_word_only(small_district: None, db: None) -> None:
    client("operator").post(DESK, sheet(subject="举报行贿", text="某科长受贿", kind="report", sealed="1"))
    search = read_search({"type": "direct_line.sealed", "box": "all"})
    assert [row.title for row in page(person("sealed_keeper"), search).rows] == ["密件举报"]
    for name in ("operator", "line_leader", "callback_clerk"):
        assert not list(every(person(name), search, 10))
    answer = client("sealed_keeper").get("/work/export.csv", {"type": "direct_line.sealed", "box": "all"})
    told = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert "密件举报" in (listed := told.decode("utf-8-sig"))
    assert not [word for word in ("行贿", "受贿", "陈先生", "13800138001") if word in listed]


def test_what_is_missing_is_said_at_its_field(small_district: None, db: None) -> None:
    answer = client("operator").post(DESK, sheet(subject="", handling="sent"))
    assert answer.status_code == 422
    assert 'href="#f-subject"' in answer.content.decode()
    assert not cases("direct_line.appeal") and not Call.objects.exists()


def test_articles_are_versioned_and_expire(small_district: None, db: None) -> None:
    editor, operator = person("knowledge_editor"), person("operator")
    content = {"question": "龙舟赛几点开始", "answer": "九点", "basis": "", "unit": "government", "tags": ["端午"],
               "is_public": True, "valid_until": None}  # fmt: skip
    article = keeping.write_article(editor, content)
    changed = keeping.write_article(editor, {**content, "answer": "十点"}, number=article.pk, seen=1)
    assert [one.content["answer"] for one in knowledge.versions(editor, changed)] == ["十点", "九点"]
    with pytest.raises(Conflict):
        keeping.write_article(editor, content, number=article.pk, seen=1)
    with pytest.raises(NotAllowed):
        keeping.write_article(operator, content)
    assert knowledge.found(ANONYMOUS, "端午龙舟")[0].id == article.pk
    keeping.write_article(editor, {**content, "is_public": False}, number=article.pk)
    assert article.pk not in {one.id for one in knowledge.found(ANONYMOUS, "端午龙舟")}
    assert article.pk in {one.id for one in knowledge.found(operator, "端午龙舟")}
    with frozen(now() + timedelta(days=200)):
        assert knowledge.stale_count(editor) == Article.objects.count()
        keeping.review(editor, article.pk)
        assert knowledge.stale_count(editor) == Article.objects.count() - 1


def test_what_somebody_changed_meanwhile_does_not_lose_what_was_typed(small_district: None, db: None) -> None:
    article = Article.objects.order_by("id").first()
    assert article is not None
    address, editor = f"/governance/direct_line/articles/{article.pk}/", client("knowledge_editor")
    typed = {"question": article.question, "unit": article.unit, "is_public": "true"}
    assert editor.post(address, {**typed, "answer": "同事写的", "seen": "1"}).status_code == 302
    refused = editor.post(address, {**typed, "answer": "我写的", "seen": "1"})
    page = refused.content.decode()
    assert refused.status_code == 409 and "他人修改了这篇文章" in page and "我写的</textarea>" in page
    assert "同事写的" in page and 'name="seen" value="2"' in page
    assert editor.post(address, {**typed, "answer": "我写的", "seen": "2"}).status_code == 302
    assert Article.objects.get(pk=article.pk).answer == "我写的"


def test_the_desk_searches_without_scripts(small_district: None, db: None) -> None:
    page = client("operator").get(f"{DESK}articles/", {"caller": "", "q": "养犬登记"}, follow=True).content.decode()
    assert 'value="养犬登记"' in page and "找到" in page
    assert "养犬" in page.split("data-article=")[1], "the best one is the first"


@pytest.mark.parametrize("asked", ["' | 'a", "\\", "水'", "%", "x" * 5000])
def test_no_question_breaks_the_search(small_district: None, db: None, asked: str) -> None:
    assert Client().get("/governance/direct_line/knowledge/", {"q": asked}).status_code == 200


def test_an_exchange_tells_a_call_as_it_goes_on(small_district: None, db: None) -> None:
    at, actor = now(), person("operator")
    log_call(actor, Told("x-1", "13800138001", at))
    call = log_call(actor, Told("x-1", "13800138001", at, at + timedelta(seconds=9)))
    assert log_call(actor, Told("x-1", "13800138001", at, at + timedelta(seconds=9))).pk == call.pk
    with pytest.raises(Conflict):
        log_call(actor, Told("x-1", "13900139001", at))
    with pytest.raises(InvalidInput):
        log_call(actor, Told("x-2", "", at, at - timedelta(seconds=1)))
    log_call(actor, Told("x-3", "", at))
    found = rates.calls(actor, at - timedelta(hours=1), at + timedelta(hours=1))
    assert (found.rang, found.taken, str(found.connected), str(found.quick)) == (2, 1, "50.00", "50.00")


def test_a_callback_is_recorded_and_its_rates_counted(small_district: None, db: None) -> None:
    def told(story: Any, seed: int) -> Any:
        return tell(World("direct_line", cast_of_it(), random.Random(seed)), story, BEGIN)

    waiting = told(lambda world: itertools.islice(scenario.called_back(world), 4), 1)
    told(scenario.reopened, 2)
    told(scenario.refused, 3)
    told(scenario.answered, 4)
    late = told(lambda world: itertools.islice(scenario.answered(world), 1), 5)
    clerk = client("callback_clerk")
    listed = clerk.get("/governance/direct_line/callbacks/").content.decode()
    assert waiting.number in listed
    address = f"/governance/direct_line/callbacks/{waiting.id}/"
    assert waiting.state.data["phone"] in clerk.get(address).content.decode()
    said = {"contact": "connected", "resolved": "true", "grade": "4"}
    assert clerk.post(address, said).status_code == 302
    assert seen_cases(SYSTEM, [waiting.id])[waiting.id].state.status == "closed"
    with frozen(BEGIN + timedelta(hours=1)):
        whole = counted("month")
    assert (whole.accepted, whole.in_time, whole.asked, whole.reopened) == (3, 3, 2, 1)
    assert str(whole.response) == "100.00"
    assert rates.Counts("x").response is None, "no denominator, no figure"
    whole = counted("town")
    assert (whole.accepted, whole.in_time, str(whole.response)) == (4, 3, "75.00"), f"{late.number} was missed"
    leader = client("line_leader")
    assert leader.get("/governance/direct_line/rates/?period=2021-09&by=unit").status_code == 200
    kinds = leader.get("/governance/direct_line/rates/?period=2021-09&by=kind").content.decode()
    behind = re.search(f'href="(/work/[^"]*category={waiting.category}[^"]*)"', kinds)
    assert behind is not None
    assert str(waiting.id) in leader.get(behind[1].replace("&amp;", "&")).content.decode()
    with pytest.raises(NotAllowed):
        rates.counted(person("knowledge_editor"), "town", BEGIN, BEGIN)


def test_the_facts_pass_their_own_checks_and_the_cockpit_counts_the_same(small_district: None, db: None) -> None:
    for seed, story in enumerate((scenario.reopened, scenario.refused, scenario.answered_and_rated, scenario.late)):
        tell(World("direct_line", cast_of_it(), random.Random(seed)), story, BEGIN)
    whole = counted("month")
    assert not check("direct_line.appeals")
    assert (whole.accepted, whole.in_time, whole.at_once) == (3, 3, 1)
    assert (whole.ended, whole.on_time, str(whole.closing)) == (3, 2, "66.67")
    assert (whole.asked, whole.graded, whole.reopened) == (1, 2, 1)
    shown = [
        f"count(*) FILTER (WHERE ({one.denominator.replace(':cutoff', 'now()')}) AND {one.numerator})"
        for one in facts.INDICATORS
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(shown)} FROM {table_of('direct_line.appeals')}")
        assert cursor.fetchone() == (whole.in_time, whole.resolved, whole.satisfied, whole.on_time, whole.at_once)
