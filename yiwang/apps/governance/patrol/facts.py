"""巡查事实: one row for each visit, and what is counted from them."""

from __future__ import annotations

from yiwang.apps.governance.patrol.kinds import FINDINGS, PLACE_KINDS, RISKS, VISIT_STATUSES
from yiwang.engines.cockpit.spec import Indicator
from yiwang.engines.datahub.spec import Column, Dataset, Source

VISITS = Dataset(
    key="visits",
    title="巡查事实",
    grain="每次巡查打卡一行，重复和未通过的也在内",
    columns=(
        Column("visit_id", "巡查", "id"),
        Column("cell", "网格"),
        Column("inspector_id", "网格员", "whole"),
        Column("kind", "场所类别", is_dimension=True, names=PLACE_KINDS),
        Column("risk", "风险等级", is_dimension=True, names=RISKS),
        Column("status", "状态", is_dimension=True, names=VISIT_STATUSES),
        Column("finding", "结果", is_dimension=True, names=FINDINGS),
        Column("taken_at", "打卡时间", "instant"),
        Column("received_at", "上传时间", "instant"),
        Column("is_late", "是否迟报", "flag"),
        Column("has_incident", "是否转为事件", "flag"),
    ),
    keys=("visit_id",),
    sources=(Source("patrol_visit"),),
    division="cell",
    at="taken_at",
    holds={"状态只有三种": "status in ('done', 'duplicate', 'refused')"},
    tallies={"每次巡查一行": "SELECT count(*) FROM patrol_visit"},
)

COUNT = Indicator(
    key="visit_count", title="巡查次数", dataset=VISITS, kind="count", numerator="status = 'done'", unit="次",
    meaning="计入的巡查；重复和未通过的不算。", source="建议口径",
)  # fmt: skip
FINDING_RATE = Indicator(
    key="finding_rate", title="巡查发现率", dataset=VISITS, kind="rate", numerator="finding <> ''",
    denominator="status = 'done'", meaning="计入的巡查中发现隐患的占比。", source="建议口径",
)  # fmt: skip
LATE_RATE = Indicator(
    key="late_rate", title="巡查迟报率", dataset=VISITS, kind="rate", numerator="is_late",
    denominator="status = 'done'", is_less_better=True, meaning="计入的巡查中打卡24小时后才传到的占比。",
    source="建议口径",
)  # fmt: skip
