"""Each kind of field, right and wrong: one Chinese sentence for each wrong value, and nothing gets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.engines.forms.api import compile_form
from yiwang.engines.forms.spec import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DivisionField,
    Field,
    Form,
    LongText,
    Money,
    Number,
    PartyField,
    Photo,
    Place,
    Signature,
    Text,
)
from yiwang.engines.forms.tests.samples import CREDIT_CODE, EVERYTHING, PHOTO_ID, RESIDENT_ID, good_data
from yiwang.kernel.clock import china, frozen

TODAY = china(2026, 5, 10, 9)
PERSON = {"kind": "person", "name": "张三", "id_number": RESIDENT_ID}


def codes(field: Field, value: Any) -> list[str]:
    with frozen(TODAY):
        return [error.code for error in compile_form(Form("x", "表", fields=(field,))).validate({"f": value}).errors]


RIGHT = [
    (Text("f", "文"), "好"),
    (Text("f", "文", pattern="[A-Z]{2}"), "AB"),
    (Text("f", "文", content="phone"), "13800138000"),
    (Text("f", "文", content="phone"), "0757-86221234"),
    (Text("f", "文", content="resident_id"), RESIDENT_ID),
    (Text("f", "文", content="credit_code"), CREDIT_CODE),
    (LongText("f", "文"), "一\n二"),
    (Number("f", "数", minimum=0), 0),
    (Number("f", "数", decimals=2), 0.29),
    (Number("f", "数", decimals=2), 3),
    (Money("f", "钱"), "0.10"),
    (Date("f", "日", latest="today"), "2026-05-10"),
    (DateTime("f", "时"), "2026-05-01T09:30:00+08:00"),
    (Boolean("f", "否"), False),
    (Choice("f", "选", options={"a": "甲"}, multiple=True), ["a"]),
    (DivisionField("f", "村"), "440605001001"),
    (Place("f", "地"), {"longitude": 113.1, "latitude": 23, "address": ""}),
    (Place("f", "地", unknown_allowed=True), {"address": "桥下"}),
    (Place("f", "地", unknown_allowed=True), {"longitude": 115.5, "latitude": 21.0}),
    (Photo("f", "照"), [PHOTO_ID]),
    (PartyField("f", "人"), PERSON),
    (PartyField("f", "企业", party="firm"), {"kind": "firm", "name": "某公司", "id_number": CREDIT_CODE}),
    (Signature("f", "签"), {"typed": "张三"}),
]


@pytest.mark.parametrize(("field", "value"), RIGHT)
def test_it_accepts(field: Field, value: Any) -> None:
    assert codes(field, value) == []


WRONG = [
    (Text("f", "文"), 5, "FORM_MALFORMED"),
    (Text("f", "文", required=True), "  ", "FORM_REQUIRED"),
    (Text("f", "文", required=True), "", "FORM_REQUIRED"),
    (Text("f", "文"), "a\x00b", "FORM_CONTROL_CHARACTER"),
    (Text("f", "文"), "\ud800", "FORM_CONTROL_CHARACTER"),
    (Text("f", "文", max_length=2), "一二三", "FORM_TOO_LONG"),
    (Text("f", "文", min_length=2), "一", "FORM_TOO_SHORT"),
    (Text("f", "文", pattern="[A-Z]+", example="AB"), "ab", "FORM_PATTERN"),
    (Text("f", "文", content="phone"), "12345", "FORM_PHONE"),
    (Text("f", "文", content="email"), "a@b", "FORM_EMAIL"),
    (Text("f", "文", content="postal_code"), "52820", "FORM_POSTAL_CODE"),
    (Text("f", "文", content="resident_id"), "110105194912310021", "FORM_RESIDENT_ID"),
    (Text("f", "文", content="resident_id"), "11010519490231002X", "FORM_RESIDENT_ID"),
    (Text("f", "文", content="credit_code"), "91110000600037341M", "FORM_CREDIT_CODE"),
    (Number("f", "数"), "十", "FORM_NUMBER"),
    (Number("f", "数"), True, "FORM_NUMBER"),
    (Number("f", "数"), 1.5, "FORM_WHOLE_NUMBER"),
    (Number("f", "数", minimum=1), 0, "FORM_TOO_SMALL"),
    (Number("f", "数", maximum=9), 10**30, "FORM_TOO_BIG"),
    (Number("f", "数", decimals=1), 0.25, "FORM_DECIMALS"),
    (Number("f", "数", decimals=1), float("nan"), None),
    (Money("f", "钱"), "1.2", "FORM_MONEY"),
    (Money("f", "钱"), "-1.00", "FORM_TOO_SMALL"),
    (Money("f", "钱", maximum=5), "5.01", "FORM_TOO_BIG"),
    (Date("f", "日"), "2026-02-30", "FORM_DATE"),
    (Date("f", "日", latest="today"), "2026-05-11", "FORM_TOO_LATE"),
    (Date("f", "日", earliest="2026-01-01"), "2025-12-31", "FORM_TOO_EARLY"),
    (DateTime("f", "时"), "2026-05-01T25:30:00+08:00", "FORM_DATE_TIME"),
    (DateTime("f", "时", latest="today"), "2026-05-11T00:10:00+08:00", "FORM_TOO_LATE"),
    (Boolean("f", "否"), "yes", "FORM_BOOLEAN"),
    (Boolean("f", "承诺", consent=True, required=True), False, "FORM_CONSENT_REQUIRED"),
    (Choice("f", "选", options={"a": "甲"}), "b", "FORM_NO_SUCH_OPTION"),
    (DivisionField("f", "村"), "440605999999", "FORM_UNKNOWN_DIVISION"),
    (DivisionField("f", "村"), "440605001", "FORM_UNKNOWN_DIVISION"),
    (Place("f", "地"), {"longitude": 115.5, "latitude": 21.0}, "FORM_PLACE_OUTSIDE"),
    (Place("f", "地"), {"address": "桥下"}, "FORM_PLACE_REQUIRED"),
    (Place("f", "地"), {"longitude": 113.1}, "FORM_PLACE_INCOMPLETE"),
    (Photo("f", "照"), ["../../etc/passwd"], "FORM_FOREIGN_FILE"),
    (Photo("f", "照", at_most=1), [PHOTO_ID, PHOTO_ID.replace("1", "2")], "FORM_TOO_MANY_FILES"),
    (PartyField("f", "人"), PERSON | {"id_number": "110105194912310021"}, "FORM_RESIDENT_ID"),
    (PartyField("f", "人"), {"kind": "person", "id_number": RESIDENT_ID}, "FORM_PARTY_NAME"),
    (PartyField("f", "人"), {"kind": "person", "name": "张三"}, "FORM_PARTY_NUMBER"),
    (PartyField("f", "人"), PERSON | {"phone": "1"}, "FORM_PHONE"),
    (PartyField("f", "人"), {"party_id": PHOTO_ID, "name": "别人"}, "FORM_MALFORMED"),
    (Signature("f", "签"), {"typed": " "}, "FORM_SIGNATURE_REQUIRED"),
]


@pytest.mark.parametrize(("field", "value", "code"), WRONG)
def test_it_refuses_with_one_sentence(field: Field, value: Any, code: str | None) -> None:
    with frozen(TODAY):
        checked = compile_form(Form("x", "表", fields=(field,))).validate({"f": value})
    assert len(checked.errors) == 1
    error = checked.errors[0]
    assert error.path == "f"
    assert code is None or error.code == code
    assert error.message_zh.endswith("。") and "{" not in error.message_zh


def test_it_says_what_and_what_to_do() -> None:
    checked = compile_form(EVERYTHING).validate(good_data(depth=31, description="长" * 600))
    assert [error.message_zh for error in checked.errors] == [
        "情况说明最多500个字，现有600个字，请删减。",
        "深度不能大于30米，请更正。",
    ]


def test_it_accepts_a_whole_form_and_finds_the_division() -> None:
    checked = compile_form(EVERYTHING).validate(good_data())
    assert checked.errors == []
    assert checked.clean["place"]["division"] == "440605001001"


def test_it_leaves_the_division_of_an_address_unknown() -> None:
    sent = {"address": "桥下", "division": "440605001002"}
    checked = compile_form(EVERYTHING).validate(good_data(place=sent))
    assert checked.errors == []
    assert checked.clean["place"]["division"] is None


def test_a_point_in_the_sea_is_unknown_and_says_so() -> None:
    sea = {"longitude": 115.5, "latitude": 21.0, "division": "440605001002"}
    compiled = compile_form(EVERYTHING)
    checked = compiled.validate(good_data(place=sea))
    assert checked.errors == []
    assert checked.clean["place"]["division"] is None, "never a default, never the sender's word"
    assert "不在已知区划内" in dict(compiled.display({"place": checked.clean["place"]}))["地点"]


def test_it_refuses_what_is_no_object() -> None:
    assert [error.code for error in compile_form(EVERYTHING).validate([1]).errors] == ["FORM_NOT_DATA"]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from([item.key for item in EVERYTHING.fields]) | st.text(max_size=4)


@given(st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_it_never_raises_and_never_gives_two_errors_for_a_field(data: dict[str, Any]) -> None:
    checked = compile_form(EVERYTHING).validate(data)
    paths = [error.path for error in checked.errors]
    assert len(paths) == len(set(paths))
    assert paths, "a random object is never a whole report"


@given(st.dictionaries(st.sampled_from(["name", "quantity", "price", "x"]), ANYTHING, max_size=4))
def test_rows_never_raise_either(row: dict[str, Any]) -> None:
    compile_form(EVERYTHING).validate(good_data(items=[row, row]))
