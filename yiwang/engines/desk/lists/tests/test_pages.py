"""The work list page: who sees what, how many statements it takes, what it says to bad addresses, how it turns pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import BEGIN, DISTRICT, ELSEWHERE, HERE
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import User
from yiwang.engines.worklists.api import BOXES, DUES, SORTS, STATUSES
from yiwang.engines.worklists.tests.conftest import opened
from yiwang.kernel.clock import frozen

pytestmark = pytest.mark.usefixtures("filled", "db")
Browser = Callable[..., Client]


def keys(content: bytes) -> list[str]:
    return re.findall(r'data-row="([^"]+)"', content.decode())


def numbers(content: bytes) -> set[str]:
    return set(re.findall(r"20\d{13}", content.decode()))


class TestWho:
    def test_who_is_not_logged_in_is_led_to_the_log_in_page(self) -> None:
        for address in ("/work/", "/work/live/", "/work/export.csv", "/work/paper/", "/work/filters/"):
            answer = Client().get(address)
            assert (answer.status_code, "log-in" in answer.headers["Location"]) == (302, True), address

    def test_rows_totals_and_files_of_another_town_do_not_exist(self, browser: Browser) -> None:
        mine = set(Case.objects.filter(division=HERE).values_list("number", flat=True))
        theirs = set(Case.objects.filter(division=ELSEWHERE).values_list("number", flat=True))
        client = browser("dispatcher")
        for address in ("/work/?box=all", "/work/export.csv?box=all", "/work/paper/?box=all", "/work/?box=unit"):
            answer = client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert numbers(content) & mine, address
            assert not numbers(content) & theirs, address
        assert f"共 {len(mine)} 件" in client.get("/work/?box=all").content.decode()
        assert keys(client.get(f"/work/?box=all&area={ELSEWHERE}").content) == []

    def test_a_person_without_posts_has_empty_boxes_that_say_so(self, browser: Browser) -> None:
        client = Client()
        client.force_login(User.objects.create(username="newcomer", name="新人"))
        for box in BOXES:
            answer = client.get("/work/", {"box": box})
            assert answer.status_code == 200
            assert 'class="empty"' in answer.content.decode(), box


class TestStatements:
    def count(self, client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    @pytest.mark.parametrize("box", BOXES)
    def test_every_list_takes_at_most_six(self, browser: Browser, box: str) -> None:
        client = browser("dispatcher")
        query = f"&area={HERE}&category=manhole&q=井盖&opened_from=2021-01-01&type=city_incident.incident"
        assert self.count(client, f"/work/?box={box}") <= 6
        assert self.count(client, f"/work/?box={box}{query}") <= 6

    def test_the_live_counts_take_at_most_four(self, browser: Browser) -> None:
        assert self.count(browser("dispatcher"), "/work/live/?box=mine") <= 4


class TestAddresses:
    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("status=odd", "状态中没有“odd”这一项"),
            ("box=odd", "列表中没有"),
            ("type=odd", "事项类型中没有"),
            ("stage=odd", "环节中没有"),
            ("category=odd", "类别中没有"),
            ("due=odd", "期限中没有"),
            ("sort=odd", "排序中没有"),
            ("area=440699", "没有编码为"),
            ("area=abc", "区划"),
            ("opened_from=2026-13-01", "不是日期"),
            ("opened_from=2026-05-02&opened_to=2026-05-01", "结束日期早于开始日期"),
            (f"q={'井' * 10_000}", "搜索词过长"),
            ("q=a+b+c+d+e+f+g+h+i", "搜索词过多"),
            ("after=nonsense", "翻页位置无效"),
            ("after=!!!", "翻页位置无效"),
            ("before=b3BlbmVkfHh8eHx4", "翻页位置无效"),
        ],
    )
    def test_a_value_that_cannot_be_gets_one_clear_sentence(self, browser: Browser, query: str, sentence: str) -> None:
        answer = browser("dispatcher").get(f"/work/?{query}")
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert keys(answer.content) == []

    @pytest.mark.parametrize(
        "query", ["q=井", "q=%00", "q='", "q=%5C", "q=%25", "q=😀", "opened_from=0001-01-01", "opened_to=9999-12-31"]
    )
    def test_odd_but_possible_values_are_answered(self, browser: Browser, query: str) -> None:
        assert browser("dispatcher").get(f"/work/?box=all&{query}").status_code == 200

    def test_every_choice_of_every_filter_is_answered(self, browser: Browser) -> None:
        client = browser("dispatcher")
        for box in BOXES:
            for name, options in (("status", STATUSES), ("due", DUES), ("sort", SORTS)):
                for value in options:
                    answer = client.get("/work/", {"box": box, name: value})
                    assert answer.status_code == 200, (box, name, value)

    def test_a_cursor_of_another_order_is_refused(self, browser: Browser) -> None:
        for number in range(60):
            opened(HERE, number)
        client = browser("dispatcher")
        cursor = re.search(r"after=([\w-]+)", client.get("/work/?box=all").content.decode())
        assert cursor is not None
        assert client.get(f"/work/?box=all&after={cursor[1]}").status_code == 200
        assert client.get(f"/work/?box=all&sort=due&after={cursor[1]}").status_code == 422


class TestPages:
    def test_pages_neither_lose_nor_repeat_a_row_while_new_cases_come(self, browser: Browser) -> None:
        with frozen(BEGIN + timedelta(days=10)):
            for number in range(110):
                opened(HERE, number)
        client = browser("dispatcher")
        wanted = [
            str(id)
            for id in Case.objects.filter(division=HERE).order_by("-opened_at", "-id").values_list("id", flat=True)
        ]
        seen: list[str] = []
        address = "/work/?box=all"
        for _ in range(5):
            content = client.get(address).content
            seen += [key.partition(".")[0] for key in keys(content)]
            with frozen(BEGIN + timedelta(days=11)):
                opened(HERE, 200)
            link = re.search(r'rel="next" href="([^"]+)"', content.decode())
            if link is None:
                break
            address = link[1].replace("&amp;", "&")
        assert seen == wanted

    def test_the_previous_page_is_the_one_left(self, browser: Browser) -> None:
        for number in range(110):
            opened(HERE, number)
        client = browser("dispatcher")
        for order in SORTS:
            first = client.get(f"/work/?box=all&sort={order}").content
            onward = re.search(r'rel="next" href="([^"]+)"', first.decode())
            assert onward is not None
            second = client.get(onward[1].replace("&amp;", "&")).content
            back = re.search(r'rel="prev" href="([^"]+)"', second.decode())
            assert back is not None
            again = client.get(back[1].replace("&amp;", "&")).content
            assert keys(again) == keys(first)
            assert 'rel="prev"' not in again.decode()


class TestParts:
    def test_htmx_gets_the_main_region_only(self, browser: Browser) -> None:
        headers: Any = {"HX-Request": "true", "HX-Target": "main"}
        content = browser("dispatcher").get("/work/?box=all", headers=headers).content.decode()
        assert content.lstrip().startswith("<title>")
        assert 'id="main"' in content
        assert "<html" not in content

    def test_rows_open_beside_the_list_and_by_link(self, browser: Browser) -> None:
        content = browser("dispatcher").get("/work/?box=all").content.decode()
        case = Case.objects.filter(division=HERE).order_by("-opened_at", "-id").first()
        assert case is not None
        assert f'<a href="/work/cases/{case.pk}/" hx-get="/work/cases/{case.pk}/" hx-target="#detail"' in content

    def test_the_duty_supervisor_chooses_among_towns_a_clerk_among_villages(self, browser: Browser) -> None:
        duty = browser("supervisor", DISTRICT).get("/work/?box=all").content.decode()
        clerk = browser("dispatcher").get("/work/?box=all").content.decode()
        assert f'<option value="{ELSEWHERE}">' in duty
        assert f'<option value="{ELSEWHERE}">' not in clerk
        assert f'<option value="{HERE}001">' in clerk
