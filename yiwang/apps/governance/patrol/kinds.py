"""What is visited and what is looked at: kinds of places, their risk, hazards. All lists are proposals of ours."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PLACE_KINDS: Mapping[str, str] = MappingProxyType({
    "small_shop": "三小场所（小档口）",
    "small_workshop": "三小场所（小作坊）",
    "small_venue": "三小场所（小娱乐场所）",
    "rental": "出租屋",
    "enterprise": "企业",
    "school": "学校",
    "building_site": "建筑工地",
    "public_area": "公共区域",
})  # fmt: skip
RISKS: Mapping[str, str] = MappingProxyType({"high": "高风险", "middle": "中风险", "low": "低风险"})
HAZARDS: Mapping[str, str] = MappingProxyType({
    "exit_blocked": "疏散通道堵塞",
    "equipment_faulty": "消防设施缺失或失效",
    "wiring": "用电线路不规范",
    "vehicle_indoors": "电动车入户停放充电",
    "living_inside": "违规住人",
    "chemicals": "危险化学品存放不当",
    "machine": "设备缺少防护",
    "road_damage": "道路或井盖破损",
    "waste": "暴露垃圾",
    "other": "其他隐患",
})  # fmt: skip
INCIDENT_CLASS: Mapping[str, str] = MappingProxyType({"road_damage": "road", "waste": "waste"})
"""Everyday class of an incident by hazard; every other hazard is opened as "other"."""
VISIT_STATUSES: Mapping[str, str] = MappingProxyType({"done": "计入", "duplicate": "重复", "refused": "未通过"})
MISS_STATUSES: Mapping[str, str] = MappingProxyType({
    "open": "待核实", "confirmed": "确认漏报", "dismissed": "不是漏报",
})  # fmt: skip
FINDINGS: Mapping[str, str] = MappingProxyType({"": "未发现问题", "ordinary": "一般隐患", "serious": "重大隐患"})
RISK_TONES: Mapping[str, str] = MappingProxyType({"high": "danger", "middle": "warning", "low": "neutral"})
