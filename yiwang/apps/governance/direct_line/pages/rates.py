"""三率 by town, unit, kind or month, with the definitions beside the figures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from yiwang.apps.governance.direct_line import asking
from yiwang.apps.governance.direct_line.selectors import rates
from yiwang.apps.governance.direct_line.selectors.rates import Calls, Counts
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, today
from yiwang.kernel.clock import CHINA
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Column, Filter, FilterBar, Row, Table
from yiwang.ui.components.simple import Stat
from yiwang.ui.pages import staff_page

BY = {
    "town": gettext_noop("按镇街"), "unit": gettext_noop("按单位"), "kind": gettext_noop("按类别"),
    "month": gettext_noop("按月"),
}  # fmt: skip
_PERIOD = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?\Z")
_RESPONSE = gettext_noop(
    "按时首次响应数 ÷ 受理数。收到起 1 个工作日内受理、答复或转办为按时；不予受理的不计，逾期未响应的计入受理数。"
    "并案期间不计时，得到自己的答复即为响应。"
)
_RESOLUTION = gettext_noop(
    "已解决数 ÷ 知道是否解决的件数。以回访作答为准；并入城市事件的，事件结案为已解决，经核实不存在为未解决。"
)
_SATISFACTION = gettext_noop("基本满意及以上数 ÷ 给出评价数。以回访为准，没有回访或并案办结的以诉求人评价为准。")
DEFINITIONS = (
    (gettext_noop("响应率"), _RESPONSE),
    (gettext_noop("解决率"), _RESOLUTION),
    (gettext_noop("满意率"), _SATISFACTION),
    (gettext_noop("按时办结率"), gettext_noop("时限内办结数 ÷ 办结数。")),
    (gettext_noop("首呼解决率"), gettext_noop("当场答复或三方通话答复数 ÷ 受理数。")),
    (gettext_noop("接通率"), gettext_noop("接听数 ÷ 呼入数，来自话务系统的记录；没有记录则没有这个数。")),
)  # fmt: skip


@require_safe
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """The rates of a month (`2021-09`) or a year (`2021`), parted `by`."""
    actor = actor_of(request)
    period, begin, end = _period(request.GET.get("period", ""))
    by = request.GET.get("by", "")
    by = by if by in BY else "town"
    parts = rates.counted(actor, by, begin, end)
    whole, calls = rates.total(parts), rates.calls(actor, begin, end)
    context = {
        "bar": _bar(period, by), "figures": _figures(whole, calls), "table": _table(by, parts, whole, (begin, end)),
        "definitions": [(gettext(title), gettext(text)) for title, text in DEFINITIONS], "period": period,
    }  # fmt: skip
    return staff_page(request, "direct_line/rates.html", context)


def _period(text: str) -> tuple[str, datetime, datetime]:
    """The period as asked, this month when none or nonsense is; from its first midnight in China to the next one's."""
    found = _PERIOD.match(text)
    if found is None:
        text = f"{today():%Y-%m}"
        found = _PERIOD.match(text)
    assert found is not None
    year, month = int(found[1]), int(found[2] or 0)
    begin = datetime(year, month or 1, 1, tzinfo=CHINA)
    end = datetime(year + (month in (0, 12)), month % 12 + 1 if month else 1, 1, tzinfo=CHINA)
    return text, begin, end


def _bar(period: str, by: str) -> FilterBar:
    day = today()
    months = [f"{day.year - (day.month <= back)}-{(day.month - back - 1) % 12 + 1:02d}" for back in range(12)]
    choices = list(dict.fromkeys([period, *months, *map(str, range(day.year, day.year - 3, -1))]))
    return FilterBar(
        action=reverse("direct_line:rates"),
        filters=[
            Filter(name="period", title=gettext("时段"), options=[(one, one) for one in choices], value=period),
            Filter(
                name="by", title=gettext("分组"), options=[(key, gettext(one)) for key, one in BY.items()], value=by
            ),
        ],
    )


def _shown(rate: Decimal | None) -> str:
    return f"{rate}%" if rate is not None else "—"


def _figures(whole: Counts, calls: Calls) -> list[Stat]:
    told = [
        (gettext("受理"), f"{whole.accepted:,}"), (gettext("响应率"), _shown(whole.response)),
        (gettext("解决率"), _shown(whole.resolution)), (gettext("满意率"), _shown(whole.satisfaction)),
        (gettext("按时办结率"), _shown(whole.closing)), (gettext("首呼解决率"), _shown(whole.first_call)),
    ]  # fmt: skip
    if calls.rang:
        told += [(gettext("接通率"), _shown(calls.connected)), (gettext("15 秒接听率"), _shown(calls.quick))]
    return [Stat(title=title, value=value) for title, value in told]


def _table(by: str, parts: list[Counts], whole: Counts, span: tuple[datetime, datetime]) -> Table:
    titles = ("受理", "响应率", "解决率", "满意率", "按时办结率", "首呼解决率", "退回过", "重办")
    columns = [Column(title=gettext("分组")), *(Column(title=gettext(one), is_figures=True) for one in titles)]
    rows = [
        Row(key=one.part or "none", cells=[_title(by, one.part), *_cells(one)], href=_listed(by, one.part, *span))
        for one in parts
    ]
    if parts:
        rows.append(Row(key="total", cells=[gettext("合计"), *_cells(whole)], href=_listed("", "", *span)))
    empty = EmptyState(title=gettext("这个时段没有诉求"), text=gettext("请换一个时段。"), icon="chart")
    return Table(title=gettext("三率"), columns=columns, rows=rows, empty=empty)


def _listed(by: str, part: str, begin: datetime, end: datetime) -> str:
    """The list of the appeals behind a row; '' where lists know no such filter."""
    if by == "unit":
        return ""
    if by == "month":
        _, begin, end = _period(part)
    asked = {"type": "direct_line.appeal", "box": "all", "opened_from": f"{begin:%Y-%m-%d}"}
    asked["opened_to"] = f"{end - timedelta(days=1):%Y-%m-%d}"
    asked |= {"town": {"area": part}, "kind": {"category": part}}.get(by, {})
    return f"{reverse('desk:work')}?{urlencode(asked)}"


def _cells(one: Counts) -> list[object]:
    shares = (one.response, one.resolution, one.satisfaction, one.closing, one.first_call)
    return [f"{one.accepted:,}", *map(_shown, shares), f"{one.returned:,}", f"{one.reopened:,}"]


def _title(by: str, part: str) -> str:
    if by == "kind":
        return gettext(asking.KINDS.get(part, part))
    if by == "unit" and not part:
        return gettext("未转单位")
    name = rates.titled(by, part)
    if by == "town" and not name:
        return gettext("未定镇街")
    return gettext(name) if by == "unit" else name or part
