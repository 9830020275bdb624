"""The fact table of city incidents: what the formulas of the field need, raw, one row for each incident."""

from __future__ import annotations

from yiwang.engines.datahub.spec import Column, Dataset, Source

SOURCES = {
    "citizen": "市民上报",
    "call": "电话",
    "inspector": "采集员",
    "email": "电子邮件",
    "open311": "Open311",
    "api": "接口",
    "sensor": "感知设备",
    "platform": "其他平台",
    "patrol": "网格巡查",
}
LEVELS = {"village": "村居", "town": "镇街", "district": "区"}
BUREAUS = {
    "government": "政府", "water": "水务", "urban": "城管", "traffic": "交通", "power": "供电", "housing": "住建",
    "police": "公安", "data": "政务数据",
}  # fmt: skip
EVERYDAY = {
    "manhole": "井盖缺失或破损",
    "road": "道路破损",
    "lamp": "路灯不亮",
    "waste": "暴露垃圾",
    "water": "积水或排水不畅",
    "other": "其他",
}
OUTCOMES = {
    "closed": "结案", "refused": "不予受理", "unfounded": "经核实不存在", "transferred": "已转紧急热线",
    "cancelled": "作废",
}  # fmt: skip
APPEALED = """
SELECT incident.id
FROM changed
JOIN cases_case AS appeal ON appeal.id = changed.key AND appeal.type = 'city_incident.timeout_appeal'
JOIN cases_case AS incident ON incident.number = appeal.category
"""
"""Incidents whose appeal moved."""

INCIDENTS = Dataset(
    key="incidents",
    title="事件事实",
    grain="每件城市部件事件一行",
    columns=(
        Column("case_id", "事件", "id"),
        Column("number", "编号"),
        Column("area", "区划", meaning="地点所在的最细区划；地点不明时为受理的镇街或区"),
        Column("category", "类别", is_dimension=True, names=EVERYDAY),
        Column("class_code", "类别编码", is_dimension=True),
        Column("source", "来源", is_dimension=True, names=SOURCES),
        Column("department", "主办单位", "whole", is_dimension=True),
        Column("department_kind", "主办系统", is_dimension=True, names=BUREAUS),
        Column("level", "解决层级", is_dimension=True, names=LEVELS),
        Column("is_urgent", "紧急", "flag", is_dimension=True, names={"true": "紧急", "false": "一般"}),
        Column("reported_at", "上报时间", "instant"),
        Column("doubted_at", "要求核实时间", "instant"),
        Column("confirmed_at", "核实时间", "instant"),
        Column("is_confirmed_on_time", "按时核实", "flag"),
        Column("accepted_at", "立案时间", "instant", meaning="受理，或经核实属实的时间"),
        Column("is_accepted_on_time", "按时立案", "flag"),
        Column("dispatched_at", "派遣时间", "instant", meaning="第一次派遣"),
        Column("is_dispatched_on_time", "按时派遣", "flag"),
        Column("returns", "回退次数", "whole", meaning="处置单位退回派遣的次数"),
        Column("handled_at", "处置时间", "instant", meaning="最后一次处置完成"),
        Column("handle_due_at", "处置时限", "instant"),
        Column("is_handled_on_time", "按期处置", "flag", meaning="原始事实，不含申诉"),
        Column("handle_seconds", "处置用时", "whole", meaning="处置时钟用去的秒数"),
        Column("late_helpers", "超时的协办", "whole", meaning="计协办单位，不计主办"),
        Column("verified_at", "核查时间", "instant", meaning="最后一次核查"),
        Column("is_verified_on_time", "按时核查", "flag"),
        Column("reworks", "返工次数", "whole", meaning="核查不合格的次数"),
        Column("due_at", "办结时限", "instant"),
        Column("closed_at", "办结时间", "instant"),
        Column("outcome", "结果", names=OUTCOMES),
        Column("is_closed_on_time", "按期办结", "flag", meaning="原始事实，不含申诉"),
        Column("is_cancelled", "作废", "flag"),
        Column("is_merged", "并案", "flag", meaning="并入其他事件办结"),
        Column("deferred_at", "挂账时间", "instant"),
        Column("extensions", "延期次数", "whole"),
        Column("is_supervised", "督办", "flag"),
        Column("rating", "评分", "whole"),
        Column("rated_at", "评价时间", "instant"),
        Column("is_excused", "申诉成立", "flag", meaning="超时申诉经批准，按期计；原始事实不变"),
    ),
    keys=("case_id",),
    sources=(
        Source("cases_case", where="type = 'city_incident.incident'"),
        Source("cases_case", where="type = 'city_incident.timeout_appeal'", reaches=APPEALED),
    ),
    division="area",
    at="reported_at",
    organisation="department",
    holds={
        "先上报后办结": "closed_at IS NULL OR closed_at >= reported_at",
        "先派遣后处置": "handled_at IS NULL OR dispatched_at <= handled_at",
        "结案必有办结时间": "outcome <> 'closed' OR closed_at IS NOT NULL",
        "评分在 1 至 5 之间": "rating IS NULL OR rating BETWEEN 1 AND 5",
    },
    tallies={"与事件总数相符": "SELECT count(*) FROM cases_case WHERE type = 'city_incident.incident'"},
)
