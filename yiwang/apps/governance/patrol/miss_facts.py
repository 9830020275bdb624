"""漏报事实: one row for each report by the public from a cell where a visit shortly before had found nothing."""

from __future__ import annotations

from yiwang.apps.governance.patrol.kinds import MISS_STATUSES
from yiwang.engines.datahub.spec import Column, Dataset, Source

MISSES = Dataset(
    key="misses",
    title="漏报事实",
    grain="每件可能漏报一行：刚巡查过的网格由群众先报的",
    columns=(
        Column("miss_id", "可能漏报", "id"),
        Column("case_id", "事件", "id"),
        Column("number", "编号"),
        Column("area", "网格"),
        Column("status", "状态", is_dimension=True, names=MISS_STATUSES),
        Column("is_confirmed", "确认漏报", "flag"),
        Column("reported_at", "上报时间", "instant"),
    ),
    keys=("miss_id",),
    sources=(Source("patrol_possiblemiss"),),
    division="area",
    at="reported_at",
    tallies={"每件可能漏报一行": "SELECT count(*) FROM patrol_possiblemiss"},
)
