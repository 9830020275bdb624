"""What is asked: recording a violation, and the steps of a measure."""

from __future__ import annotations

from yiwang.apps.governance.non_motor.kinds import KINDS, PLATE, SOURCES, STEPS
from yiwang.engines.forms.spec import Boolean, Choice, DateTime, Form, LongText, Number, Photo, Place, Text

VIOLATION = Form(
    key="violation",
    title="登记违规",
    fields=(
        Text("plate", "车牌", required=True, max_length=12, pattern=PLATE, example="粤E12345"),
        Choice("kind", "违规行为", required=True, options=KINDS),
        Choice("source", "来源", required=True, options=SOURCES),
        DateTime("at", "时间", required=True),
        Place("place", "地点", required=True),
        Photo("photos", "取证照片", at_most=4),
        Text("owner_name", "车主姓名", max_length=40, personal=True, hint="不知道的不填；系统按登记的车主认定。"),
        Text("owner_number", "车主身份证号", content="resident_id", personal=True, required_when="owner_name != null"),
    ),
)
NOTICE = Form(
    key="notice",
    title="立项",
    fields=(
        Choice("step", "处理", required=True, options=STEPS),
        Text("plate", "车牌", required=True, max_length=12),
        Number("nth", "期内第几次", required=True, minimum=1, decimals=0),
        LongText("summary", "违规情况", required=True, max_length=1000),
        Place("place", "最近一次地点", required=True),
    ),
)
NOTIFIED = Form(
    key="notified",
    title="告知",
    fields=(
        Choice(
            "way", "告知方式", required=True,
            options={"face": "当面", "phone": "电话", "message": "短信", "notice": "上门张贴"},
        ),
        Boolean("is_reached", "已告知到本人", required=True),
        LongText("note", "备注", max_length=300),
    ),
)  # fmt: skip
INTERVIEWED = Form(
    key="interviewed",
    title="约谈",
    fields=(
        Boolean("has_come", "是否到场", required=True),
        LongText("said", "约谈记录", required=True, max_length=500),
        Photo("signed", "签字照片", at_most=2),
    ),
)
DECIDED = Form(
    key="decided",
    title="决定",
    fields=(
        Choice(
            "decision", "处理决定", required=True,
            options={"warned": "警告", "fined": "罚款", "transferred": "移送公安机关", "lifted": "不予处理"},
        ),
        LongText("basis", "依据", required=True, max_length=300),
    ),
)  # fmt: skip
