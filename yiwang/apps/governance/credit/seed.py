"""Before the first day: the first editions of the rules (proposals), and every office and town with the base score."""

from __future__ import annotations

from yiwang.apps.governance.credit.rules import install_rules
from yiwang.apps.governance.credit.services.building import BUILDER
from yiwang.apps.governance.credit.services.counting import count
from yiwang.apps.governance.credit.services.subjects import keep_offices
from yiwang.engines.datahub.api import ensure_tables


def seed(district: str) -> str:
    """What was new, or ''."""
    ensure_tables()
    rules, offices = install_rules(), keep_offices()
    if offices:
        count(BUILDER)
    told = [f"信用规则第一版（建议值），{rules} 条"] if rules else []
    return "；".join([*told, f"信用评价对象 {offices} 个"] if offices else told)
