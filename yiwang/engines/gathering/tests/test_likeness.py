"""What is likely of the same problem, on a small set made by hand with look-alikes that are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import BEGIN, ELSEWHERE
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.gathering.api import facts_of, likely_same, mark_all, merge, unmerge
from yiwang.engines.gathering.likeness import (
    METRES_PER_DEGREE,
    Facts,
    Proposals,
    likeness,
    signature,
    tile,
    tiles_around,
)
from yiwang.engines.gathering.marking import CatchUp
from yiwang.engines.gathering.models import Mark
from yiwang.engines.gathering.tests.reports import TYPE, report, who
from yiwang.kernel.clock import frozen

FIRST = "小学门口人行道井盖缺失"
SAME = [
    ("小学门口的井盖不见了", 35, 2), ("您好，小学门口沙井盖唔见咗，请尽快处理", 60, 5), ("小学门口井盖缺失，很危险", 120, 30),
    ("人行道井盖缺失", 20, 1), ("小学门口少了一个井盖", 90, 26),
]  # fmt: skip
OTHER = [
    ("小学门口人行道井盖缺失", 5_000, 2, "manhole"),  # the same words, elsewhere
    ("小学门口人行道井盖缺失", 700, 2, "manhole"),
    ("路灯连续三晚不亮", 10, 2, "lamp"),  # the same spot, another problem
    ("小学门口堆放垃圾无人清运", 15, 3, "waste"),
    ("小学门口堆放垃圾无人清运", 15, 3, "manhole"),  # and the class wrong
    ("小学门口人行道路面坑洼", 0, 1, "road"),
    ("公交站牌倾斜", 40, 1, "other"),
    ("小学门口人行道井盖缺失", 5, 24 * 365, "manhole"),  # the same spot a year later
    ("小学门口人行道井盖缺失", 5, 24 * 45, "manhole"),
]


def facts(text: str, metres: float, hours: float, **rest: Any) -> Facts:
    return Facts(TYPE, text, BEGIN + timedelta(hours=hours), 112.9, 23.0 + metres / METRES_PER_DEGREE, **rest)


@pytest.mark.parametrize(("text", "metres", "hours"), SAME)
def test_the_same_problem_is_recognised(text: str, metres: float, hours: float) -> None:
    one, other = facts(FIRST, 0, 0, category="manhole"), facts(text, metres, hours, category="manhole")
    assert likeness(one, other) is not None
    assert likeness(other, one).score == likeness(one, other).score


@pytest.mark.parametrize(("text", "metres", "hours", "category"), OTHER)
def test_another_problem_is_not(text: str, metres: float, hours: float, category: str) -> None:
    assert likeness(facts(FIRST, 0, 0, category="manhole"), facts(text, metres, hours, category=category)) is None


def test_the_same_person_counts_where_the_place_is_unknown_and_never_alone() -> None:
    """R34: an appeal by telephone may know no place."""
    known, unknown = facts(FIRST, 0, 0, person="a"), Facts(TYPE, "小学门口井盖还是缺失", BEGIN, person="a")
    found = likeness(known, unknown)
    assert found is not None and found.is_same_person
    assert likeness(known, Facts(TYPE, "小学门口井盖还是缺失", BEGIN, person="b")) is None
    assert likeness(known, Facts(TYPE, "路灯不亮", BEGIN, person="a")) is None


def test_every_point_within_the_radius_lies_in_the_tiles_around() -> None:
    for east in range(-300, 301, 50):
        for north in range(-300, 301, 50):
            longitude, latitude = 112.9 + east / 102_400, 23.0 + north / METRES_PER_DEGREE
            assert tile(longitude, latitude) in tiles_around(112.9, 23.0) or east**2 + north**2 > Proposals.radius**2
    assert tile(None, 23.0) == 0 and len(signature("井盖")) == 256


@pytest.mark.django_db
@pytest.mark.usefixtures("small_district")
class TestSuggestions:
    def test_reasons_are_told_nearest_first_and_strangers_are_told_nothing(self) -> None:
        with frozen(BEGIN):
            first = report(FIRST, phone="13800138000")
            report("路灯连续三晚不亮", north=10, category="lamp")
            report(FIRST, north=5_000)
        with frozen(BEGIN + timedelta(hours=2)):
            second = report("小学门口的井盖不见了", north=35, phone="13800138000")
        (found,) = likely_same(who(), second.id)
        assert found.case.id == first.id and 0.7 < found.score <= 1
        assert found.reasons == ("相距 35 米", "2 小时前", "都提到“小学门口”“井盖缺失”", "类别相同", "同一联系人")
        assert likely_same(who(place=ELSEWHERE), second.id) == []
        assert "13800138000" not in Mark.objects.get(pk=first.id).person
        data = {
            "category": "manhole",
            "description": "小学门口井盖缺失",
            "place": {"longitude": 112.9, "latitude": 23.0},
        }
        with frozen(BEGIN + timedelta(hours=3)):
            assert {one.case.id for one in likely_same(who(), facts_of(TYPE, data))} == {first.id, second.id}

    def test_a_merged_case_is_shown_as_its_main_and_what_people_took_apart_is_not_shown_again(self) -> None:
        first, second, third = report(FIRST), report(FIRST, north=20), report(FIRST, north=40)
        merge(who(), second.id, first.id, "同一问题")
        assert [one.case.id for one in likely_same(who(), third.id)] == [first.id]
        assert likely_same(who(), first.id)[0].case.id == third.id
        unmerge(who(), second.id, "不是同一问题")
        assert first.id not in [one.case.id for one in likely_same(who(), second.id)]

    def test_a_case_the_replay_wrote_is_caught_up_once(self) -> None:
        cases = [report(FIRST), report(FIRST, north=20)]
        kept = list(Mark.objects.order_by("case_id").values())
        Mark.objects.all().delete()
        assert likely_same(SYSTEM, cases[0].id) == []
        assert mark_all() == 2
        assert list(Mark.objects.order_by("case_id").values()) == kept
        Mark.objects.filter(pk=cases[1].id).delete()
        duty = CatchUp()
        assert (duty(), duty()) == (1, 0)

    def test_a_corrected_place_moves_the_mark(self) -> None:
        case = report(FIRST)
        type(case)  # The row is changed as a later step with a place field would.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cases_case SET latitude = latitude + 0.01 WHERE id = %s", [case.id])
        from yiwang.engines.gathering.tests.reports import advance

        advance(case, {"accepted": "yes"})
        kept = Mark.objects.get(pk=case.id)
        assert kept.tile == tile(112.9, 23.01) and kept.latitude == pytest.approx(23.01)

    def test_searching_asks_the_database_a_few_times_whatever_it_finds(self) -> None:
        cases = [report(FIRST, north=number) for number in range(12)]
        actor = who()
        with CaptureQueriesContext(connection) as queries:
            assert len(likely_same(actor, cases[0].id)) == 5
        assert len(queries) <= 6


@pytest.mark.django_db
@pytest.mark.usefixtures("small_district")
class TestNearby:
    ASKED = {"type": TYPE, "longitude": "112.9", "latitude": "23.0004", "category": "manhole"}

    def test_the_public_reads_class_step_and_rough_distance_and_nothing_else(self, client: Client) -> None:
        case = report(FIRST, phone="13800138000", reporter_name="甄独特")
        page = client.get("/gathering/nearby", self.ASKED).content.decode()
        assert "井盖缺失或破损" in page and "约 50 米" in page and "正在受理" in page
        assert not [word for word in ("小学门口", "13800138000", "甄独特", "狮山大道", case.number) if word in page]
        assert "井盖缺失" not in client.get("/gathering/nearby", {**self.ASKED, "latitude": "23.1"}).content.decode()

    @pytest.mark.parametrize(
        "asked", [{}, {"type": "x.y"}, {"longitude": "nan", "latitude": "x"}, {"longitude": "1e999"}]
    )
    def test_nonsense_finds_nothing(self, client: Client, asked: dict[str, str]) -> None:
        report(FIRST)
        answer = client.get("/gathering/nearby", asked and {**self.ASKED, **asked})
        assert answer.status_code == 200 and "<li>" not in answer.content.decode()

    def test_asking_too_often_is_refused_and_reporting_goes_on(self, client: Client, monkeypatch: Any) -> None:
        from yiwang.engines.gathering import glances

        monkeypatch.setattr(glances, "PROPOSALS", Proposals(glances=2))
        answers = [client.get("/gathering/nearby", self.ASKED).status_code for _ in range(4)]
        assert answers == [200, 200, 429, 429]

    def test_it_is_asked_before_a_report_is_sent(self, client: Client) -> None:
        report(FIRST, phone="13800138000")
        place = {"place-address": "校门", "place-longitude": "112.9", "place-latitude": "23.0"}
        pages = [{"category": "manhole", "description": "井盖不见了"}, place, {}, {}]
        for number, answers in enumerate(pages, 1):
            answer = client.post(f"/report/{TYPE}/", {"page": str(number), **answers})
        page = client.get(answer["Location"]).content.decode()
        assert "附近已有类似上报，是否就是它？" in page and "13800138000" not in page
