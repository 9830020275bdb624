"""全闭环统计 performance: what the whole loop comes to, by town and by department, down to the single case (R43).

Formulas follow the field (`standards.md` 1.4); which of them are scored and how is a rulebook, a proposal.
"""

from __future__ import annotations

from yiwang.apps.governance.performance.facts import INCIDENTS
from yiwang.apps.governance.performance.formulas import ALL
from yiwang.apps.governance.performance.scores import SCORES
from yiwang.engines.directory.spec import Role
from yiwang.kernel.app import App

BUREAUS = ("water", "urban", "traffic", "power", "housing")
ASSESSOR = Role(key="assessor", title="考核员", scope="district", may=("facts.read", "figures.freeze"))
TOWN_ASSESSOR = Role(key="town_assessor", title="镇街考核员", scope="town", may=("facts.read",))
OFFICE_ASSESSOR = Role(
    key="office_assessor", title="部门考核员", scope="town", sees="organisation", at=BUREAUS, may=("facts.read",)
)

APP = App(
    key="performance",
    title="全闭环统计",
    net="governance",
    rows=("R43",),
    figures={"settling_rate": 0.9941},
    parts=(ASSESSOR, TOWN_ASSESSOR, OFFICE_ASSESSOR, INCIDENTS, *ALL, SCORES),
)
