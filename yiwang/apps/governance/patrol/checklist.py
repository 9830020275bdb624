"""The one form of a visit. A question is asked where a system that covers the place's kind needs it, and only once.

`kind` comes from the register and is never asked; conditions follow from `systems`, so a new field of a system needs no
second declaration of when it is asked.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import gettext

from yiwang.apps.governance.patrol.kinds import HAZARDS, PLACE_KINDS
from yiwang.apps.governance.patrol.systems import systems_for
from yiwang.engines.forms.spec import Boolean, Choice, Date, Field, Form, LongText, Number, Photo

PRESENCE = {"open": "正常开放", "closed": "无人或停业", "refused": "拒绝检查"}
SEVERITY = {"ordinary": "一般", "serious": "重大"}
FOUND = "hazards != null"
_EVERYWHERE = frozenset({"presence", "hazards", "severity", "rectify_by", "photos", "note"})


def _condition(key: str) -> str:
    """FEEL: the place is open and its kind belongs to a system that asks this."""
    kinds = sorted(kind for kind in PLACE_KINDS if any(key in system.asks() for system in systems_for(kind)))
    named = " or ".join(f'kind = "{kind}"' for kind in kinds)
    return f'presence = "open" and ({named})'


def _yes_or_no(key: str, title: str) -> Boolean:
    condition = _condition(key)
    return Boolean(key, title, visible_when=condition, required_when=condition)


FIELDS: tuple[Field, ...] = (
    Choice("kind", "场所类别", required=True, options=PLACE_KINDS),
    Choice("presence", "现场情况", required=True, options=PRESENCE),
    _yes_or_no("exits_clear", "疏散通道畅通"),
    _yes_or_no("equipment_good", "消防设施完好"),
    _yes_or_no("wiring_good", "用电线路规范"),
    _yes_or_no("vehicles_indoors", "有电动车入户停放或充电"),
    _yes_or_no("living_inside", "有违规住人"),
    _yes_or_no("chemicals_stored", "危险化学品存放规范"),
    _yes_or_no("machines_guarded", "设备防护齐全"),
    _yes_or_no("surroundings_clean", "周边环境整洁"),
    Number("people", "居住或从业人数", minimum=0, maximum=20000, unit="人", visible_when='presence = "open"'),
    Choice("hazards", "发现的隐患", multiple=True, options=HAZARDS),
    Choice("severity", "隐患程度", options=SEVERITY, visible_when=FOUND, required_when=FOUND),
    Date("rectify_by", "整改期限", visible_when=FOUND, required_when=FOUND),
    Photo("photos", "现场照片", at_most=4),
    LongText("note", "说明", max_length=500),
)
VISIT = Form(
    key="visit", title="巡查记录", fields=FIELDS, direction="一次巡查填一张表，消防、安监、网格三个系统同时记录。"
)


@cache
def asked_of(kind: str) -> tuple[str, ...]:
    """Keys asked at an open place of this kind, in the order of the form."""
    needed = _EVERYWHERE.union(*(system.asks() for system in systems_for(kind)))
    return tuple(item.key for item in FIELDS if item.key in needed)


def described() -> dict[str, Any]:
    """The form as the phone draws it: fields in order, and which are asked of each kind of place."""
    fields = [_described(item) for item in FIELDS if item.key != "kind"]
    return {"fields": fields, "asked": {kind: asked_of(kind) for kind in PLACE_KINDS}}


def _described(item: Field) -> dict[str, Any]:
    facts: dict[str, Any] = {"key": item.key, "title": gettext(item.title), "kind": item.kind}
    if isinstance(item, Choice):
        facts["options"] = [[one.key, gettext(one.title)] for one in item.listed]
        facts["multiple"] = item.multiple
    facts["when"] = "found" if item.visible_when == FOUND else "open" if item.visible_when else "always"
    facts["required"] = item.required or bool(item.required_when)
    if isinstance(item, Photo):
        facts["most"] = item.at_most
    return facts
