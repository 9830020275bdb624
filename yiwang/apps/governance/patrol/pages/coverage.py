"""Coverage of a division by its parts: figures, table and a map coloured by rate; drills down to a cell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.patrol.pages.showing import FAIR, GOOD, percent, rate_tag, shades, tone_of, way_to
from yiwang.apps.governance.patrol.selectors.cells import outlines
from yiwang.apps.governance.patrol.selectors.coverage import PERIODS, Covered, coverage, period_named, total
from yiwang.apps.governance.patrol.selectors.scoping import SUPERVISE, reach_of
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, children, district_code, division, level_of, name_of, today
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.figures import Map
from yiwang.ui.components.records import Breadcrumbs, Column, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Button, Stat
from yiwang.ui.pages import staff_page

COLOURS = {"success": "chart-3", "warning": "chart-2", "danger": "chart-5", "neutral": "sunken"}
TITLES = ("区划", "场所", "应巡", "已巡", "漏巡", "覆盖率", "巡查", "发现问题", "重复", "未通过", "迟报")


@require_safe
@staff_only
def coverage_page(request: HttpRequest) -> HttpResponse:
    """The parts of a division; `?division=` drills, `?period=` is week, month or quarter."""
    actor = actor_of(request)
    code = request.GET.get("division", "") or _begin(actor.scopes(SUPERVISE))
    known = division(code)
    if known is None:
        raise NotFound
    if known.level == "cell":
        return HttpResponseRedirect(reverse("patrol:cell", args=[code]))
    name = request.GET.get("period", "week")
    period = period_named(name, today())
    figures = {row.code: row for row in coverage(actor, code, period)}
    parts = [part.code for part in children(code) if part.code in figures or reach_of(actor, SUPERVISE, part.code)]
    rows = [figures.get(part, Covered(part)) for part in parts]
    context = {
        "title": gettext("%(name)s巡查覆盖") % {"name": known.name},
        "way": Breadcrumbs(places=way_to(code, is_here=True)),
        "tabs": Tabs(title=gettext("时段"), tabs=_tabs(code, name)),
        "stats": _stats(total(rows, code)),
        "actions": _actions(known.level, code),
        "table": _table(rows, name),
        "map": _map(known.name, rows),
        "legend": [(tone, _words(tone)) for tone in COLOURS],
        "note": (period.begin, period.end),
    }
    return staff_page(request, "patrol/coverage.html", context)


def _begin(scopes: tuple[str, ...]) -> str:
    """Where a reader's own ground begins: the one division it supervises, else the district."""
    return scopes[0] if len(scopes) == 1 and len(scopes[0]) in (9, 12) else district_code()


def _tabs(code: str, current: str) -> list[Tab]:
    return [
        Tab(title=gettext(title), href=f"?division={code}&period={key}", is_current=key == current)
        for key, title in PERIODS.items()
    ]


def _stats(sum_of: Covered) -> list[Stat]:
    odd = reverse("patrol:odd")
    return [
        Stat(title=gettext("覆盖率"), value=percent(sum_of.rate), tone=tone_of(sum_of.rate)),
        Stat(
            title=gettext("应巡场所"), value=f"{sum_of.due:,}",
            change=gettext("登记 %(n)s 处") % {"n": f"{sum_of.places:,}"},
        ),
        Stat(title=gettext("巡查次数"), value=f"{sum_of.visits:,}"),
        Stat(
            title=gettext("发现问题"), value=f"{sum_of.findings:,}",
            change=gettext("其中重大 %(n)s 个") % {"n": f"{sum_of.serious:,}"},
        ),
        Stat(title=gettext("漏巡"), value=f"{sum_of.missed:,}", href=f"{odd}?division={sum_of.code}"),
    ]  # fmt: skip


def _actions(level: str, code: str) -> list[Button]:
    if level != "village":
        return []
    return [
        Button(
            text=gettext("网格划分与网格长"), href=reverse("patrol:village", args=[code]), kind="secondary", icon="map"
        )
    ]


def _table(rows: list[Covered], period: str) -> Table:
    columns = [
        Column(title=gettext(title), is_figures=title not in ("区划", "覆盖率"), is_wide=title in TITLES[8:])
        for title in TITLES
    ]
    shown = [
        Row(
            key=row.code,
            href=f"{reverse('patrol:coverage')}?division={row.code}&period={period}",
            cells=[
                name_of(row.code), f"{row.places:,}", f"{row.due:,}", f"{row.covered:,}", f"{row.missed:,}",
                rate_tag(row.rate), f"{row.visits:,}", f"{row.findings:,}", row.duplicates, row.refused, row.late,
            ],
        )
        for row in rows
    ]  # fmt: skip
    empty = EmptyState(
        title=gettext("没有您督导的区划"), text=gettext("巡查督导员可查看本镇街的覆盖率，请联系管理员任命岗位。")
    )
    return Table(title=gettext("各区划覆盖率"), columns=columns, rows=shown, empty=empty)


def _map(name: str, rows: list[Covered]) -> Map | None:
    groups: dict[str, list[Any]] = {colour: [] for colour in COLOURS.values()}
    if not rows:
        return None
    level, parent = level_of(rows[0].code), rows[0].code[: {9: 6, 12: 9, 16: 12}[len(rows[0].code)]]
    shapes = outlines(level, parent)
    for row in rows:
        if row.code in shapes:
            groups[COLOURS[tone_of(row.rate)]].append((name_of(row.code), shapes[row.code]))
    layers = shades(groups)
    return Map(title=gettext("%(name)s覆盖率图") % {"name": name}, layers=layers) if layers else None


def _words(tone: str) -> str:
    good, fair = f"{GOOD:.0%}", f"{FAIR:.0%}"
    return {
        "success": gettext("%(good)s以上") % {"good": good},
        "warning": gettext("%(fair)s至%(good)s") % {"fair": fair, "good": good},
        "danger": gettext("低于%(fair)s") % {"fair": fair},
        "neutral": gettext("没有应巡场所"),
    }[tone]
