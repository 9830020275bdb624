"""A form with every kind of field, data that fits it, and a small make-believe district."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from yiwang.engines.forms.spec import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DivisionField,
    File,
    Form,
    Group,
    LongText,
    Money,
    Number,
    Option,
    PartyField,
    Photo,
    Place,
    Section,
    Signature,
    Text,
)

MANHOLE = "manhole"
KINDS = {MANHOLE: "井盖缺失或破损", "lamp": "路灯不亮", "waste": "暴露垃圾"}
PARTS = (
    Option("cover", "井盖", parent=MANHOLE),
    Option("ring", "井圈", parent=MANHOLE),
    Option("bulb", "灯泡", parent="lamp"),
)
ITEM = Group(
    "items",
    "更换材料",
    item_title="材料",
    at_most=3,
    fields=(
        Text("name", "名称", required=True, max_length=40),
        Number("quantity", "数量", required=True, minimum=1, maximum=99, unit="件"),
        Money("price", "单价"),
        Money("cost", "小计", computed="quantity * price"),
        Text("reason", "说明", visible_when="price > 1000", required_when="price > 5000", max_length=60),
    ),
)
EVERYTHING = Form(
    key="everything",
    title="问题上报",
    direction="请写明问题和地点，拍一张现场照片。",
    fields=(
        Choice("kind", "问题类别", required=True, options=KINDS),
        Choice("part", "具体部件", parent="kind", options=PARTS, visible_when='kind = "manhole" or kind = "lamp"'),
        LongText("description", "情况说明", required=True, max_length=500, example="小学门口东侧人行道井盖缺失"),
        Number("depth", "深度", minimum=0, maximum=30, decimals=2, unit="米", visible_when='kind = "manhole"'),
        Date("found_on", "发现日期", required=True, latest="today"),
        DateTime("called_at", "来电时间"),
        Choice("risks", "可能的危险", multiple=True, options={"fall": "行人跌落", "car": "车辆受损", "flood": "积水"}),
        Boolean("urgent", "是否紧急", hint="有人可能马上受伤时选“是”。"),
        Text("reason", "紧急原因", visible_when="urgent", required_when="urgent", max_length=60),
        Place("place", "地点", required=True, unknown_allowed=True),
        DivisionField("village", "所属村居"),
        Photo("before", "现场照片", at_least=1, at_most=4, hint="拍清楚问题和周围环境。"),
        File("paper", "相关文件", at_most=2),
        PartyField("reporter", "上报人", party="either", id_required=False),
        Text("phone", "联系电话", content="phone", personal=True),
        ITEM,
        Money("total", "材料合计", computed="sum(items.cost)"),
        Signature("signed", "签名"),
        Boolean("honest", "内容属实承诺", required=True, consent=True),
    ),
    sections=(
        Section("问题", ("kind", "part", "description", "depth", "found_on", "called_at", "risks", "urgent", "reason")),
        Section("地点", ("place", "village", "before", "paper")),
        Section("上报人与材料", ("reporter", "phone", "items", "total", "signed", "honest"), hint="用于联系和核销。"),
    ),
)
PHOTO_ID = "01900000-0000-7000-8000-000000000001"
RESIDENT_ID = "11010519491231002X"
CREDIT_CODE = "91110000600037341L"


def good_data(**changes: Any) -> dict[str, Any]:
    """Data that EVERYTHING accepts; a change to None leaves the field out."""
    data: dict[str, Any] = {
        "kind": MANHOLE,
        "part": "cover",
        "description": "井盖不见了",
        "depth": 1.25,
        "found_on": "2026-05-01",
        "risks": ["fall"],
        "urgent": False,
        "place": {"longitude": 113.14, "latitude": 23.03, "address": "南海大道 1 号"},
        "before": [PHOTO_ID],
        "honest": True,
    }
    return {key: value for key, value in (data | changes).items() if value is not None}


def picture(
    name: str = "a.jpg", kind: str = "JPEG", size: tuple[int, int] = (60, 40), **rest: Any
) -> SimpleUploadedFile:
    """A small real picture as an upload."""
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **rest)
    return SimpleUploadedFile(name, target.getvalue(), content_type="application/octet-stream")
