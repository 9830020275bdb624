"""The words of credit: whom it is about, what may happen, and what an entry may be."""

from __future__ import annotations

from collections.abc import Mapping

SUBJECTS: Mapping[str, str] = {"department": "部门", "town": "镇街", "inspector": "检查员", "firm": "企业"}
"""A department is an organisation, a town its division, an inspector a user, a firm a party or an inspected place."""
EVENTS: Mapping[str, str] = {
    "late": "处置超时", "late_intake": "受理派遣超时", "late_check": "核查超时", "ruled_against": "退回后裁定败诉",
    "failed_check": "核查不合格", "rectified": "限期内返工合格", "rectified_by_firm": "限期内整改合格",
    "bad_rating": "群众差评", "good_rating": "群众好评",
    "refused_visit": "打卡未通过", "missed": "确认漏报", "found_hazard": "查出重大隐患", "hazard": "有一般隐患",
    "serious_hazard": "有重大隐患", "unrectified": "逾期未整改",
}  # fmt: skip
FREEZE, RELEASE, WITHDRAW, REPAIR = "freeze", "release", "withdraw", "repair"
CHANGES: Mapping[str, str] = {
    FREEZE: "异议期间冻结", RELEASE: "异议不成立，恢复计分", WITHDRAW: "更正：撤销记录", REPAIR: "信用修复",
}  # fmt: skip
"""Entries about an earlier entry. Nothing is ever updated: who withdraws, why and when is an entry too."""
EVIDENCE: Mapping[str, str] = {"case": "案件办理历史", "visit": "巡查记录"}
LEVELS: Mapping[str, str] = {"A": "A 级", "B": "B 级", "C": "C 级", "D": "D 级"}
LISTS: Mapping[str, str] = {"trusted": "守信名单", "distrusted": "失信名单"}
OBJECTION, REPAIRING = "credit.objection", "credit.repair"
READ, OBJECT, FREEZE_MONTH = "credit.read", "credit.object", "credit.freeze"
"""Verbs of this app's pages."""
