"""Each filter finds what it says, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_district import BEGIN, HERE
from yiwang.engines.cases.api import act, watch
from yiwang.engines.cases.models import Case, Due, Token
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.gathering.api import merge, unmerge
from yiwang.engines.worklists.api import BadSearch, Listed, Search, page, read_search
from yiwang.engines.worklists.selectors import hits
from yiwang.engines.worklists.tests.conftest import TYPE, holder, moved, opened
from yiwang.kernel.clock import frozen

pytestmark = pytest.mark.usefixtures("filled", "db")


def found(box: str = "all", **filters: object) -> list[Listed]:
    return list(page(SYSTEM, Search(box=box, **filters), size=100).rows)  # type: ignore[arg-type]


class TestHead:
    def test_status(self) -> None:
        suspended = opened()
        act(SYSTEM, suspended.pk, "suspend", arguments={"reason": "等待配件"})
        assert {row.status for row in found(status="closed")} == {"closed"}
        assert {row.status for row in found(status="running")} == {"open", "suspended"}
        assert [row.id for row in found(status="suspended")] == [suspended.pk]

    def test_a_merged_case_is_no_task_of_its_own_until_it_is_taken_out(self) -> None:
        main, merged = opened(), opened()
        actor = holder("acceptor")

        def waiting() -> set[object]:
            return {row.id for row in page(actor, Search(box="post"), size=200).rows} & {main.pk, merged.pk}

        assert waiting() == {main.pk, merged.pk}
        merge(SYSTEM, merged.pk, main.pk, "同一")
        assert waiting() == {main.pk}
        assert merged.pk in [row.id for row in found(status="suspended")]
        unmerge(SYSTEM, merged.pk, "不同")
        assert waiting() == {main.pk, merged.pk}

    def test_stage_category_and_type(self) -> None:
        assert {row.stages for row in found(stage="handle")} == {("handle",)}
        assert {row.category for row in found(category="lamp")} == {"lamp"}
        assert len(found(type=TYPE)) == Case.objects.count()

    def test_village(self) -> None:
        case = opened()
        Case.objects.filter(pk=case.pk).update(area=f"{HERE}001")
        assert case.pk in [row.id for row in found(area=f"{HERE}001")]
        assert {row.area[:12] for row in found(area=f"{HERE}001")} == {f"{HERE}001"}

    def test_days_are_chinese_days_and_both_count(self) -> None:
        with frozen(BEGIN.replace(year=2023, month=5, day=2, hour=0, minute=30)):
            early = opened()
        with frozen(BEGIN.replace(year=2023, month=5, day=2, hour=23, minute=30)):
            late = opened()
        day = date(2023, 5, 2)
        assert {row.id for row in found(opened_from=day, opened_to=day)} == {early.pk, late.pk}
        assert found(opened_from=day - timedelta(days=1), opened_to=day - timedelta(days=1)) == []


class TestLimit:
    def test_overdue_today_and_near(self) -> None:
        at = BEGIN + timedelta(days=300)
        with frozen(at):
            late, today, near, calm = (opened(number=number) for number in range(4))
            Case.objects.filter(pk=late.pk).update(due_at=at - timedelta(hours=1))
            Case.objects.filter(pk=today.pk).update(due_at=at + timedelta(hours=2))
            Case.objects.filter(pk__in=[near.pk, calm.pk]).update(due_at=at + timedelta(days=3))
            Due.objects.filter(case=near, kind="case").update(due_at=at + timedelta(days=3), mark=2, next_share=100)
            mine = {late.pk, today.pk, near.pk, calm.pk}
            assert {row.id for row in found(due="overdue")} & mine == {late.pk}
            assert {row.id for row in found(due="today")} & mine == {today.pk}
            assert {row.id for row in found(due="warning")} & mine == {near.pk}
            assert next(row for row in found() if row.id == near.pk).is_near

    def test_a_stopped_clock_is_not_late(self) -> None:
        case = opened()
        act(SYSTEM, case.pk, "suspend", arguments={"reason": "等待配件"})
        Case.objects.filter(pk=case.pk).update(due_at=BEGIN)
        assert case.pk not in [row.id for row in found(due="overdue")]
        assert next(row for row in found() if row.id == case.pk).is_stopped

    def test_provisional(self) -> None:
        case = opened()
        Due.objects.filter(case=case, kind="case").update(is_provisional=True)
        Due.objects.exclude(case=case).update(is_provisional=False)
        assert [row.id for row in found(due="provisional")] == [case.pk]

    def test_tasks_go_by_their_own_limit_and_those_without_come_last(self) -> None:
        first, second = opened(), opened(number=1)
        Token.objects.filter(case=first).update(due_at=BEGIN - timedelta(days=9))
        Token.objects.filter(case=second).update(due_at=None)
        rows = page(holder("acceptor"), Search(box="post"), size=100).rows
        assert (rows[0].id, rows[-1].id) == (first.pk, second.pk)
        assert rows[0].due_at == BEGIN - timedelta(days=9)


class TestWords:
    @pytest.mark.parametrize(
        "words", ["独", "独一", "独一无二的", "无二的门牌", "龙凤里", "独一 龙凤", "ａｂｃ", "ABC", "abc12"]
    )
    def test_any_part_of_title_and_address_is_found(self, words: str) -> None:
        where = {"longitude": 112.9, "latitude": 23.0, "address": "龙凤里7号"}
        case = opened(description="独一无二的门牌 AbC12 脱落", place=where)
        assert [row.id for row in found(q=words)] == [case.pk]

    @pytest.mark.parametrize("words", ["独二", "门牌龙凤", "独一 缺失", "一无二独", "%", "_"])
    def test_what_is_not_there_is_not_found(self, words: str) -> None:
        opened(description="独一无二的门牌脱落", place={"longitude": 112.9, "latitude": 23.0, "address": "龙凤里7号"})
        assert found(q=words) == []

    def test_pairs_that_stand_apart_are_no_word(self) -> None:
        opened(description="甲乙与乙丙")
        assert found(q="甲乙丙") == []

    def test_a_number_is_found_by_its_beginning(self) -> None:
        case = Case.objects.order_by("?").first()
        assert case is not None
        assert [row.number for row in found(q=case.number)] == [case.number]
        assert {row.number[:8] for row in found(q=case.number[:8])} == {case.number[:8]}

    @given(st.data())
    def test_every_substring_of_a_title_finds_it(self, data: st.DataObject) -> None:
        case = data.draw(st.sampled_from(list(Case.objects.order_by("number")[:12])))
        begin = data.draw(st.integers(0, len(case.title) - 1))
        end = data.draw(st.integers(begin + 1, len(case.title)))
        assert case.pk in [row.id for row in found(q=case.title[begin:end])]

    def test_a_title_that_changes_is_found_by_its_new_words(self) -> None:
        case = opened(description="旧的标题")
        Case.objects.filter(pk=case.pk).update(title="崭新标题")
        assert [row.id for row in found(q="崭新")] == [case.pk]
        assert found(q="旧的标题") == []


class TestBoxes:
    def test_mine_holds_what_i_claimed_and_what_was_given_to_me(self) -> None:
        clerk, case = holder("dispatcher"), moved(opened(), 1)
        token = case.token_set.get()
        act(clerk, case.pk, "claim", token=token.no)
        assert (case.pk, token.no) in [(row.id, row.no) for row in page(clerk, Search(box="mine"), size=100).rows]
        assert case.pk not in [row.id for row in page(clerk, Search(box="post"), size=100).rows]

    def test_watched_and_reported(self) -> None:
        clerk, case = holder("dispatcher"), opened()
        watch(clerk, case.pk, True)
        assert [row.id for row in page(clerk, Search(box="watched")).rows] == [case.pk]
        reporter = holder("inspector")
        mine = set(Case.objects.filter(opened_by=reporter.user_id).values_list("id", flat=True))
        assert {row.id for row in page(reporter, Search(box="opened"), size=100).rows} == mine

    def test_the_unit_has_what_its_organisation_was_given(self) -> None:
        crew, case = holder("handler-water"), moved(opened(), 2)
        assert case.pk in [row.id for row in page(crew, Search(box="unit"), size=100).rows]
        assert case.pk not in [row.id for row in page(holder("handler-urban"), Search(box="unit"), size=100).rows]


def test_a_search_survives_its_address() -> None:
    search = Search(box="all", category="lamp", area=HERE, opened_from=date(2021, 9, 1), q="井盖 大道", sort="due")
    assert read_search(search.given) == search


def test_what_can_be_read_of_a_bad_address_is_kept() -> None:
    with pytest.raises(BadSearch) as caught:
        read_search({"box": "all", "category": "lamp", "status": "odd", "due": "odd"})
    assert caught.value.search == Search(box="all", category="lamp")
    assert [fault["path"] for fault in caught.value.errors] == ["status", "due"]


@pytest.mark.parametrize("few", [1, 20_000])
def test_frequent_words_are_found_by_walking_and_rare_ones_by_their_index_alike(monkeypatch, few) -> None:
    monkeypatch.setattr(hits, "FEW", few)
    expected = {row.id for row in found(box="all") if "井盖" in row.title or "井盖" in row.address}
    assert expected and {row.id for row in found(q="井盖")} == expected
