"""The first editions of the rules: a proposal in our own words until the district writes its own."""

from __future__ import annotations

from datetime import date

BEGINS = date(2020, 1, 1)
"""Before any case of a demonstration, so that each is judged by some edition."""


def seed(district: str) -> str:
    """The first editions; a sentence of what was new."""
    from yiwang.apps.governance.triage.standing import EMERGENCIES, SETTINGS, SURE_FROM, WORDING, first_rows
    from yiwang.engines.rulebooks.api import install_edition

    basis = "示范规则（建议值）"
    emergencies = first_rows("emergencies")
    made = install_edition(EMERGENCIES, emergencies, BEGINS, basis=basis)
    install_edition(WORDING, first_rows("wording"), BEGINS, basis=basis)
    install_edition(SETTINGS, [{"name": "sure_from", "value": SURE_FROM}], BEGINS, basis=basis)
    return f"紧急警情识别规则 {len(emergencies)} 条" if made else ""
