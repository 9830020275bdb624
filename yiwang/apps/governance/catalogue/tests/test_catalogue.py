"""Editions and their facts, the way from a spreadsheet to the draft, and the pages over them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from tests.small_district import DISTRICT, HERE
from yiwang.apps.governance.catalogue import facts
from yiwang.apps.governance.catalogue.book import BOOK, catalogue_on, condition_of, row_of
from yiwang.apps.governance.catalogue.importing import import_classes
from yiwang.apps.governance.catalogue.limit_reading import Choices
from yiwang.apps.governance.catalogue.seed import first_edition
from yiwang.apps.governance.catalogue.tests.stage import LINES
from yiwang.engines.directory.api import SYSTEM, User, actor_for, forget_cached
from yiwang.engines.rulebooks.api import Edition, publish_edition
from yiwang.engines.trust.api import JournalEntry
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import NotAllowed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_district", "db")]
AT = china(2021, 9, 28, 9)


def somebody(role: str) -> Any:
    return actor_for(User.objects.get(username=role))


@pytest.fixture(autouse=True)
def _editions_are_read_anew() -> Iterator[None]:
    """An edition that was rolled back must not stay in the process."""
    forget_cached()
    yield
    forget_cached()


@pytest.fixture
def client_of() -> Callable[[str], Client]:
    def enter(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return enter


def test_facts_follow_the_edition_of_their_instant() -> None:
    first = facts.advise({"class_code": "C0101", "description": "井盖没了"}, AT)
    assert first["title"] == "上水井盖" and first["is_urgent"] is True and first["level"] == "town"
    assert first["handle_limit"] == {"amount": 2, "unit": "urgent_hour"} and first["category"] == "manhole"
    second = facts.advise({"class_code": "C0101", "condition": 2}, AT)
    assert second["handle_limit"] == {"amount": 3, "unit": "working_day"} and second["is_urgent"] is False
    for unknown in ({}, {"class_code": "C0999"}, {"class_code": "C0101", "condition": "7"}, {"class_code": None}):
        assert facts.advise(unknown, AT) == {}
    assert facts.advise({"class_code": "C0101"}, china(2019, 12, 31)) == {}, "no edition had begun"


def test_a_fact_costs_microseconds() -> None:
    asked = {"class_code": "E0102", "description": "垃圾"}
    facts.advise(asked, AT)
    begin = time.process_time()
    for _ in range(2000):
        facts.advise(asked, AT)
    assert (time.process_time() - begin) / 2000 < 50e-6, "ten are measured on an idle machine"


def test_the_book_and_the_rows_are_one() -> None:
    rows = list(first_edition())
    kept = catalogue_on(AT).conditions
    assert [row for found in kept.values() for row in found] == sorted(
        rows, key=lambda row: (row.class_code, row.number)
    )
    assert [group.title for group in catalogue_on(AT).groups if group.kind == "event"] == [
        "市容环境", "宣传广告", "施工管理", "街面秩序", "突发事件", "其他事件",
    ]  # fmt: skip
    blank = condition_of({"class_code": "E9901", "number": "1", "title": "甲"})
    assert blank.handle is None and row_of(blank) == {
        "class_code": "E9901", "number": "1", "title": "甲", "is_urgent": False,
    }  # fmt: skip


def test_the_edition_is_named_in_the_language_of_who_asks() -> None:
    with override("en"):
        assert catalogue_on(AT).label == "Edition 1, from 2020-01-01"
    assert catalogue_on(AT).label == "第1版，2020-01-01起"


@pytest.mark.parametrize(
    ("text", "first"),
    [("井盖", "上水井盖"), ("窨井盖", "污水井盖"), ("走鬼", "占道摆卖"), ("路灯 不亮", "路灯"), ("独角兽", None)],
)
def test_words_of_citizens_find_classes(text: str, first: str | None) -> None:
    found = catalogue_on(AT).search(text)
    assert (found[0][0].title if found else None) == first


def test_a_spreadsheet_becomes_a_draft_and_old_cases_keep_their_rules() -> None:
    keeper = somebody(f"{DISTRICT}-class_keeper")
    with frozen(AT):
        tried = import_classes(keeper, LINES.encode(), "事件.csv", Choices(), is_trial=True)
        assert not tried.edition and not Edition.objects.filter(book=BOOK, status="draft").exists()
        made = import_classes(keeper, LINES.encode(), "事件.csv", Choices())
    draft = Edition.objects.get(pk=made.edition)
    assert [rule.values["title"] for rule in draft.rules.all()] == ["暴露垃圾", "积存渣土"]
    assert "handle_limit" not in draft.rules.last().values, "尽快 is no limit"
    assert made.facts["weights"] == {"unread": 1, "check": 0} and len(made.facts["gone"]) == 134
    assert JournalEntry.objects.filter(kind="classes.imported").count() == 2
    assert facts.advise({"class_code": "C0101"}, AT), "a draft changes nothing"
    with frozen(china(2021, 10, 8, 9)):
        publish_edition(SYSTEM, draft.pk, effective_on=date(2021, 10, 8), basis="城管〔2021〕1号")
    after = facts.advise({"class_code": "E0101"}, china(2021, 10, 9))
    assert after["title"] == "暴露垃圾" and after["handle_limit"] == {"amount": 4, "unit": "working_hour"}
    assert facts.advise({"class_code": "E0101"}, AT)["title"] == "私搭乱建", "codes are data with dates"
    assert not facts.advise({"class_code": "C0101"}, china(2021, 10, 9))
    with pytest.raises(NotAllowed):
        import_classes(somebody(f"{HERE}-component_keeper"), LINES.encode(), "事件.csv", Choices())


def test_the_pages_of_the_classes(client_of: Callable[[str], Client]) -> None:
    keeper = client_of(f"{DISTRICT}-class_keeper")
    base = "/governance/catalogue/"
    shown = keeper.get(base).content.decode()
    assert "上水井盖" in shown and "2紧急工作时、3工作日" in shown and "示范类别" in shown
    assert "占道摆卖" in keeper.get(base, {"q": "走鬼"}).content.decode()
    assert "井口已盖严" in keeper.get(f"{base}classes/C0101/").content.decode()
    assert keeper.get(f"{base}classes/C9999/").status_code == 404
    assert "燃气泄漏" in keeper.get(f"{base}sheet/").content.decode()
    public = Client().get(f"{base}look-up/", {"q": "沙井盖"}).content.decode()
    assert "污水井盖" in public and "2小时内（夜间和节假日都算）处置" in public
    assert "没有找到" in Client().get(f"{base}look-up/", {"q": "<b>独角兽"}).content.decode()


def test_a_file_brought_in_by_the_browser(client_of: Callable[[str], Client]) -> None:
    keeper, address = client_of(f"{DISTRICT}-class_keeper"), "/governance/catalogue/import/"
    assert "先试读" in keeper.get(address).content.decode()
    assert keeper.post(address, {}).status_code == 422
    old = SimpleUploadedFile("旧.xls", b"\xd0\xcf\x11\xe0 old")
    refused = keeper.post(address, {"content": old})
    assert refused.status_code == 422 and "旧版 .xls" in refused.content.decode()
    bad = LINES + "0103,=1+1,成堆,@尽快\n"
    sent = keeper.post(address, {"content": SimpleUploadedFile("事件.csv", bad.encode()), "manner": "draft"})
    page = keeper.get(sent["Location"]).content.decode()
    assert "已写入草稿" in page and "尽快" in page and "事件!D3" in page
    draft = Edition.objects.get(book=BOOK, status="draft")
    assert f"/rulebooks/editions/{draft.pk}/" in page and "写入会替换它" in keeper.get(address).content.decode()
    file = keeper.get(sent["Location"] + "report.csv").content.decode("utf-8-sig")
    assert "'@尽快" in file, "nothing in a download is a formula"
    assert client_of(f"{HERE}-dispatcher").get(sent["Location"]).status_code == 404
    assert client_of(f"{HERE}-dispatcher").get(address).status_code == 403


def test_programs_ask_the_same() -> None:
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-dispatcher"))
    found = client.get("/api/catalogue/classes", {"q": "走鬼"}).json()
    assert found[0]["class_code"] == "E0401" and found[0]["conditions"][0]["handle_limit"]["unit"] == "working_hour"
    assert len(client.get("/api/catalogue/classes").json()) == 136
    assert Client().get("/api/catalogue/classes").status_code == 401
