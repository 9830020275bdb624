"""Validating a form of 25 fields, and drawing it: CPU time against the plain Python validator of JSON Schema."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jsonschema

from yiwang.engines.forms.api import compile_form
from yiwang.engines.forms.spec import (
    Boolean,
    Choice,
    Date,
    DateTime,
    Field,
    Form,
    Group,
    LongText,
    Money,
    Number,
    PartyField,
    Photo,
    Text,
)

Figure = tuple[str, float, str, str, float | None]
PHOTO_ID = "01900000-0000-7000-8000-000000000001"
KINDS = {"manhole": "井盖", "lamp": "路灯", "waste": "垃圾"}


def the_form() -> Form:
    """25 fields of the kinds offices use most, with four conditions and two computed values."""
    plain: tuple[Field, ...] = tuple(Text(f"note_{number}", f"备注{number}", required=True) for number in range(8))
    others: tuple[Field, ...] = (
        LongText("description", "情况说明", required=True, max_length=500),
        Choice("kind", "类别", required=True, options=KINDS),
        Choice("risks", "危险", multiple=True, options={"fall": "跌落", "flood": "积水"}),
        Number("depth", "深度", minimum=0, maximum=30, decimals=2, visible_when='kind = "manhole"'),
        Number("people", "人数", minimum=0, maximum=999, unit="人"),
        Money("cost", "费用", maximum="1000000"),
        Money("share", "人均", computed="if people > 0 then cost / people else null"),
        Date("found_on", "发现日期", required=True, earliest="2020-01-01"),
        Date("fixed_on", "修复日期", valid_when="fixed_on >= found_on", invalid_message="修复日期不能早于发现日期。"),
        DateTime("called_at", "来电时间"),
        Boolean("urgent", "是否紧急"),
        Text("reason", "紧急原因", required_when="urgent", max_length=60),
        Text("phone", "电话", content="phone"),
        Text("code", "编号", pattern="[A-Z]{2}-[0-9]{4}"),
        Photo("before", "照片", at_most=4),
        PartyField("reporter", "上报人"),
        Group(
            "items",
            "材料",
            fields=(Text("name", "名称", required=True), Number("quantity", "数量", required=True, minimum=1)),
        ),
    )
    return Form("bench", "二十五项", fields=plain + others)


def the_data() -> dict[str, Any]:
    """Data that fits, every field filled in."""
    return {f"note_{number}": "人行道东侧" for number in range(8)} | {
        "description": "小学门口东侧人行道井盖缺失，请尽快处理",
        "kind": "manhole",
        "risks": ["fall"],
        "depth": 1.25,
        "people": 4,
        "cost": "1200.50",
        "found_on": "2026-05-01",
        "fixed_on": "2026-05-03",
        "called_at": "2026-05-01T09:30:00+08:00",
        "urgent": True,
        "reason": "有老人经过",
        "phone": "13800138000",
        "code": "NH-0001",
        "before": [PHOTO_ID],
        "reporter": {"kind": "person", "name": "张三", "id_number": "11010519491231002X"},
        "items": [{"name": "井盖", "quantity": 1}, {"name": "螺栓", "quantity": 4}],
    }


def microseconds(work: Callable[[], object], runs: int) -> float:
    """CPU time of one run, the best of five series: the machine's other work can only add."""
    series = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(runs):
            work()
        series.append((time.process_time() - began) / runs * 1e6)
    return min(series)


def measure() -> list[Figure]:
    """Valid data, data with three errors, and drawing; the baseline checks the structure alone, none of the rules."""
    compiled, data = compile_form(the_form()), the_data()
    wrong = data | {"depth": 99, "phone": "1", "cost": "x"}
    if compiled.validate(data).errors or len(compiled.validate(wrong).errors) != 3:
        raise AssertionError("the benchmark's data is not what it says")
    plain = jsonschema.Draft202012Validator(compiled.schema)
    valid = microseconds(lambda: compiled.validate(data), 2000)
    invalid = microseconds(lambda: compiled.validate(wrong), 1000)
    drawing = microseconds(lambda: compiled.render(None, data), 60) / 1000
    blank = microseconds(lambda: compiled.render(None, {}), 100) / 1000
    showing = microseconds(lambda: compiled.display({**data, "before": []}), 300) / 1000
    name, unit = "python jsonschema", "µs CPU"
    return [
        ("forms: validate 25 fields", valid, unit, name, microseconds(lambda: plain.is_valid(data), 100)),
        ("forms: 3 errors of 25", invalid, unit, name, microseconds(lambda: list(plain.iter_errors(wrong)), 100)),
        ("forms: draw 25 filled fields", drawing, "ms CPU", "", None),
        ("forms: draw 25 blank fields", blank, "ms CPU", "", None),
        ("forms: display 25 fields", showing, "ms CPU", "", None),
    ]
