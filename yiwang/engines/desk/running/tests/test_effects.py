"""Effects that did not get through: seen, explained, tried again by a named person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from yiwang.engines.cases.api import open_case
from yiwang.engines.cases.models import Outbox
from yiwang.engines.desk.running.tests.conftest import TYPE
from yiwang.engines.desk.running.tests.test_definitions import REPORT
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.trust.api import history
from yiwang.kernel.clock import now
from yiwang.kernel.ids import new_id

PAGE, RETRY = "/work/effects/", "/work/effects/retry/"
Put = Callable[..., Outbox]


def test_nothing_stuck_is_said(keeper: Client, stuck: Put) -> None:
    stuck(status="waiting", next_at=now(), last_error="")
    text = keeper.get(PAGE).content.decode()
    assert "没有积压" in text and "全部重试" not in text


def test_only_the_district_administrator_gets_in(keeper: Client, outsiders: dict[str, Client], stuck: Put) -> None:
    stuck()
    for name, client in outsiders.items():
        expected = 302 if name == "anonymous" else 403
        assert {client.get(PAGE).status_code, client.post(RETRY, {"all": "1"}).status_code} == {expected}, name
    assert Outbox.objects.get().status == "dead"


def test_dead_and_late_ones_are_told_in_words(keeper: Client, stuck: Put) -> None:
    case = open_case(SYSTEM, TYPE, REPORT)
    Outbox.objects.all().delete()
    stuck(case_id=case.id), stuck(status="waiting", kind="urged", attempts=0, last_error="", payload={})
    text = keeper.get(PAGE).content.decode()
    for words in (
        case.number,
        "调用外部程序",
        "pay.refund",
        "对方系统没有按时应答",
        "催办通知",
        "后台工作进程",
        "停发 1 项，迟发 1 项",
    ):
        assert words in text
    assert f"/work/cases/{case.id}/" not in text, "a link that can only be refused"


def test_chosen_ones_are_tried_again_and_the_journal_says_by_whom(keeper: Client, stuck: Put) -> None:
    first, second = stuck(), stuck()
    late = stuck(status="waiting")
    answer = keeper.post(RETRY, {"key": [str(first.pk), str(late.pk)]}, follow=True)
    assert "已重新安排 1 项" in answer.content.decode()
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, first.attempts, second.status) == ("waiting", 0, "dead")
    (entry,) = history(SYSTEM, "outbox")
    assert entry.kind == "outbox.retried" and entry.actor_id and str(first.pk) in entry.payload
    assert str(second.pk) not in entry.payload


def test_all_dead_ones_are_tried_again(keeper: Client, stuck: Put) -> None:
    for _ in range(3):
        stuck(division="")
    assert "停发的 3 项" in keeper.get(RETRY).content.decode()
    assert "已重新安排 3 项" in keeper.post(RETRY, {"all": "1"}, follow=True).content.decode()
    assert "没有需要重试" in keeper.post(RETRY, {"all": "1"}, follow=True).content.decode()
    assert len(history(SYSTEM, "outbox")) == 1


@pytest.mark.parametrize("sent", [{}, {"key": [str(new_id())]}])
def test_nothing_chosen_changes_nothing(keeper: Client, stuck: Put, sent: dict[str, object]) -> None:
    stuck()
    assert "没有需要重试" in keeper.post(RETRY, sent, follow=True).content.decode()
    assert keeper.post(RETRY, {"key": "x"}).status_code == 422
    assert Outbox.objects.get().status == "dead"


def test_another_district_is_out_of_reach(keeper: Client, stuck: Put) -> None:
    stuck(division="440606001")
    assert "没有积压" in keeper.get(PAGE).content.decode()
    keeper.post(RETRY, {"all": "1"})
    assert Outbox.objects.get().status == "dead"


def test_pages_follow_each_other_and_cost_the_same(keeper: Client, stuck: Put) -> None:
    ids = sorted(new_id() for _ in range(60))
    named = {id: {"handler": f"name-{number:03}"} for number, id in enumerate(ids)}
    for id in ids[:10]:
        stuck(id=id, payload=named[id])
    keeper.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        keeper.get(PAGE)
    for id in ids[10:]:
        stuck(id=id, payload=named[id])
    with CaptureQueriesContext(connection) as many:
        first = keeper.get(PAGE).content.decode()
    assert len(many) <= len(few) + 1 <= 14
    assert "name-049" in first and "name-050" not in first
    second = keeper.get(f"{PAGE}?after={ids[49]}").content.decode()
    assert "name-050" in second and "name-059" in second and "name-049" not in second
    assert keeper.get(f"{PAGE}?after=nonsense").status_code == 200
