"""网格覆盖事实: one row for each cell and month, so that cells nobody visited are counted too."""

from __future__ import annotations

from yiwang.engines.datahub.spec import Column, Dataset, Source

CELLS = Dataset(
    key="cells",
    title="网格覆盖事实",
    grain="每个网格每月一行，没有去过的也有",
    columns=(
        Column("cell_month_id", "网格月份", "id"),
        Column("area", "网格"),
        Column("month", "月份", "day"),
        Column("begins_at", "月初", "instant"),
        Column("visited_at", "当月首次巡查", "instant"),
    ),
    keys=("cell_month_id",),
    sources=(Source("patrol_cellmonth"),),
    division="area",
    at="begins_at",
    tallies={"每个网格每月一行": "SELECT count(*) FROM patrol_cellmonth"},
)
