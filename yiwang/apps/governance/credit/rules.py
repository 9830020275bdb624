"""What an event costs or earns, which level a score is, what follows from a level: three books with dates of effect.

No public page states Nanhai's own rule, so every figure here is a *proposal*. That late work and failed checks cost a
department points for each case, with a bound, is inspired by a rule another city has published (`standards.md` 1.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from yiwang.apps.governance.credit.kinds import EVENTS, EVIDENCE, LEVELS, LISTS, SUBJECTS
from yiwang.engines.rulebooks.api import consult, install_edition
from yiwang.engines.rulebooks.spec import Book, Input, Output

BASE = 100.0
"""The score of whom nothing is known of; a proposal."""
BEGIN = date(2020, 1, 1)
OBJECT_DAYS = 30
"""Within how many days of its recording an entry may be objected to; a proposal."""
BASIS = "建议值，由区自行修订"

POINTS = Book(
    key="points",
    title="信用计分规则",
    inputs=(
        Input("event", "事项", options=EVENTS, is_required=True),
        Input("subject_kind", "评价对象", options=SUBJECTS, is_required=True),
    ),
    outputs=(
        Output("points", "计分", kind="number", is_required=True),
        Output("half_life", "半衰期（天）", kind="whole"),
        Output("linear_days", "线性消减（天）", kind="whole"),
        Output("cap", "每月上限（分）", kind="number"),
        Output("repair_days", "修复最短天数", kind="whole"),
        Output("evidence", "凭据", kind="choice", options=EVIDENCE, is_required=True),
        Output("statement", "说明", is_required=True),
    ),
    hint="计分为负是扣分。半衰期和线性消减填一个；都不填就不随时间减少。不填修复天数的不能修复。建议值。",
)
LEVEL_RULES = Book(
    key="levels",
    title="信用等级",
    inputs=(
        Input("level", "等级", options=LEVELS, is_required=True),
        Input("subject_kind", "评价对象", options=SUBJECTS),
    ),
    outputs=(
        Output("threshold", "不低于（分）", kind="number", is_required=True),
        Output("listed", "列入", kind="choice", options=LISTS),
        Output("months", "有效期（月）", kind="whole"),
    ),
    hint="从高到低第一个够得上的等级。列入名单的要填有效期。建议值。",
)
EFFECTS = Book(
    key="effects",
    title="信用结果应用",
    inputs=(
        Input("level", "等级", options=LEVELS, is_required=True),
        Input("subject_kind", "评价对象", options=SUBJECTS),
    ),
    outputs=(
        Output("factor", "检查频次系数", kind="number", is_required=True),
        Output("green_channel", "绿色通道", kind="boolean", is_required=True),
    ),
    hint="系数 2 是查两倍勤，0.5 是减半。建议值。",
)
_BY_EVENT: dict[str, tuple[tuple[str, ...], float, int, float, int | None, str, str]] = {
    "late": (("department", "town"), -2, 90, 20, 30, "case", "主办或协办超过处置时限，谁超时计谁"),
    "late_intake": (("town",), -1, 60, 10, 30, "case", "受理、派遣超过时限"),
    "late_check": (("inspector",), -1, 60, 10, 30, "case", "核实、核查超过时限"),
    "ruled_against": (("department",), -3, 120, 15, 60, "case", "退回后裁定仍由该单位办理"),
    "failed_check": (("department",), -2, 90, 16, 30, "case", "核查认定没有解决"),
    "rectified": (("department",), 1, 90, 8, None, "case", "核查不合格后在时限内返工合格"),
    "rectified_by_firm": (("firm",), 3, 90, 12, None, "visit", "整改期限内复查合格"),
    "bad_rating": (("department",), -1, 60, 10, 30, "case", "上报人评 1 至 2 分"),
    "good_rating": (("department",), 0.5, 60, 5, None, "case", "上报人评 5 分"),
    "refused_visit": (("inspector",), -0.5, 60, 5, 30, "visit", "巡查打卡没有通过核验"),
    "missed": (("inspector",), -3, 120, 15, 60, "case", "巡查后群众仍反映，经核实为漏报"),
    "found_hazard": (("inspector",), 1, 60, 6, None, "visit", "巡查查出重大隐患"),
    "hazard": (("firm",), -2, 60, 10, 15, "visit", "检查发现一般隐患"),
    "serious_hazard": (("firm",), -10, 180, 40, 60, "visit", "检查发现重大隐患"),
    "unrectified": (("firm",), -15, 365, 60, 90, "visit", "整改期限过后仍未整改"),
}  # fmt: skip
_LEVELS = (
    ("A", 102, "trusted", 6), ("B", 80, None, None), ("C", 60, None, None), ("D", -10_000, "distrusted", 12),
)  # fmt: skip
_EFFECTS = (("A", 0.5, True), ("B", 1, False), ("C", 1.5, False), ("D", 2, False))


class Rule(NamedTuple):
    """What one event does to one kind of subject: `cap` bounds the sum of a calendar month, either way."""

    points: float
    half_life: int
    linear_days: int
    cap: float
    repair_days: int | None
    statement: str

    def left(self, days: float) -> float:
        """The share that is left after `days`: halved every half-life, or running out evenly; 1 without either."""
        if self.half_life:
            return float(0.5 ** (max(days, 0.0) / self.half_life))
        if self.linear_days:
            return max(0.0, 1.0 - max(days, 0.0) / self.linear_days)
        return 1.0


class Level(NamedTuple):
    """The level of a score: which list it brings for how many months ('' and 0 without)."""

    key: str
    listed: str
    months: int


class Effect(NamedTuple):
    """What follows from a level."""

    factor: float
    green_channel: bool


def rule_of(event: str, kind: str, on: date) -> Rule | None:
    """The rule in force on the day of an entry; None when nothing is said, and the entry counts nothing."""
    row = consult("credit.points", {"event": event, "subject_kind": kind}, on)
    if row is None:
        return None
    return Rule(
        float(row["points"]), row.get("half_life") or 0, row.get("linear_days") or 0, float(row.get("cap") or 0),
        row.get("repair_days"), row["statement"],
    )  # fmt: skip


def level_of(score: float, kind: str, on: date) -> Level:
    """The first level from the top the score reaches, by the rules of a day."""
    for key in LEVELS:
        row = consult("credit.levels", {"level": key, "subject_kind": kind}, on)
        if row is not None and score >= float(row["threshold"]):
            return Level(key, row.get("listed") or "", row.get("months") or 0)
    return Level("", "", 0)


def effect_of(level: str, kind: str, on: date) -> Effect:
    """What a level brings on a day; nothing special where no rule says."""
    row = consult("credit.effects", {"level": level, "subject_kind": kind}, on)
    return Effect(float(row["factor"]), bool(row["green_channel"])) if row is not None else Effect(1.0, False)


def install_rules() -> int:
    """The first editions, once; how many rules."""
    firsts = (("points", _points()), ("levels", _level_rows()), ("effects", _effect_rows()))
    made = (install_edition(f"credit.{key}", list(rows), BEGIN, basis=BASIS) for key, rows in firsts)
    return sum(one.rules.count() for one in made if one is not None)


def _points() -> Iterator[dict[str, Any]]:
    for event, (kinds, points, half_life, cap, repair, evidence, statement) in _BY_EVENT.items():
        for kind in kinds:
            row = {"event": event, "subject_kind": kind, "points": points, "half_life": half_life, "cap": cap}
            row |= {"repair_days": repair} if repair is not None else {}
            yield {**row, "evidence": evidence, "statement": statement}


def _level_rows() -> Iterator[dict[str, Any]]:
    for level, threshold, listed, months in _LEVELS:
        row: dict[str, Any] = {"level": level, "threshold": threshold}
        yield row | ({"listed": listed, "months": months} if listed else {})


def _effect_rows() -> Iterator[dict[str, Any]]:
    for level, factor, green in _EFFECTS:
        yield {"level": level, "factor": factor, "green_channel": green}
