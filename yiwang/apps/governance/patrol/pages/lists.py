"""漏巡, 重复, 未通过, 可能漏报, and what each of the three systems gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.patrol.kinds import MISS_STATUSES, PLACE_KINDS
from yiwang.apps.governance.patrol.models import RECORD_STATUSES, PossibleMiss
from yiwang.apps.governance.patrol.pages.asking import Ask, ask
from yiwang.apps.governance.patrol.pages.showing import finding_tag, risk_tag
from yiwang.apps.governance.patrol.selectors import visits
from yiwang.apps.governance.patrol.services.misses import judge
from yiwang.apps.governance.patrol.systems import SYSTEMS
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import Actor, actor_of, name_of, path_of, today
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Link, Tag
from yiwang.ui.pages import staff_page

ODD = {"overdue": "漏巡", "unrectified": "待整改", "duplicate": "重复巡查", "refused": "打卡未通过", "miss": "可能漏报"}
_MISS_TONES = {"open": "warning", "confirmed": "danger", "dismissed": "neutral"}
_RECORD_TONES = {"ready": "warning", "sent": "accent", "confirmed": "success"}


@require_safe
@staff_only
def odd(request: HttpRequest) -> HttpResponse:
    """One list at a time; `?kind=` chooses, `?division=` narrows."""
    kind = request.GET.get("kind", "overdue")
    if kind not in ODD:
        raise NotFound
    within, after = request.GET.get("division", ""), request.GET.get("after", "")
    show: dict[str, Callable[[Actor, str, str], tuple[Table, str]]] = {
        "overdue": _overdue, "unrectified": _unrectified, "miss": _misses,
    }  # fmt: skip
    make = show.get(kind) or (lambda actor, code, key: _visits(actor, kind, code, key))
    table, note = make(actor_of(request), within, after)
    tabs = [
        Tab(title=gettext(title), href=f"?{urlencode({'kind': key, 'division': within})}", is_current=key == kind)
        for key, title in ODD.items()
    ]
    where = f"（{name_of(within)}）" if within else ""
    context = {
        "title": gettext("漏巡与重复") + where, "tabs": Tabs(title=gettext("清单"), tabs=tabs), "table": table,
        "note": note,
    }  # fmt: skip
    return staff_page(request, "patrol/list.html", context)


def _onward(kind: str, division: str, after: str) -> str:
    return "?" + urlencode({"kind": kind, "division": division, "after": after}) if after else ""


def _table(title: str, titles: tuple[str, ...], rows: list[Row], next_url: str, empty: str) -> Table:
    columns = [Column(title=gettext(one)) for one in titles]
    return Table(
        title=title, columns=columns, rows=rows, next_url=next_url, empty=EmptyState(title=gettext(empty), icon="check")
    )


def _overdue(actor: Actor, division: str, after: str) -> tuple[Table, str]:
    page = visits.overdue_places(actor, division, after)
    rows = [
        Row(
            key=str(place.id), href=reverse("patrol:cell", args=[place.cell]),
            cells=[
                place.name, path_of(place.cell), gettext(PLACE_KINDS[place.kind]), risk_tag(place.risk), place.due_on,
                gettext("%(days)s 天") % {"days": (today() - place.due_on).days},
            ],
        )
        for place in page.rows
    ]  # fmt: skip
    titles = ("场所", "网格", "类别", "风险", "应巡日期", "已逾期")
    note = gettext("过了应巡日期仍没有有效巡查的场所，逾期最久的在前。")
    return _table(gettext("漏巡"), titles, rows, _onward("overdue", division, page.after), "没有漏巡的场所"), note


def _unrectified(actor: Actor, division: str, after: str) -> tuple[Table, str]:
    page = visits.unrectified(actor, division, after)
    on = today()
    rows = [
        Row(
            key=str(visit.id), href=reverse("patrol:visit", args=[visit.id]),
            cells=[
                visit.place.name, path_of(visit.cell), finding_tag(visit), visit.rectify_by,
                Tag(text=gettext("已逾期"), tone="danger") if visit.rectify_by and visit.rectify_by < on else "",
                visit.inspector,
            ],
        )
        for visit in page.rows
    ]  # fmt: skip
    titles = ("场所", "网格", "结果", "整改期限", "状态", "网格员")
    note = gettext("近两个月发现隐患、其后还没有复查合格的场所；整改期限到了会自动排入计划。")
    return _table(
        gettext("待整改"), titles, rows, _onward("unrectified", division, page.after), "没有待整改的隐患"
    ), note


def _visits(actor: Actor, kind: str, division: str, after: str) -> tuple[Table, str]:
    page = visits.odd_visits(actor, kind, division, after)
    reasons = {"outside": "位置在网格外", "hours": "不在时段内", "twice": "12小时内已巡查"}
    rows = [
        Row(
            key=str(visit.id), href=reverse("patrol:visit", args=[visit.id]),
            cells=[
                visit.place.name, path_of(visit.cell), Time(at=visit.taken_at), visit.inspector,
                gettext(reasons.get(visit.reason, visit.reason)), finding_tag(visit),
            ],
        )
        for visit in page.rows
    ]  # fmt: skip
    titles = ("场所", "网格", "时间", "网格员", "原因", "结果")
    note = {
        "duplicate": gettext("同一场所12小时内再次巡查的，保留记录，不重复计数。"),
        "refused": gettext("打卡位置在网格外，或不在规定时段内的，留痕备查，不计入覆盖率。"),
    }[kind]
    return _table(gettext(ODD[kind]), titles, rows, _onward(kind, division, page.after), "没有这样的记录"), note


def _misses(actor: Actor, division: str, after: str) -> tuple[Table, str]:
    page = visits.misses_in(actor, division, after)
    cases = seen_cases(actor, [miss.case_id for miss in page.rows])
    rows = [_miss_row(miss, cases.get(miss.case_id)) for miss in page.rows]
    titles = ("事件", "网格", "市民上报", "此前巡查", "巡查人", "结论")
    note = gettext("市民上报前24小时内，该网格有巡查而未发现问题的，列出供核实。")
    return _table(gettext("可能漏报"), titles, rows, _onward("miss", division, page.after), "没有待核实的漏报"), note


def _miss_row(miss: PossibleMiss, case: Any) -> Row:
    title = f"{miss.case_number} {case.title}" if case is not None else miss.case_number
    verdict: object = Tag(text=gettext(MISS_STATUSES[miss.status]), tone=_MISS_TONES[miss.status])
    if miss.status == "open":
        verdict = Link(text=gettext("核实"), href=reverse("patrol:miss", args=[miss.id]))
    visit = Link(text=Time(at=miss.visit.taken_at).render(), href=reverse("patrol:visit", args=[miss.visit_id]))
    return Row(
        key=str(miss.id),
        cells=[title, path_of(miss.cell), Time(at=miss.reported_at), visit, miss.visit.inspector, verdict],
    )


@staff_only
def judge_miss(request: HttpRequest, miss_id: UUID) -> HttpResponse:
    """Whether the visit overlooked what the citizen told of."""
    actor = actor_of(request)
    miss = visits.miss_of(actor, miss_id)

    def do(values: dict[str, Any]) -> str:
        judge(actor, miss_id, values["status"], values["note"])
        return gettext("核实结论已记录。")

    options = [(key, gettext(MISS_STATUSES[key])) for key in ("confirmed", "dismissed")]
    fields = [Ask(name="status", title="结论", options=options), Ask(name="note", title="说明")]
    return ask(request, gettext("核实漏报"), fields, do, f"{reverse('patrol:odd')}?kind=miss", text=miss.case_number)


@require_safe
@staff_only
def records(request: HttpRequest) -> HttpResponse:
    """What one system gets, each record with its own status."""
    chosen = SYSTEMS.get(request.GET.get("system", "fire"))
    if chosen is None:
        raise NotFound
    page = visits.records_in(
        actor_of(request), chosen.key, request.GET.get("division", ""), request.GET.get("after", "")
    )
    rows = [
        Row(
            key=f"{record.visit_id}", href=reverse("patrol:visit", args=[record.visit_id]),
            cells=[
                record.content.get("unit_name", ""), path_of(record.cell), Time(at=record.at),
                record.content.get("checked_by", ""),
                Tag(text=gettext(RECORD_STATUSES[record.status]), tone=_RECORD_TONES[record.status]), record.reference,
            ],
        )
        for record in page.rows
    ]  # fmt: skip
    tabs = [
        Tab(title=gettext(system.title), href=f"?system={system.key}", is_current=system is chosen)
        for system in SYSTEMS.values()
    ]
    next_url = "?" + urlencode({"system": chosen.key, "after": page.after}) if page.after else ""
    titles = ("单位", "网格", "检查时间", "检查人", "状态", "对方编号")
    context = {
        "title": gettext("三系统记录"), "tabs": Tabs(title=gettext("系统"), tabs=tabs),
        "table": _table(gettext(chosen.title), titles, rows, next_url, "还没有记录"),
        "note": gettext("每次巡查只填一张表，按场所类别自动写入各系统；各系统的状态各自独立。"),
    }  # fmt: skip
    return staff_page(request, "patrol/list.html", context)
