"""Files, history, deadlines, paper, watching and notices of one case."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from yiwang.engines.cases.api import Running, act, open_case, passed, remark, timeline, watch
from yiwang.engines.cases.api import case_view as view_of
from yiwang.engines.cases.services.outbox import work_outbox
from yiwang.engines.cases.services.sweeping import sweep_all
from yiwang.engines.desk.cases.tests.conftest import REPORT, TYPE, Town, address, completed, only_task
from yiwang.engines.desk.cases.verb_forms import COUNTED
from yiwang.engines.desk.models import PersonalNotice
from yiwang.engines.directory.api import SYSTEM, actor_for
from yiwang.engines.directory.spec import UNITS
from yiwang.kernel.clock import china, frozen


def said(answer: Any) -> str:
    return str(answer.content.decode())


def picture(name: str = "现场.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def test_every_unit_of_a_limit_stands_after_a_number_in_both_languages() -> None:
    assert COUNTED.keys() == UNITS.keys()
    with translation.override("en"):
        assert all(gettext(text).isascii() for text in (*COUNTED.values(), *UNITS.values()))


class TestFiles:
    @pytest.fixture
    def attached(self, town: Town, handled: Running) -> tuple[Running, str]:
        """A remark with a photograph; the case, and the address of the file."""
        data = {"on-seen": handled.sequence, "remark": "现场照片", "remark_files": picture()}
        assert town.client("水务何").post(address(handled, "comment/"), data).status_code == 302
        (file,) = view_of(SYSTEM, handled.id).files.values()
        return handled, f"/forms/attachments/{file.id}"

    def test_a_remark_with_a_picture_stands_in_gallery_and_history(
        self, town: Town, attached: tuple[Running, str]
    ) -> None:
        text = said(town.client("派遣黄").get(address(attached[0])))
        assert text.count(f"{attached[1]}?small") >= 2 and "现场照片" in text

    @pytest.mark.parametrize(("name", "status"), [("派遣黄", 200), ("值班刘", 200), ("大沥吴", 404), ("路人罗", 404)])
    def test_who_sees_the_case_opens_its_files_and_nobody_else(
        self, town: Town, attached: tuple[Running, str], name: str, status: int
    ) -> None:
        assert town.client(name).get(attached[1]).status_code == status

    def test_a_file_that_is_no_picture_is_said_at_its_field(self, town: Town, handled: Running) -> None:
        fake = SimpleUploadedFile("现场.png", b"not a picture", "image/png")
        data = {"on-token": only_task(handled), "measure": "已更换井盖", "after": fake}
        answer = town.client("水务何").post(address(handled, "complete/"), data)
        assert answer.status_code == 422 and "已更换井盖</textarea>" in said(answer)
        assert "现场.png" in said(answer)


class TestHistory:
    def test_it_tells_who_when_why_and_what_changed(self, town: Town, handled: Running) -> None:
        reason = {"to": "dispatch", "reason": "不属本单位职责"}
        case = act(actor_for(town.users["水务何"]), handled.id, "send_back", token=only_task(handled), arguments=reason)
        completed(case, {"unit": "urban"}, town.users["派遣黄"])
        told = timeline(view_of(actor_for(town.users["值班刘"]), case.id)).happenings
        again, back = told[0], told[1]
        assert [(one.title, one.old, one.new) for one in again.changes] == [("主办单位", "水务", "城管")]
        assert (back.who, back.why, back.to) == ("水务何", "不属本单位职责", "派遣")
        assert len(back.hash) == 64 and back.at <= again.at

    def test_it_masks_personal_data(self, town: Town, case: Running) -> None:
        told = timeline(view_of(actor_for(town.users["值班刘"]), case.id)).happenings[-1]
        shown = {one.title: str(one.new) for one in told.changes}
        assert shown["手机号码"] == "138****8000" and shown["姓名"] == "陈*文"
        clear = timeline(view_of(actor_for(town.users["受理陈"]), case.id)).happenings[-1]
        assert "13800138000" in {str(one.new) for one in clear.changes}

    def test_warnings_of_time_name_the_step_or_the_whole(self, town: Town) -> None:
        with frozen(china(2021, 9, 27, 9)):
            case = open_case(SYSTEM, TYPE, REPORT)
        sweep_all(china(2021, 12, 1))
        text = said(town.client("值班刘").get(address(case)))
        assert "受理时限已用 100%" in text and "全程时限已用 100%" in text

    def test_a_long_history_comes_in_pages(self, town: Town, case: Running) -> None:
        for number in range(45):
            remark(SYSTEM, case.id, f"第{number}条")
        client = town.client("值班刘")
        text = said(client.get(address(case)))
        assert "第44条" in text and "第3条" not in text and "?before=7" in text
        older = said(client.get(address(case, "?before=7")))
        assert "第3条" in older and "第44条" not in older

    def test_the_chain_is_checked_on_request(self, town: Town, case: Running) -> None:
        client = town.client("值班刘")
        assert "核验通过：1 条记录" in said(client.get(address(case, "chain/")))

    def test_it_is_checked_while_statements_are_logged_too(self, town: Town, case: Running) -> None:
        connection.force_debug_cursor = True
        try:
            assert "核验通过" in said(town.client("值班刘").get(address(case, "chain/")))
        finally:
            connection.force_debug_cursor = False

    def test_a_changed_entry_is_named(self, town: Town, handled: Running) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trust_journal DISABLE TRIGGER USER")
            cursor.execute("UPDATE trust_journal SET payload = replace(payload, 'yes', 'no') WHERE stream = %s "
                           "AND sequence = 2", [handled.id])  # fmt: skip
            cursor.execute("ALTER TABLE trust_journal ENABLE TRIGGER USER")
        text = said(town.client("值班刘").get(address(handled, "chain/")))
        assert "核验未通过：第 2 条记录" in text


class TestDeadlines:
    def test_every_stretch_is_told_with_its_reason(self, town: Town) -> None:
        with frozen(china(2021, 9, 30, 16)):
            case = open_case(SYSTEM, TYPE, REPORT)
            text = said(town.client("值班刘").get(address(case, "clocks/")))
        assert "2021-09-30 16:00:00" in text and "2021-09-30 17:30:00" in text and "1:30:00" in text
        assert "国庆" in text and "2021-10-08 09:30:00" in text

    def test_a_stop_is_told(self, town: Town, handled: Running) -> None:
        act(SYSTEM, handled.id, "suspend", arguments={"reason": "等待鉴定"})
        assert "计时停止" in said(town.client("值班刘").get(address(handled, "clocks/")))

    def test_a_deadline_beyond_the_calendar_names_the_year(self, town: Town) -> None:
        with frozen(china(2026, 12, 30, 9)):
            case = open_case(SYSTEM, TYPE, REPORT)
            client = town.client("值班刘")
            assert "2027 年的节假日安排尚未公布" in said(client.get(address(case, "clocks/")))
            assert "暂定" in said(client.get(address(case)))


class TestFlow:
    def test_the_drawing_marks_where_the_case_stands_and_has_been(self, town: Town, handled: Running) -> None:
        here, done = passed(view_of(SYSTEM, handled.id))
        assert here == {"handle"} and {"accept", "dispatch"} <= done and not {"verify", "closed"} & done
        text = said(town.client("派遣黄").get(address(handled, "flow/")))
        assert "<svg" in text and "处置" in text


class TestPaper:
    def test_it_has_number_data_history_and_lines_to_sign(self, town: Town, handled: Running) -> None:
        text = said(town.client("派遣黄").get(address(handled, "paper/")))
        for words in (handled.number, "小学门口井盖缺失", "受理陈", "经办人（签名）", bytes(handled.head).hex()):
            assert words in text

    @pytest.mark.parametrize("tail", ["paper/", "clocks/", "chain/", "flow/"])
    @pytest.mark.parametrize("name", ["大沥吴", "路人罗"])
    def test_strangers_get_no_part_of_it(self, town: Town, handled: Running, tail: str, name: str) -> None:
        assert town.client(name).get(address(handled, tail)).status_code == 404

    def test_personal_data_is_masked_on_paper_too(self, town: Town, case: Running) -> None:
        assert "13800138000" not in said(town.client("值班刘").get(address(case, "paper/")))


class TestNotices:
    def kept(self, town: Town) -> list[tuple[str, str]]:
        names = {user.pk: name for name, user in town.users.items()}
        return sorted((names[one.user_id], one.kind) for one in PersonalNotice.objects.all())

    def test_urging_reaches_the_holders_of_the_post_and_watchers(self, town: Town, handled: Running) -> None:
        town.client("核查梁").post(address(handled, "watching/"), {"watch": "1"})
        town.client("值班刘").post(address(handled, "urge/"), {"on-token": 0})
        work_outbox()
        assert self.kept(town) == [("核查梁", "urged"), ("水务何", "urged"), ("水务张", "urged")]

    def test_of_a_task_somebody_took_only_they_hear(self, town: Town, handled: Running) -> None:
        act(actor_for(town.users["水务何"]), handled.id, "claim", token=only_task(handled))
        act(actor_for(town.users["值班刘"]), handled.id, "supervise", arguments={"reason": "重点"})
        work_outbox()
        assert self.kept(town) == [("水务何", "supervised")]

    def test_a_watcher_who_lost_sight_hears_nothing(self, town: Town, handled: Running) -> None:
        watch(actor_for(town.users["核查梁"]), handled.id)
        town.users["核查梁"].postings.update(to_on="2021-01-01")
        act(SYSTEM, handled.id, "urge")
        work_outbox()
        assert "核查梁" not in {name for name, _ in self.kept(town)}

    def test_unwatching_ends_it(self, town: Town, handled: Running) -> None:
        client = town.client("值班刘")
        client.post(address(handled, "watching/"), {"watch": "1"})
        assert 'aria-pressed="true"' in said(client.get(address(handled)))
        client.post(address(handled, "watching/"), {"watch": "0"})
        assert 'aria-pressed="false"' in said(client.get(address(handled)))

    def test_a_stranger_cannot_watch(self, town: Town, handled: Running) -> None:
        assert town.client("路人罗").post(address(handled, "watching/"), {"watch": "1"}).status_code == 404

    def test_the_bell_counts_and_the_list_leads_to_the_case(self, town: Town, handled: Running) -> None:
        act(SYSTEM, handled.id, "urge")
        work_outbox()
        client = town.client("水务何")
        page = said(client.get(reverse("desk:notices")))
        assert "第 1 次催办" in page and '<span class="count">1</span>' in page
        (mine,) = PersonalNotice.objects.filter(user_id=town.users["水务何"].pk)
        assert client.get(reverse("desk:notice", args=[mine.pk])).headers["Location"] == address(handled)
        assert '<span class="count">' not in said(client.get(reverse("desk:notices")))

    def test_nobody_opens_the_notice_of_another(self, town: Town, handled: Running) -> None:
        act(SYSTEM, handled.id, "urge")
        work_outbox()
        (mine,) = PersonalNotice.objects.filter(user_id=town.users["水务何"].pk)
        assert town.client("水务张").get(reverse("desk:notice", args=[mine.pk])).status_code == 404


class TestCost:
    def test_a_page_takes_a_fixed_number_of_statements_however_long_its_history(
        self, town: Town, handled: Running, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(30):
            remark(actor_for(town.users["水务何"]), handled.id, f"第{number}条")
        client = town.client("水务何")
        client.get(address(handled))
        with django_assert_max_num_queries(8):  # and five of the store, which has its own cursor
            assert client.get(address(handled)).status_code == 200

    def test_a_step_by_its_page(self, town: Town, handled: Running, django_assert_max_num_queries: Any) -> None:
        client = town.client("水务何")
        client.get(address(handled))
        data = {"on-token": only_task(handled), "on-seen": handled.sequence, "measure": "已换"}
        with django_assert_max_num_queries(14):
            assert client.post(address(handled, "complete/"), data).status_code == 302
