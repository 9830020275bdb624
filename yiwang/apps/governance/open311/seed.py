"""The questions of the first edition, in our own words: proposals, until the district asks its own."""

from __future__ import annotations

from datetime import date

BEGINS = date(2020, 1, 1)
"""Like the catalogue's first edition: before anything a demonstration tells."""
_ROWS: tuple[tuple[str, str, str, str, bool, tuple[str, ...]], ...] = (
    (
        "manhole", "cover", "井盖怎么了", "singlevaluelist", True,
        ("missing=不见了", "broken=破损", "loose=松动作响", "sunken=高出或低于路面"),
    ),
    (
        "lamp", "fault", "路灯怎么了", "singlevaluelist", True,
        ("dark=不亮", "flicker=闪烁", "day=白天也亮", "damaged=灯杆倾斜或破损"),
    ),
    ("lamp", "pole", "灯杆编号", "string", False, ()),
    (
        "waste", "kinds", "有哪些垃圾", "multivaluelist", False,
        ("household=生活垃圾", "rubble=建筑垃圾", "furniture=大件", "other=其他"),
    ),
    ("water", "depth", "水深约几厘米", "number", False, ()),
    ("water", "since", "什么时候开始的", "datetime", False, ()),
)  # fmt: skip
_HOW = {
    "pole": "写在灯杆的标牌上，没有可以不填。", "depth": "大概就行。", "kinds": "可选几样。",
}  # fmt: skip


def questions() -> list[dict[str, object]]:
    """Rows of the book."""
    found = []
    for place, (service, code, text, datatype, is_required, values) in enumerate(_ROWS, 1):
        row: dict[str, object] = {
            "service_code": service, "code": code, "description": text, "datatype": datatype, "place": place,
            "is_required": is_required, "values": "\n".join(values), "datatype_description": _HOW.get(code, ""),
        }  # fmt: skip
        found.append({key: value for key, value in row.items() if value != ""})
    return found


def seed(district: str) -> str:
    """The questions, once; a sentence when they were new."""
    from yiwang.engines.rulebooks.api import install_edition

    made = install_edition("open311.attributes", questions(), BEGINS, basis="建议值")
    return f"Open311 服务问题 {len(_ROWS)} 个（建议值）" if made else ""
