"""网格巡查 patrol: who leads a cell, which places are due, what a visit found, and where it is recorded.

Three systems asked an inspector the same questions three times; here one visit answers once for all of them
(`checklist`, `systems`). Visits are half a million a year and no cases: a table of their own with a chained history.
"""

from __future__ import annotations

from yiwang.apps.governance.patrol.cell_facts import CELLS
from yiwang.apps.governance.patrol.checklist import VISIT
from yiwang.apps.governance.patrol.facts import COUNT, FINDING_RATE, LATE_RATE, VISITS
from yiwang.apps.governance.patrol.intervals import INTERVALS
from yiwang.apps.governance.patrol.miss_facts import MISSES
from yiwang.engines.directory.spec import Role
from yiwang.kernel.app import App

GRID_WORKER = Role(key="grid_worker", title="网格员", scope="town", at=("village",), may=("patrol",))
PATROL_SUPERVISOR = Role(key="patrol_supervisor", title="巡查督导员", scope="town", may=("supervise",))

APP = App(
    key="patrol",
    title="网格巡查",
    net="governance",
    rows=("R44", "R45", "R46"),
    figures={"visits": 530_000, "findings": 130_000},
    parts=(GRID_WORKER, PATROL_SUPERVISOR, VISIT, INTERVALS, VISITS, COUNT, FINDING_RATE, LATE_RATE, MISSES, CELLS),
)
