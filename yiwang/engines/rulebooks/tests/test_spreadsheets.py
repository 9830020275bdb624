"""Books in and out of spreadsheets, searched and compared: same rows back, and nothing guessed."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from yiwang.engines.rulebooks import api, selectors
from yiwang.engines.rulebooks.importing import read_book
from yiwang.engines.rulebooks.spreadsheets import NotASpreadsheet
from yiwang.engines.rulebooks.tests.trial_books import CLASS_ROWS, CLASSES, READER, WRITER
from yiwang.kernel.errors import NotAllowed, NotFound, TooLarge

EVERYTHING = [
    {"class_code": "0101", "condition": "1", "limit": {"amount": "1.5", "unit": "working_day"}, "level": "town",
     "points": -0.25, "most": 3, "urgent": True, "note": "=1+1\n'第二行'"},
    {"class_code": "'=x", "limit": {"amount": 20, "unit": "statutory_day"}, "urgent": False, "note": "说明 “引号”, 逗号"},
    {"class_code": "007", "condition": "2", "limit": {"amount": 2, "unit": "urgent_hour"}, "points": 100},
]  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_goes_out_comes_back_the_same(trial: None, kind: str) -> None:
    draft = api.store_draft(WRITER, "trial.classes", EVERYTHING)
    content = api.export_edition(WRITER, draft.pk, kind)
    reading = read_book(CLASSES, content, f"classes.{kind}")
    assert [values for _, values in reading.stored] == EVERYTHING and not reading.findings
    if kind == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        assert sheet.cell(2, 8).data_type == "s", "a text is never a formula"
    else:
        assert b"'=1+1" in content and b"''=x" in content


def test_a_sheet_as_people_have_it(trial: None) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "部件"
    for row in (
        ["2026年类别表"], ["序号", "类别 代码", "条件序号", "时限", "层级", "分值", "备注"],
        [1, "C0101", 1, "2紧急工作时", "镇街", 5], [2, None, 2, "3 个工作日", None, None], [3, "C0102", None, "尽快", "县", "一百"],
        [None], [4, "C0103", None, "=1+1", None, None], [5, "C0104", "", "0工作日", "town", None], [6, 105.0, None, "7自然日"],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("B3:B4")
    book.create_sheet("领导讲话").append(["无关"])
    hidden = book.create_sheet("旧版")
    hidden.append(["类别代码", "时限"])
    hidden.append(["C9999", "1工作日"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)

    made = api.import_draft(WRITER, "trial.classes", file.getvalue(), "类别.xlsx")
    found = {(one.place, one.code) for one in made.reading.findings}
    assert found == {
        ("部件 A2", "UNKNOWN_COLUMN"), ("部件 G2", "UNKNOWN_COLUMN"), ("部件 D5", "NOT_A_LIMIT"), ("部件 E5", "NO_SUCH_OPTION"),
        ("部件 F5", "NOT_A_NUMBER"), ("部件 D7", "NOT_CALCULATED"), ("部件 D8", "NOT_A_LIMIT"), ("领导讲话", "NO_HEADINGS"),
    }  # fmt: skip
    assert made.reading.left_out == 3
    rows = [rule.values for rule in api.rules(WRITER, made.edition.pk).rows]
    assert [(row["class_code"], row.get("condition"), row["limit"]["amount"]) for row in rows] == [
        ("C0101", "1", 2), ("C0101", "2", 3), ("105", None, 7),
    ]  # fmt: skip
    with pytest.raises(NotAllowed):
        api.import_draft(READER, "trial.classes", file.getvalue(), "类别.xlsx")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"a,b\n1,2\n", b"\xff\xfe\x00\x00"]
)
def test_no_spreadsheet_is_said_so(content: bytes) -> None:
    with pytest.raises(NotASpreadsheet):
        read_book(CLASSES, content, "x")


def test_a_merged_cell_as_large_as_a_sheet_can_be_is_refused() -> None:
    """A few kilobytes that would become seventeen thousand million cells."""
    plain, merged = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    more = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(merged, "w") as package:
        for name in source.namelist():
            package.writestr(name, source.read(name).replace(b"</sheetData>", b"</sheetData>" + more))
    with pytest.raises(TooLarge, match="合并"):
        read_book(CLASSES, merged.getvalue(), "a.xlsx")


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ("", ["0101", "'=x", "007"]), ("引号", ["'=x"]), ("镇", ["0101"]), ("2紧急工作时", ["007"]), ("100", ["007"]), ("-0.25", ["0101"]),
        ("$.*", []), ('"', []), ("limit", []), ("X", ["'=x"]), ("\\", []), ("1.5个工作日", ["0101"]), ("a\0b😀", []), ("-.", []), ("9" * 400, []),
    ],
)  # fmt: skip
def test_search_sees_what_people_see(trial: None, search: str, codes: list[str]) -> None:
    draft = api.store_draft(WRITER, "trial.classes", EVERYTHING)
    assert [row.values["class_code"] for row in api.rules(WRITER, draft.pk, search=search).rows] == codes


def test_pages_by_line_number_and_drafts_for_writers_only(trial: None) -> None:
    rows = [{"class_code": f"C{number:04d}", "limit": "1工作日"} for number in range(5)]
    draft = api.store_draft(WRITER, "trial.classes", rows)
    seen: list[int] = []
    after: int | None = None
    while after != 0:
        page = api.rules(WRITER, draft.pk, after=after or 0, size=2)
        seen, after = [*seen, *(row.no for row in page.rows)], page.after
    assert seen == [1, 2, 3, 4, 5]
    assert (
        selectors.book_state(WRITER, "trial.classes").draft and not selectors.book_state(READER, "trial.classes").draft
    )
    with pytest.raises(NotFound):
        api.rules(READER, draft.pk)


def test_two_editions_compared_by_what_finds_a_row(trial: None) -> None:
    first = api.install_edition("trial.classes", CLASS_ROWS, date(2026, 1, 1))
    other: list[dict[str, Any]] = [
        {"class_code": "C0102", "limit": "1自然日"}, {**CLASS_ROWS[0], "limit": "4紧急工作时", "note": "新"},
    ]  # fmt: skip
    draft = api.store_draft(WRITER, "trial.classes", other)
    found = api.difference(WRITER, first.pk, draft.pk)
    assert [(one.kind, one.key[0], one.columns) for one in found] == [
        ("changed", "C0101", ("limit", "note")), ("added", "C0102", ()), ("removed", "E0102", ()),
    ]  # fmt: skip
