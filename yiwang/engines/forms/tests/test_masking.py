"""Masked data has the shape of the data, and nothing personal in clear."""

from __future__ import annotations

import orjson

from yiwang.engines.forms.masking import mask_values
from yiwang.engines.forms.spec import Form, Group, Number, PartyField, Signature, Text

FORM = Form(
    "asked", "登记", fields=(
        Text("kind", "类别"), Text("phone", "电话", personal=True), Number("age", "年龄", personal=True),
        PartyField("owner", "产权人", party="either"), Signature("sign", "签名"),
        Group("people", "同住人", fields=(Text("name", "姓名", personal=True), Text("tie", "关系"))),
    ),
)  # fmt: skip
DATA = {
    "kind": "住宅", "phone": "13800138000", "age": 41, "sign": {"typed": "陈大文"}, "other": "不在表中",
    "owner": {"kind": "person", "name": "陈大文", "id_number": "440605199001011234", "phone": "13900139000"},
    "people": [{"name": "李小花", "tie": "配偶"}],
}  # fmt: skip


def test_personal_values_lose_their_middle_and_the_rest_stays() -> None:
    found = mask_values(FORM, DATA)
    assert (found["phone"], found["kind"], found["other"]) == ("138****8000", "住宅", "不在表中")
    assert found["people"] == [{"name": "李*花", "tie": "配偶"}]
    assert found["owner"]["name"] == "陈*文" and found["owner"]["kind"] == "person"


def test_no_personal_value_is_left_in_clear() -> None:
    text = orjson.dumps(mask_values(FORM, DATA)).decode()
    for value in ("13800138000", "陈大文", "440605199001011234", "13900139000", "李小花", "41"):
        assert value not in text.replace("440***********1234", "")


def test_a_firm_keeps_its_name() -> None:
    firm = {"owner": {"kind": "firm", "name": "南海实业有限公司", "id_number": "91440605MA4UL2X00X"}}
    assert mask_values(FORM, firm)["owner"]["name"] == "南海实业有限公司"
