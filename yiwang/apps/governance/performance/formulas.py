"""The rates of the field (`standards.md` 1.4), each over the facts of incidents reported in the period.

应处置 is what was dispatched and not cancelled; 应结案 what was handled or later; an approved appeal counts as on time.
An incident merged into another is neither to be handled nor to be closed by itself, nor counted as closed (a proposal):
its main is. What a step did after the cut-off is not counted, so the figures of a past period do not move by work done
later.
"""

from __future__ import annotations

from yiwang.apps.governance.performance.facts import INCIDENTS
from yiwang.engines.cockpit.spec import Indicator

LOCAL = "城市管理系统通行的评价指标"
TAKEN = "outcome <> 'transferred'"
TO_HANDLE = "dispatched_at <= :cutoff AND NOT is_cancelled AND NOT is_merged"
HANDLED = f"{TO_HANDLE} AND handled_at <= :cutoff"
TO_CLOSE = HANDLED
CLOSED = "closed_at <= :cutoff AND outcome = 'closed' AND NOT is_merged"
CLOSED_ON_TIME = f"{CLOSED} AND (is_closed_on_time OR is_excused)"
NOT_DEFERRED = "(deferred_at IS NULL OR deferred_at > :cutoff)"


def rate(
    key: str, title: str, numerator: str, denominator: str, meaning: str, *, is_less_better: bool = False
) -> Indicator:
    """A share in percent."""
    return Indicator(
        key=key, title=title, dataset=INCIDENTS, kind="rate", numerator=numerator, denominator=denominator,
        meaning=meaning, is_less_better=is_less_better, source=LOCAL,
    )  # fmt: skip


def count(key: str, title: str, condition: str, meaning: str) -> Indicator:
    """A number of incidents."""
    return Indicator(
        key=key, title=title, dataset=INCIDENTS, kind="count", numerator=condition, unit="件", meaning=meaning,
        source=LOCAL,
    )  # fmt: skip


REPORTED = count("reported", "上报数", TAKEN, "时段内上报的事件；转紧急热线的不在内")
REGISTERED = count("registered", "立案数", "accepted_at <= :cutoff", "其中截止前立案的")
HANDLED_COUNT = count("handled", "处置数", HANDLED, "其中截止前处置完成的")
CLOSED_COUNT = count("closed", "结案数", CLOSED, "其中截止前结案的；并入其他事件的不在内")

SETTLING = rate(
    "settling_rate", "工单总办结率", "closed_at <= :cutoff",
    f"{TAKEN} AND due_at <= :cutoff AND NOT is_cancelled AND NOT is_merged",
    "截止前已办结（含不予受理）的 / 截止前到期的；并入其他事件的不在内；不会超过 100%",
)  # fmt: skip
REGISTERING = rate("registering_rate", "立案率", "accepted_at <= :cutoff", TAKEN, "立案数 / 上报数")
ON_TIME_REGISTERING = rate(
    "on_time_registering_rate", "按时立案率", "is_accepted_on_time", "accepted_at <= :cutoff", "按时立案数 / 立案数"
)
VALID = rate(
    "valid_report_rate", "有效上报率", "accepted_at <= :cutoff AND NOT is_merged", TAKEN,
    "立案且不与其他事件重复的 / 上报数",
)  # fmt: skip
CONFIRMING = rate(
    "confirming_rate", "核实率", "confirmed_at <= :cutoff", "doubted_at <= :cutoff", "已核实的 / 应核实的"
)
ON_TIME_CONFIRMING = rate(
    "on_time_confirming_rate", "按时核实率", "confirmed_at <= :cutoff AND is_confirmed_on_time",
    "doubted_at <= :cutoff", "按时核实的 / 应核实的",
)  # fmt: skip
ACCURATE = rate(
    "accurate_dispatch_rate", "准确派遣率", "returns = 0", "dispatched_at <= :cutoff", "没有被退回的 / 派遣数"
)
RETURNING = rate(
    "returning_rate", "回退率", "returns > 0", "dispatched_at <= :cutoff", "被退回过的 / 派遣数", is_less_better=True
)
HANDLING = rate("handling_rate", "处置率", "handled_at <= :cutoff", TO_HANDLE, "处置数 / 应处置数")
ON_TIME_HANDLING = rate(
    "on_time_handling_rate", "按期处置率", "handled_at <= :cutoff AND (is_handled_on_time OR is_excused)", TO_HANDLE,
    "按期处置数 / 应处置数；申诉成立的计为按期",
)  # fmt: skip
REWORKING = rate("reworking_rate", "返工率", "reworks > 0", HANDLED, "返工的 / 处置数", is_less_better=True)
VERIFYING = rate("verifying_rate", "核查率", "verified_at <= :cutoff", HANDLED, "已核查的 / 应核查（已处置）的")
ON_TIME_VERIFYING = rate(
    "on_time_verifying_rate", "按时核查率", "verified_at <= :cutoff AND is_verified_on_time", HANDLED,
    "按时核查的 / 应核查（已处置）的",
)  # fmt: skip
CLOSING = rate("closing_rate", "结案率", CLOSED, TO_CLOSE, "结案数 / 应结案数（处置完成及以后的）")
ON_TIME_CLOSING = rate(
    "on_time_closing_rate", "按期结案率", CLOSED_ON_TIME, TO_CLOSE, "按期结案数 / 应结案数；申诉成立的计为按期"
)
NET_CLOSING = rate(
    "net_closing_rate", "结案率（扣除缓办）", CLOSED, f"{TO_CLOSE} AND {NOT_DEFERRED}", "结案数 / (应结案数 − 缓办数)"
)
NET_ON_TIME_CLOSING = rate(
    "net_on_time_closing_rate", "按期结案率（扣除缓办）", CLOSED_ON_TIME, f"{TO_CLOSE} AND {NOT_DEFERRED}",
    "按期结案数 / (应结案数 − 缓办数)",
)  # fmt: skip
URGENT_CLOSING = rate(
    "urgent_closing_rate", "紧急问题结案率", CLOSED, f"{TO_CLOSE} AND is_urgent", "紧急问题结案数 / 紧急问题应结案数"
)
URGENT_ON_TIME_CLOSING = rate(
    "urgent_on_time_closing_rate", "紧急问题按期结案率", CLOSED_ON_TIME, f"{TO_CLOSE} AND is_urgent",
    "紧急问题按期结案数 / 紧急问题应结案数",
)  # fmt: skip
DUPLICATES = rate("duplicate_rate", "重复案件率", "is_merged", TAKEN, "并入其他事件的 / 上报数", is_less_better=True)
IN_VILLAGE = rate(
    "solved_in_village", "小事不出村", "level = 'village'", f"{CLOSED} AND level <> ''", "村居解决的 / 结案数"
)
IN_TOWN = rate("solved_in_town", "中事不出镇", "level = 'town'", f"{CLOSED} AND level <> ''", "镇街解决的 / 结案数")
IN_DISTRICT = rate(
    "solved_in_district", "大事不出区", "level = 'district'", f"{CLOSED} AND level <> ''", "区解决的 / 结案数"
)
SATISFIED = rate("satisfied_rate", "满意率", "rating >= 4", "rated_at <= :cutoff", "评 4 分以上的 / 已评价的")
HANDLING_HOURS = Indicator(
    key="handling_hours", title="平均处置用时", dataset=INCIDENTS, kind="average", numerator="handle_seconds",
    denominator=HANDLED, unit="工作小时", scale=3600, is_less_better=True, source=LOCAL,
    meaning="处置时钟用去的时间 / 处置数",
)  # fmt: skip

MISSED = Indicator(
    key="missed_rate", title="漏报率", dataset="patrol.misses", kind="rate", numerator="is_confirmed",
    is_less_better=True, source=LOCAL, meaning="确认漏报的 / 刚巡查过的地方由群众先报的",
)  # fmt: skip
COVERED = Indicator(
    key="covered_area_rate", title="区域覆盖率", dataset="patrol.cells", kind="rate",
    numerator="visited_at <= :cutoff", source=LOCAL, meaning="当月有有效巡查的网格 / 全部网格，逐月计",
)  # fmt: skip
LEAGUE = (
    REPORTED, SETTLING, REGISTERING, HANDLING, ON_TIME_HANDLING, CLOSING, ON_TIME_CLOSING, ACCURATE, REWORKING,
    SATISFIED,
)  # fmt: skip
"""Columns of the league tables."""
OTHERS = (
    REGISTERED, HANDLED_COUNT, CLOSED_COUNT, ON_TIME_REGISTERING, VALID, CONFIRMING, ON_TIME_CONFIRMING, RETURNING,
    VERIFYING, ON_TIME_VERIFYING, NET_CLOSING, NET_ON_TIME_CLOSING, URGENT_CLOSING, URGENT_ON_TIME_CLOSING, DUPLICATES,
    IN_VILLAGE, IN_TOWN, IN_DISTRICT, HANDLING_HOURS, MISSED, COVERED,
)  # fmt: skip
ALL = (*LEAGUE, *OTHERS)
