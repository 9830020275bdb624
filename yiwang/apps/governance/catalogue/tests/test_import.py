"""A city's spreadsheet as cities have it: what can be read is read exactly, the rest is listed, nothing is guessed."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from yiwang.apps.governance.catalogue.catalogue_file import Outcome, read_catalogue
from yiwang.apps.governance.catalogue.classes import ClassCondition
from yiwang.apps.governance.catalogue.limit_reading import Choices, read_limit_text
from yiwang.apps.governance.catalogue.seed import first_edition
from yiwang.engines.directory.spec import Limit
from yiwang.engines.rulebooks.api import NotASpreadsheet
from yiwang.engines.rulebooks.spreadsheets import MOST_UNPACKED
from yiwang.kernel.errors import TooLarge, UserError


@pytest.mark.parametrize(
    ("text", "choices", "limit"),
    [
        ("2紧急工作时", {}, (2, "urgent_hour")),
        ("1紧急工作时制止", {}, (1, "urgent_hour")),
        ("4 紧急工作时\n", {}, (4, "urgent_hour")),
        ("２紧急工作日", {}, (2, "calendar_day")),
        ("2紧急工作日", {"urgent_day": "list"}, None),
        ("3天", {}, (3, "working_day")),
        ("15天", {"day": "calendar_day"}, (15, "calendar_day")),
        ("3天", {"day": "list"}, None),
        ("4小时", {}, (4, "working_hour")),
        ("4小时", {"hour": "urgent_hour"}, (4, "urgent_hour")),
        ("不超过3个工作日", {}, (3, "working_day")),
        ("1.5工作时内", {}, (Decimal("1.5"), "working_hour")),
        ("十五自然日", {}, (15, "calendar_day")),
        ("两个工作日内办结", {}, (2, "working_day")),
        ("3", {}, None),
        (3.0, {}, None),
        ("0天", {}, None),
        ("二十五工作日", {}, (25, "working_day")),
        ("三五天", {}, None),
        ("十十天", {}, None),
        ("2天，重大5天", {}, None),
        ("3-5天", {}, None),
        ("半天", {}, None),
        ("尽快", {}, None),
        ("2周", {}, None),
        ("2紧急工作时再说", {}, None),
        (date(2021, 3, 5), {}, None),
        (True, {}, None),
    ],
)
def test_limits_are_read_exactly_or_not_at_all(text: Any, choices: dict[str, str], limit: Any) -> None:
    read = read_limit_text(text, Choices(**choices))
    assert read.limit == (Limit(*limit) if limit else None)
    assert read.is_unread is (limit is None) and bool(read.now) is (limit is None)


def test_a_heading_may_say_the_unit_and_blanks_say_nothing() -> None:
    assert read_limit_text(3.0, Choices(), "处置时限（工作日）").limit == Limit(3, "working_day")
    assert read_limit_text("3", Choices(), "处置时限（单位：天）").choice == "day"
    assert read_limit_text(" \n", Choices()).limit is None and not read_limit_text(None, Choices()).is_unread
    with pytest.raises(UserError, match="没有这种读法"):
        Choices(day="statutory_day")


HEAD = ["大类代码", "大类名称", "小类代码", "小类名称", "立案条件", "处置时限", "结案条件", "责任部门"]
Rows = list[list[Any]]


def workbook(sheets: dict[str, Rows], merges: dict[str, list[str]] | None = None, hidden: str = "") -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for area in (merges or {}).get(title, []):
            sheet.merge_cells(area)
        if title == hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture(scope="module")
def dirty() -> Outcome:
    """A workbook with everything at once: 3 rows of headings, merges, floats, conflicts, notes, a hidden sheet."""
    components: Rows = [
        ["某市部件立案处置结案规范表", *[None] * 7],
        ["填表单位：某局", None, None, None, None, None, None, None],
        HEAD,
        [1.0, "公用设施\n", 1.0, "上水井盖", "缺失", "2紧急工作时", "补齐", "水务"],
        [None, None, None, None, "破损", "3天", "修复", "水务"],
        ["1", "公用设施", "02", "污水井盖 ", "缺失", "1紧急工作时制止", "补齐", "水务"],
        ["1", "公用设施", 3, "雨水井盖", "缺失", None, "补齐", "水务"],
        ["1", "公用设施", 4, "路灯", "不亮", "尽快", "点亮", "供电"],
        HEAD,
        ["1", "公用设施", "X", "电杆", "倾斜", "1天", "扶正", "供电"],
        ["1", "公用设施", 5, "信息亭", "破损", "2天", "修复", "城管"],
        ["1", "公用设施", 5, "报刊亭", "破损", "2天", "修复", "城管"],
        ["1", "公用设施", 6, "邮筒", "破损", "3天", "修复", "邮政"],
        ["1", "公用设施", 6, "邮筒", "破 损", "5天", "修复", "邮政"],
        ["1", "公用设施", 6, "邮筒", "丢失", "5天", "补装", "邮政"],
        ["1", "公用设施", 7, "灯箱", "破损", "5天", "修复", "城管"],
        ["1", "公用设施", 7, "灯箱", "破损", "5天", "修复", "城管"],
        ["1", "公用设施", 98, "灯箱", "不亮", "5天", "修复", "城管"],
        ["注：以上时限自派遣时起算。", *[None] * 7],
    ]
    events: Rows = [
        ["某市事件表", *[None] * 7],
        HEAD,
        ["01", "市容环境", "0101", "私搭乱建", "在建", "2紧急工作日", "拆除", "城管"],
        ["01", "市容环境", "0202", "暴露垃圾", "成堆", "4小时", "清运", "城管"],
        ["04", "街面秩序\n", 1, "店外经营", "占道", "4小时", "清退", "城管"],
        ["05", "街面秩序", 2, "流动摊贩", "占道", "4小时", "清退", "城管"],
        ["04", "突发事件", 3, "路面塌陷", "塌陷", "1紧急工作时", "排险", "交通"],
        [None, None, 9, "没有大类", "有", "1天", "好", "城管"],
    ]
    content = workbook(
        {"部件": components, "事件": events, "说明": [["本表由某局填报"]], "旧表 部件": components},
        {"部件": ["A1:H1", "A2:H2", "A4:A5", "B4:B5", "C4:C5", "D4:D5", "A19:H19"], "事件": ["A1:H1"]},
        hidden="旧表 部件",
    )
    return read_catalogue(content, "某市.xlsx", Choices())


def facts(outcome: Outcome) -> dict[str, list[tuple[str, Limit | None]]]:
    found: dict[str, list[tuple[str, Limit | None]]] = {}
    for row in outcome.rows:
        found.setdefault(f"{row.class_code} {row.title}", []).append((row.condition, row.handle))
    return found


def test_what_is_clear_is_read(dirty: Outcome) -> None:
    assert facts(dirty) == {
        "C0101 上水井盖": [("缺失", Limit(2, "urgent_hour")), ("破损", Limit(3, "working_day"))],
        "C0102 污水井盖": [("缺失", Limit(1, "urgent_hour"))],
        "C0103 雨水井盖": [("缺失", None)],
        "C0104 路灯": [("不亮", None)],
        "C0106 邮筒": [("破损", None), ("丢失", Limit(5, "working_day"))],
        "C0107 灯箱": [("破损", Limit(5, "working_day"))],
        "C0198 灯箱": [("不亮", Limit(5, "working_day"))],
        "E0101 私搭乱建": [("在建", Limit(2, "calendar_day"))],
    }
    first = dirty.rows[0]
    assert (first.group_title, first.is_urgent, first.closing, first.number) == ("公用设施", True, "补齐", 1)
    assert [row.number for row in dirty.rows if row.title == "邮筒"] == [1, 2]
    assert dirty.rows[2].closing == "1紧急工作时制止；补齐", "the act behind a limit is kept word for word"
    assert (dirty.sheet_count, dirty.row_count) == (2, 20)


def test_what_is_not_clear_is_listed_with_its_cell(dirty: Outcome) -> None:
    listed = {(one.sheet, one.cell, one.weight): one for one in dirty.findings}
    assert set(listed) == {
        ("旧表 部件", "", "check"), ("说明", "", "unread"),
        ("部件", "F6", "check"), ("部件", "F7", "check"), ("部件", "F8", "unread"), ("部件", "C10", "unread"),
        ("部件", "D11", "unread"), ("部件", "D12", "unread"), ("部件", "F14", "unread"), ("部件", "17", "check"),
        ("部件", "C18", "check"), ("部件", "A19", "check"),
        ("事件", "C4", "unread"), ("事件", "A8", "unread"),
        ("事件", "B5", "unread"), ("事件", "B7", "unread"), ("事件", "A5", "unread"), ("事件", "A6", "unread"),
    }  # fmt: skip
    assert all(one.why and one.now for one in dirty.findings)
    assert listed["部件", "F8", "unread"].text == "尽快"
    assert "街面秩序（事件!A5）" not in listed["事件", "B5", "unread"].why
    assert "街面秩序（事件!B5）、突发事件（事件!B7）" in listed["事件", "B5", "unread"].why
    assert "04（事件!A5）、05（事件!A6）" in listed["事件", "A5", "unread"].why
    assert "部件!13" in listed["部件", "F14", "unread"].why
    assert dirty.used == {"day": 9, "urgent_day": 1, "hour": 2}
    assert dirty.unused == [("部件", "责任部门"), ("事件", "责任部门")]


def test_choices_are_asked_once_for_a_file() -> None:
    rows: Rows = [
        HEAD,
        [1, "公用设施", 1, "路灯", "不亮", "1天", "", ""],
        [None, None, None, None, "倾斜", "2小时", "", ""],
    ]
    content = workbook({"部件": rows})
    asked = read_catalogue(content, "a.xlsx", Choices())
    assert len(asked.rows) == 1 and [one.cell for one in asked.findings] == ["A3"]
    down = read_catalogue(content, "a.xlsx", Choices(blank="down", day="calendar_day", hour="urgent_hour"))
    assert [(row.title, row.handle) for row in down.rows] == [
        ("路灯", Limit(1, "calendar_day")), ("路灯", Limit(2, "urgent_hour")),
    ]  # fmt: skip
    assert down.used == {"blank": 2, "day": 1, "hour": 1} and not down.findings


def test_two_rows_of_headings_four_digit_codes_and_comma_separated_files() -> None:
    rows: Rows = [
        ["类别", None, None, "时限", None], ["类别代码", "小类名称", "立案条件", "处置时限（工作日）", "结案时限（工作日）"],
        [101, "路灯", "不亮", 3, 2], ["0102", "邮筒", "破损", 3.0, "5"],
    ]  # fmt: skip
    read = read_catalogue(workbook({"部件": rows}, {"部件": ["A1:C1", "D1:E1"]}), "a.xlsx", Choices())
    assert [(row.class_code, row.handle, row.whole) for row in read.rows] == [
        ("C0101", Limit(3, "working_day"), Limit(2, "working_day")),
        ("C0102", Limit(3, "working_day"), Limit(5, "working_day")),
    ]
    assert [(one.cell, one.weight) for one in read.findings] == [("E3", "check")]
    text = "小类代码,小类名称,立案条件,处置时限\n0101,暴露垃圾,成堆,4工作时\n"
    comma = read_catalogue(text.encode("gb18030"), "城管事件.csv", Choices())
    assert [(row.class_code, row.handle) for row in comma.rows] == [("E0101", Limit(4, "working_hour"))]
    unknown = read_catalogue(text.encode(), "类别.csv", Choices())
    assert not unknown.rows and "部件还是事件" in unknown.findings[0].why


def test_two_columns_of_one_name_are_told() -> None:
    rows: Rows = [
        ["小类代码", "小类名称", "立案条件", "处置时限", "处置时限"],
        ["0101", "路灯", "不亮", "1工作日", "2工作日"],
    ]
    read = read_catalogue(workbook({"部件": rows}), "a.xlsx", Choices())
    assert read.rows[0].handle is None and [(one.cell, one.weight) for one in read.findings] == [("E1", "unread")]


def test_other_ways_to_name_columns_and_kinds() -> None:
    rows: Rows = [
        ["类型", "大类", "大类名称", "小类", "小类名称", "立案条件", "处置时间"],
        ["部件", 1, "公用设施", 21, "路灯", "不亮", "1工作日"],
        ["事件类", 1, "市容环境", 2, "暴露垃圾", "成堆", "4工作时"],
        ["其它", 1, "市容环境", 3, "渣土", "成堆", "4工作时"],
        [None, 1, "市容环境", 4, "落叶", "成堆", "4工作时"],
    ]
    read = read_catalogue(workbook({"Sheet1": rows}), "a.xlsx", Choices())
    assert [(row.class_code, row.group_title) for row in read.rows] == [("C0121", "公用设施"), ("E0102", "市容环境")]
    assert [one.cell for one in read.findings] == ["A4", "A5"]


def test_the_edition_in_force_lends_what_the_file_does_not_say() -> None:
    in_force = [
        ClassCondition(kind="component", group="01", group_title="公用设施", small=small, title=title, number=1,
                       category="lamp", level="town", evidence="两张")
        for small, title in (("01", "路灯"), ("02", "邮筒"), ("03", "电杆"))
    ]  # fmt: skip
    rows: Rows = [
        HEAD,
        [1, "公用设施", 1, "路灯", "不亮", "1工作日", "", ""],
        [1, "公用设施", 2, "信报箱", "坏", "1工作日", "", ""],
    ]
    read = read_catalogue(workbook({"部件": rows}), "a.xlsx", Choices(), in_force)
    assert [(row.category, row.level, row.evidence) for row in read.rows] == [("lamp", "town", "两张"), ("", "", "")]
    assert read.renamed == [("部件 01-02", "邮筒", "信报箱")] and read.gone == [("部件 01-03", "电杆")]
    assert read.lent_count == 1


def test_files_that_are_no_spreadsheets_are_refused_with_a_sentence() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/bomb.xml", b"0" * (MOST_UNPACKED + 1))
    for content, error in (
        (b"\xd0\xcf\x11\xe0 old", NotASpreadsheet), (b"PK\x03\x04 broken", NotASpreadsheet),
        (b"\xff\xfe\x00\x01", NotASpreadsheet), (packed.getvalue(), TooLarge), (b"x" * 5_000_001, TooLarge),
    ):  # fmt: skip
        with pytest.raises(error) as refused:
            read_catalogue(content, "a.xlsx", Choices())
        assert refused.value.next_step


def test_the_first_edition_is_whole() -> None:
    rows = list(first_edition())
    classes = {row.class_code: row for row in rows}
    assert len(classes) >= 90 and len({(row.class_code, row.number) for row in rows}) == len(rows)
    heads = {(row.kind, row.group): row.group_title for row in rows}
    assert sum(kind == "component" for kind, _ in heads) == 5 and sum(kind == "event" for kind, _ in heads) == 6
    assert all(row.condition and row.closing and row.evidence and row.handle and row.whole for row in rows)
    assert {row.handle.unit for row in rows if row.handle} == {
        "urgent_hour", "working_hour", "working_day", "calendar_day",
    }  # fmt: skip
    assert {row.level for row in rows} == {"village", "town", "district"}
