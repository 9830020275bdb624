"""The words of electric bicycles: what is against the rules, who saw it, what alarms tell, what follows."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "red_light": "闯红灯", "wrong_way": "逆行", "no_helmet": "不戴头盔", "passenger": "违规载人",
    "modified": "非法改装",
    "indoor_charging": "入户充电", "blocking": "停放充电堵塞通道", "other": "其他",
}  # fmt: skip
SOURCES: Mapping[str, str] = {"police": "交警", "grid": "网格员", "camera": "卡口摄像", "building": "楼宇物业"}
ALARMS: Mapping[str, tuple[str, str]] = {
    "lift": ("电梯阻车报警", "E0601"), "charging": ("入户充电报警", "E0601"), "passage": ("通道占用报警", "E0602"),
}  # fmt: skip
"""Kind of alarm: its title and the official class of the incident it opens."""
STEPS: Mapping[str, str] = {"remind": "提醒", "interview": "约谈", "penalty": "处罚", "transfer": "移送"}
SEVERITIES: Mapping[str, str] = {"slight": "轻微", "injury": "有人受伤", "death": "有人死亡"}
MEASURE, INCIDENT = "non_motor.measure", "city_incident.incident"
READ, RECORD, IMPORT, ALARM = "non_motor.read", "non_motor.record", "non_motor.import", "non_motor.alarm"
"""Verbs of this app's pages and of its door for devices."""
PLATE = r"[\u4e00-\u9fff]?[\u4e00-\u9fffA-Z0-9]{4,9}"
"""A plate as districts write them: maybe a province or city sign, then letters and digits."""
