"""What is done from a list: many at once, saved filters, the file for a spreadsheet, paper."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.small_district import ELSEWHERE, HERE
from yiwang.engines.cases.api import act
from yiwang.engines.cases.models import Case, Token
from yiwang.engines.desk.lists.exporting import harmless
from yiwang.engines.desk.lists.masking import masked
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.trust.models import JournalEntry
from yiwang.engines.worklists.models import SavedFilter
from yiwang.engines.worklists.tests.conftest import holder, moved, opened

pytestmark = pytest.mark.usefixtures("filled", "db")
Browser = Callable[..., Client]


def key(case: Case) -> str:
    return f"{case.pk}.{case.token_set.get().no}"


def told(answer: Any) -> dict[str, str]:
    """Result by number of the case."""
    rows = re.findall(r"<tr role=\"row\" data-row.*?</tr>", answer.content.decode(), re.DOTALL)
    texts = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    return {(re.findall(r"20\d{13}", text) or ["?"])[0]: text for text in texts}


class TestMany:
    def test_claiming_tells_of_each_row_and_does_what_can_be_done(self, browser: Browser) -> None:
        free, taken, foreign = moved(opened(), 1), moved(opened(), 1), moved(opened(ELSEWHERE), 1)
        colleague = holder("acceptor")
        act(
            SYSTEM,
            taken.pk,
            "transfer",
            token=taken.token_set.get().no,
            arguments={"to": colleague.user_id, "reason": "请办"},
        )
        answer = browser("dispatcher").post(
            "/work/bulk/", {"verb": "claim", "key": [key(free), key(taken), key(foreign)]}
        )
        assert answer.status_code == 200
        results = told(answer)
        assert "已办理" in results[free.number]
        assert "未办理" in results[taken.number]
        assert "没有找到" in results["?"]
        assert foreign.number not in answer.content.decode()
        assert Token.objects.get(case=free).assignee == holder("dispatcher").user_id
        assert Token.objects.get(case=taken).assignee == colleague.user_id
        assert "已办理 1 件，2 件未办理" in answer.content.decode()

    def test_a_row_of_a_case_means_the_only_task_one_may_do(self, browser: Browser) -> None:
        case = moved(opened(), 1)
        told(browser("dispatcher").post("/work/bulk/", {"verb": "claim", "key": f"{case.pk}.0"}))
        assert Token.objects.get(case=case).status == "claimed"

    def test_a_verb_that_needs_a_reason_asks_for_it_once_for_all(self, browser: Browser) -> None:
        cases = [opened(number=number) for number in range(3)]
        client = browser("acceptor")
        given: dict[str, Any] = {"verb": "cancel", "key": [f"{case.pk}.0" for case in cases]}
        asked = client.post("/work/bulk/", given)
        assert 'name="reason"' in asked.content.decode()
        assert client.post("/work/bulk/", {**given, "step": "do", "reason": " "}).status_code == 422
        assert set(Case.objects.filter(pk__in=[c.pk for c in cases]).values_list("status", flat=True)) == {"open"}
        done = client.post("/work/bulk/", {**given, "step": "do", "reason": "重复上报"})
        assert "3 件全部办理完毕" in done.content.decode()
        assert set(Case.objects.filter(pk__in=[c.pk for c in cases]).values_list("status", flat=True)) == {"cancelled"}

    def test_transfer_offers_whoever_could_take_all(self, browser: Browser) -> None:
        first, second = moved(opened(), 2), moved(opened(number=1), 2)
        client, colleague = browser("handler-water"), holder("handler-urban")
        given: dict[str, Any] = {"verb": "transfer", "key": [key(first), key(second)]}
        asked = client.post("/work/bulk/", given).content.decode()
        assert f'<option value="{colleague.user_id}">' in asked
        done = client.post("/work/bulk/", {**given, "step": "do", "reason": "轮休", "to": str(colleague.user_id)})
        assert "2 件全部办理完毕" in done.content.decode()
        assert Token.objects.get(case=first).assignee == colleague.user_id

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"verb": "claim"}, "没有选中任何记录"),
            ({"verb": "claim", "key": ["x"]}, "选中的记录无法识别"),
            ({"verb": "claim", "key": [f"{number:032x}.1" for number in range(201)]}, "一次最多办理 200 件"),
            ({"verb": "complete", "key": ["x"]}, "没有这个批量操作"),
            ({}, "没有这个批量操作"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, browser: Browser, given: dict[str, Any], sentence: str) -> None:
        answer = browser("dispatcher").post("/work/bulk/", given)
        assert 400 <= answer.status_code < 500
        assert sentence in answer.content.decode()

    def test_the_way_back_leads_to_the_list_and_nowhere_else(self, browser: Browser) -> None:
        case = moved(opened(), 1)
        given = {"verb": "claim", "key": key(case), "back": "https://elsewhere.example/"}
        assert "elsewhere" not in browser("dispatcher").post("/work/bulk/", given).content.decode()


class TestSaved:
    def test_a_filter_is_kept_renamed_moved_and_forgotten(self, browser: Browser) -> None:
        client = browser("dispatcher")
        for name in ("路灯", "井盖"):
            answer = client.post("/work/filters/", {"name": name, "box": "all", "category": "lamp", "q": "公园"})
            assert answer.status_code == 302
        content = client.get("/work/").content.decode()
        assert (
            content.index("路灯")
            < content.index('href="/work/?box=all&amp;category=lamp&amp;q=%E5%85%AC%E5%9B%AD"') + 200
        )
        last = SavedFilter.objects.get(name="井盖")
        client.post(f"/work/filters/{last.pk}/earlier/")
        assert list(SavedFilter.objects.order_by("position").values_list("name", flat=True)) == ["井盖", "路灯"]
        client.post(f"/work/filters/{last.pk}/rename/", {"name": "井盖问题"})
        assert SavedFilter.objects.filter(name="井盖问题").exists()
        client.post(f"/work/filters/{last.pk}/delete/")
        assert not SavedFilter.objects.filter(pk=last.pk).exists()

    def test_another_persons_filter_is_not_found(self, browser: Browser) -> None:
        browser("dispatcher").post("/work/filters/", {"name": "我的路灯", "box": "all"})
        mine = SavedFilter.objects.get()
        stranger = browser("acceptor")
        for deed in ("rename", "delete", "earlier", "later"):
            assert stranger.post(f"/work/filters/{mine.pk}/{deed}/", {"name": "x"}).status_code == 404
        assert "我的路灯" not in stranger.get("/work/filters/").content.decode()
        assert SavedFilter.objects.get().name == "我的路灯"

    @pytest.mark.parametrize(
        ("name", "sentence"), [("", "起一个名称"), ("长" * 31, "起一个名称"), ("重名", "已经有一个")]
    )
    def test_names_that_cannot_be_are_said(self, browser: Browser, name: str, sentence: str) -> None:
        client = browser("dispatcher")
        client.post("/work/filters/", {"name": "重名", "box": "all"})
        answer = client.post("/work/filters/", {"name": name, "box": "all"})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert SavedFilter.objects.count() == 1


class TestFile:
    def rows(self, answer: Any) -> list[dict[str, str]]:
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def test_the_file_holds_the_filtered_list_of_all_pages(self, browser: Browser) -> None:
        for number in range(70):
            opened(number=number)
        found = self.rows(browser("dispatcher").get("/work/export.csv?box=all&category=manhole"))
        wanted = Case.objects.filter(division=HERE, category="manhole").order_by("-opened_at", "-id")
        assert [row["编号"] for row in found] == list(wanted.values_list("number", flat=True))
        assert {row["类别"] for row in found} == {"井盖缺失或破损"}

    def test_no_cell_is_calculated_and_no_number_is_whole(self, browser: Browser) -> None:
        opened(description="=HYPERLINK(1) 请电13800138000或440605199001011234")
        found = self.rows(browser("dispatcher").get("/work/export.csv?box=all&q=HYPERLINK"))
        assert found[0]["标题"] == "'=HYPERLINK(1) 请电138****8000或440605********1234"

    def test_taking_a_list_out_is_journalled(self, browser: Browser) -> None:
        browser("dispatcher").get("/work/export.csv?box=all&category=lamp")
        entry = JournalEntry.objects.filter(kind="list.exported").get()
        assert entry.actor_name == holder("dispatcher").name
        assert "category=lamp" in entry.payload

    def test_a_bad_filter_gives_no_file(self, browser: Browser) -> None:
        assert browser("dispatcher").get("/work/export.csv?status=odd").status_code == 422

    @pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "\r\n=1"])
    def test_what_a_spreadsheet_would_run_becomes_text(self, text: str) -> None:
        assert harmless(text).startswith("'")

    def test_other_texts_and_figures_stay(self) -> None:
        assert harmless("井盖缺失-东侧") == "井盖缺失-东侧"
        assert masked("编号202611160000572，大道1234567号") == "编号202611160000572，大道1234567号"

    def test_paper_says_the_conditions_and_who_printed(self, browser: Browser) -> None:
        content = browser("dispatcher").get("/work/paper/?box=all&category=lamp").content.decode()
        assert "路灯不亮" in content
        assert holder("dispatcher").name in content
        assert "data-print" in content
