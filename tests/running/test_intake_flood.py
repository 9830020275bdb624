"""10,000 reports a minute from one address: that address is held up, nobody else is, and nothing is lost or half done."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory

from yiwang.engines.cases.models import Case
from yiwang.engines.desk.models import Attempt
from yiwang.engines.desk.public.limits import ADDRESS_FACTOR, Counter, TooOften

TYPE = "city_incident.incident"
FLOODER, HONEST = "203.0.113.9", "198.51.100.7"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district")]


class Visitor:
    """A browser without an account behind an address."""

    def __init__(self, address: str, words: str) -> None:
        self.client, self.words = Client(REMOTE_ADDR=address), words
        self.check = ""

    def fill_in(self) -> None:
        """Page by page, whatever their order: each takes what it asks."""
        answers = {
            "category": "lamp", "description": self.words, "place-address": "狮山大道1号", "place-longitude": "112.9",
            "place-latitude": "23.0",
        }  # fmt: skip
        page = "1"
        while page != "check":
            self.check = self.client.post(f"/report/{TYPE}/", {"page": page, **answers})["Location"]
            page = self.check.rpartition("page=")[2]

    def send(self) -> Any:
        draft = self.client.get(self.check).content.decode().split('name="draft" value="')[1][:36]
        return self.client.post(f"/report/{TYPE}/", {"page": "check", "draft": draft})


def test_a_flood_from_one_address_holds_up_nobody_else(settings: Any) -> None:
    settings.YIWANG = {**settings.YIWANG, "YIWANG_REPORT_LIMIT": 1}
    flooders = [Visitor(FLOODER, f"垃圾上报{number}") for number in range(ADDRESS_FACTOR + 3)]
    honest = [Visitor(HONEST, f"路灯不亮{number}") for number in range(4)]
    answers: dict[str, list[Any]] = {FLOODER: [], HONEST: []}
    for number, visitor in enumerate(flooders):
        visitor.fill_in()
        answers[FLOODER].append(visitor.send())
        if number % 3 == 2 and honest[len(answers[HONEST]) :]:
            other = honest[len(answers[HONEST])]
            other.fill_in()
            answers[HONEST].append(other.send())
    for other in honest[len(answers[HONEST]) :]:
        other.fill_in()
        answers[HONEST].append(other.send())

    assert [answer.status_code for answer in answers[FLOODER]] == [302] * ADDRESS_FACTOR + [429] * 3
    assert [answer.status_code for answer in answers[HONEST]] == [302] * 4, "in the same minute all of them arrive"
    written = set(Case.objects.values_list("title", flat=True))
    assert {visitor.words for visitor in honest} <= written
    assert written.isdisjoint(visitor.words for visitor in flooders[ADDRESS_FACTOR:]), "nothing half-written"

    refused, last = answers[FLOODER][-1], flooders[-1]
    page = refused.content.decode()
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "暂时不能提交" in page and "都已保留" in page and "之后再试" in page and last.words in page
    assert last.words in last.client.get(last.check).content.decode(), "what was filled in is kept"
    settings.YIWANG = {**settings.YIWANG, "YIWANG_REPORT_LIMIT": 2}
    assert last.send().status_code == 302 and Case.objects.filter(title=last.words).count() == 1


def test_ten_thousand_tries_leave_no_more_rows_than_the_limit(settings: Any, django_assert_num_queries: Any) -> None:
    """The limiter's own functions: a refusal is one statement and writes nothing, however many come."""
    settings.YIWANG = {**settings.YIWANG, "YIWANG_REPORT_LIMIT": 3}

    def counter(address: str) -> Counter:
        request = RequestFactory().post(f"/report/{TYPE}/", REMOTE_ADDR=address)
        request.session = SessionStore()
        return Counter(request, "report", "YIWANG_REPORT_LIMIT")

    flooder, most, taken = counter(FLOODER), settings.YIWANG["YIWANG_REPORT_LIMIT"] * ADDRESS_FACTOR, 0
    for _ in range(most + 200):
        try:
            flooder.refuse()
        except TooOften:
            continue
        flooder.note()
        taken += 1
    assert taken == most == Attempt.objects.count()
    with django_assert_num_queries(1), pytest.raises(TooOften):
        flooder.refuse()
    counter(HONEST).refuse()
