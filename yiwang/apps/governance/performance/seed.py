"""Before the first day: the fact tables stand, and the first edition of the scoring rules (a proposal) is in force."""

from __future__ import annotations

from yiwang.apps.governance.performance.scores import BEGINS, BOOK, FIRST_EDITION
from yiwang.engines.cockpit.api import indicators
from yiwang.engines.datahub.api import ensure_tables
from yiwang.engines.rulebooks.api import install_edition


def seed(district: str) -> str:
    """Tables and rules where they are missing; formulas that do not fit their facts stop the start here."""
    indicators()
    made = ensure_tables()
    installed = install_edition(BOOK, FIRST_EDITION, BEGINS, basis="金华评分办法（建议值）")
    told = [f"数据集 {len(made)} 个"] if made else []
    return "，".join([*told, "评分规则一版"] if installed else told)
