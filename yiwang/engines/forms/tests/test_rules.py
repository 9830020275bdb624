"""Conditions, computed values, cascades, rows, and who may write what."""

from __future__ import annotations

from typing import Any

import pytest

from yiwang.engines.forms.api import compile_form
from yiwang.engines.forms.compiled import Checked
from yiwang.engines.forms.spec import Choice, Form, Group, Number, Text
from yiwang.engines.forms.tests.samples import EVERYTHING, good_data

COMPILED = compile_form(EVERYTHING)


def problems(checked: Checked) -> dict[str, str]:
    return {error.path: error.code for error in checked.errors}


def test_it_drops_the_values_of_hidden_fields() -> None:
    checked = COMPILED.validate(good_data(kind="waste", depth="not even a number"))
    assert checked.errors == []
    assert {"depth", "part"} <= checked.hidden
    assert "depth" not in checked.clean and "part" not in checked.clean


def test_it_requires_what_another_answer_demands() -> None:
    assert problems(COMPILED.validate(good_data(urgent=True))) == {"reason": "FORM_REQUIRED"}
    assert COMPILED.validate(good_data(urgent=True, reason="有老人跌倒")).errors == []
    assert COMPILED.validate(good_data(urgent=False, reason="x")).clean.get("reason") is None


def test_it_requires_always_required_fields_only_while_they_show() -> None:
    form = Form("x", "表", fields=(Number("n", "数"), Text("t", "文", required=True, visible_when="n > 1")))
    assert problems(compile_form(form).validate({"n": 2})) == {"t": "FORM_REQUIRED"}
    assert compile_form(form).validate({"n": 1}).errors == []


def test_it_refuses_a_part_of_another_kind() -> None:
    assert problems(COMPILED.validate(good_data(part="bulb"))) == {"part": "FORM_OPTION_NOT_OFFERED"}


@pytest.mark.urls("yiwang.engines.forms.tests.addresses")
def test_it_offers_only_what_the_rule_lists() -> None:
    field = Choice("c", "选", options={"a": "甲", "b": "乙"}, options_when='if n > 1 then ["a"] else null')
    compiled = compile_form(Form("x", "表", fields=(Number("n", "数"), field)))
    assert problems(compiled.validate({"n": 2, "c": "b"})) == {"c": "FORM_OPTION_NOT_OFFERED"}
    assert compiled.validate({"n": 1, "c": "b"}).errors == []
    assert 'value="b"' not in compiled.render(None, {"n": 2})


def test_it_checks_fields_against_each_other() -> None:
    last = Number("last", "止", valid_when="last >= first", invalid_message="止不能小于起，请更正。")
    compiled = compile_form(Form("x", "表", fields=(Number("first", "起"), last)))
    assert [error.message_zh for error in compiled.validate({"first": 3, "last": 2}).errors] == [
        "止不能小于起，请更正。"
    ]


def test_it_computes_and_ignores_what_was_sent() -> None:
    rows = [
        {"name": "井盖", "quantity": 2, "price": "450.00", "cost": "1.00"},
        {"name": "螺栓", "quantity": 4, "price": "0.05"},
    ]
    checked = COMPILED.validate(good_data(items=rows, total="9.00"))
    assert checked.errors == []
    assert [row["cost"] for row in checked.clean["items"]] == ["900.00", "0.20"]
    assert checked.clean["total"] == "900.20"
    assert "cost" not in rows[1], "the caller's data stays as it was"


def test_rows_name_their_own_errors() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "井盖", "quantity": 1, "price": "6000.00"},
        {"quantity": 100, "price": "x", "color": "red"},
    ]
    assert problems(COMPILED.validate(good_data(items=rows))) == {
        "items.0.reason": "FORM_REQUIRED",
        "items.1.name": "FORM_REQUIRED",
        "items.1.quantity": "FORM_TOO_BIG",
        "items.1.price": "FORM_MONEY",
        "items.1.color": "FORM_UNKNOWN_FIELD",
    }
    assert problems(COMPILED.validate(good_data(items=[{}] * 4)))["items"] == "FORM_GROUP_TOO_MANY"
    assert problems(COMPILED.validate(good_data(items=["x"]))) == {"items": "FORM_MALFORMED"}


def test_a_group_may_demand_rows() -> None:
    form = Form("x", "表", fields=(Group("g", "人员", at_least=1, fields=(Text("name", "姓名"),)),))
    checked = compile_form(form).validate({})
    assert [error.message_zh for error in checked.errors] == ["请至少填写1项人员。"]


def test_unknown_keys_are_refused() -> None:
    assert problems(COMPILED.validate(good_data(colour="red"))) == {"colour": "FORM_UNKNOWN_FIELD"}


RIGHTS = {"*": "read", "reason": "hidden", "description": "write"}


def test_what_one_may_only_read_or_not_see_stays_as_it_was() -> None:
    previous = good_data(urgent=True, reason="原因")
    checked = COMPILED.validate({"description": "新的说明"}, rights=RIGHTS, previous=previous)
    assert checked.errors == []
    assert checked.clean == previous | {"description": "新的说明"}


def test_echoing_what_one_may_read_is_no_offence() -> None:
    previous = good_data()
    sent = {"description": "新", "kind": previous["kind"], "total": "5.00"}
    assert COMPILED.validate(sent, rights=RIGHTS, previous=previous).errors == []


def test_forged_writes_are_refused_without_telling_of_hidden_fields() -> None:
    previous = good_data(urgent=True, reason="原因")
    sent = {"description": "新", "kind": "lamp", "reason": "改"}
    checked = COMPILED.validate(sent, rights=RIGHTS, previous=previous)
    assert problems(checked) == {"kind": "FORM_NOT_WRITABLE", "reason": "FORM_UNKNOWN_FIELD"}
    assert "紧急原因" not in "".join(error.message_zh for error in checked.errors)
    assert (checked.clean["kind"], checked.clean["reason"]) == ("manhole", "原因")


def test_required_fields_of_others_do_not_stop_a_step() -> None:
    assert COMPILED.validate({"description": "新"}, rights={"*": "hidden", "description": "write"}).errors == []


def test_an_unchanged_value_is_not_judged_again() -> None:
    kept = {"party_id": "01900000-0000-7000-8000-0000000000aa", "kind": "person", "name": "张三", "id_masked": "110***"}
    checked = COMPILED.validate(good_data(reporter=kept), previous={"reporter": kept})
    assert checked.errors == []
