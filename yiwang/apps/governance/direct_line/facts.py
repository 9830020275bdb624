"""Facts of appeals and what is counted from them, for the cockpit: 三率 and two more, by the definitions of `rates`.

Sealed appeals are no facts here: a figure of one would tell of it.
"""

from __future__ import annotations

from yiwang.apps.governance.direct_line.asking import CHANNELS, KINDS
from yiwang.apps.governance.direct_line.posts import UNITS
from yiwang.engines.cockpit.spec import Indicator
from yiwang.engines.datahub.spec import Column, Dataset, Source

APPEALS = Dataset(
    key="appeals",
    title="诉求事实",
    grain="区长直通车的每件诉求一行，密件除外",
    columns=(
        Column("case_id", "诉求", "id"),
        Column("number", "编号"),
        Column("area", "区划"),
        Column("kind", "诉求类别", is_dimension=True, names=KINDS),
        Column("channel", "来件渠道", is_dimension=True, names=CHANNELS),
        Column("unit_kind", "主办单位类别", is_dimension=True, names=UNITS),
        Column("unit", "主办单位", "whole"),
        Column("received_at", "收到时间", "instant"),
        Column("responded_at", "首次响应时间", "instant"),
        Column("is_response_on_time", "按时响应", "flag"),
        Column("response_due_at", "响应期限", "instant", meaning="尚未响应的才有"),
        Column("is_refused", "不予受理", "flag"),
        Column("is_cancelled", "已作废", "flag"),
        Column("is_answered_at_once", "当场答复", "flag"),
        Column("due_at", "办结期限", "instant"),
        Column("closed_at", "办结时间", "instant"),
        Column("is_resolved", "已解决", "flag", meaning="回访作答的以回访为准；并入城市事件的以事件结案为准"),
        Column("grade", "评价", "whole", meaning="1 至 5，以回访为准；并案办结的以本人评价为准"),
        Column("returns", "退回次数", "whole"),
        Column("is_reopened", "重新办理", "flag"),
    ),
    keys=("case_id",),
    sources=(Source("cases_case", where="type = 'direct_line.appeal'"),),
    division="area",
    organisation="unit",
    at="received_at",
    holds={"响应不早于收到": "responded_at is null or responded_at >= received_at"},
)
ACCEPTED = "not is_refused and not is_cancelled and (responded_at is not null or response_due_at < :cutoff)"
"""Counted as taken up: not refused, and responded to or already past the limit of the response."""
ENDED = "closed_at is not null and not is_refused and not is_cancelled"
RESOLVED = "回访作答和并入城市事件办结的诉求中，已解决的"
_SOURCE = "按收到的时间归入时段；定义见区长直通车的说明页"


def _rate(key: str, title: str, numerator: str, denominator: str, meaning: str) -> Indicator:
    return Indicator(
        key=key, title=title, dataset=APPEALS, kind="rate", numerator=numerator, denominator=denominator,
        meaning=meaning, source=_SOURCE,
    )  # fmt: skip


INDICATORS = (
    _rate("response_rate", "诉求响应率", "is_response_on_time", ACCEPTED, "受理的诉求中，首次响应在时限内的"),
    _rate("resolution_rate", "诉求解决率", "is_resolved", "is_resolved is not null", RESOLVED),
    _rate("satisfaction_rate", "诉求满意率", "grade >= 3", "grade is not null", "有评价的诉求中，基本满意及以上的"),
    _rate("answered_on_time_rate", "诉求按时办结率", "closed_at <= due_at", ENDED, "办结的诉求中，在时限内的"),
    _rate("first_call_rate", "首呼解决率", "is_answered_at_once", ACCEPTED, "受理的诉求中，当场或三方通话答复的"),
)
