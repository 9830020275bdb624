"""A village's cells (do they cover it, who leads them) and one cell (places, people, this week's round)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.patrol.cell_check import CellCheck
from yiwang.apps.governance.patrol.kinds import PLACE_KINDS, RISKS
from yiwang.apps.governance.patrol.models import VisitedPlace
from yiwang.apps.governance.patrol.pages.asking import Ask, ask
from yiwang.apps.governance.patrol.pages.showing import finding_tag, risk_tag, shades, status_tag, way_to
from yiwang.apps.governance.patrol.selectors.cells import (
    cells_of,
    history_faults,
    kinds_in,
    leads_of,
    outline_of,
    outlines,
    village_check,
)
from yiwang.apps.governance.patrol.selectors.plans import Round, round_of, week_end
from yiwang.apps.governance.patrol.selectors.scoping import SUPERVISE, require
from yiwang.apps.governance.patrol.selectors.visits import place_of, places_in, visits_in
from yiwang.apps.governance.patrol.services.leads import appoint_lead, end_lead, workers_for
from yiwang.apps.governance.patrol.services.places import close_place, register_place
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import EDIT_DIVISIONS, Actor, actor_of, division, name_of, today
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import EmptyState, Notice
from yiwang.ui.components.figures import Map, Point
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Link
from yiwang.ui.pages import staff_page

_FLAWS = {"overlap": "重叠", "gap": "空白", "beyond": "超出村居"}


@require_safe
@staff_only
def village_page(request: HttpRequest, village: str) -> HttpResponse:
    """R44: gaps and overlaps drawn and measured, and the cells with lead, places and people."""
    actor = actor_of(request)
    check = village_check(actor, village)
    cells = cells_of(actor, village, check)
    titles = ("网格", "网格长", "场所", "登记人数", "面积（平方千米）")
    columns = [Column(title=gettext(title), is_figures=title in titles[2:]) for title in titles]
    rows = [
        Row(
            key=cell.code, href=reverse("patrol:cell", args=[cell.code]),
            cells=[
                cell.name, cell.lead or gettext("未任命"), f"{cell.places:,}", f"{cell.people:,}",
                f"{cell.square_metres / 1e6:.3f}",
            ],
        )
        for cell in cells
    ]  # fmt: skip
    actions = [
        Button(text=gettext("区划资料"), href=reverse("directory:division", args=[village]), kind="secondary"),
        Button(text=gettext("核对历史"), href="?history", kind="secondary", icon="shield"),
    ]
    if actor.scopes(EDIT_DIVISIONS):
        actions.append(Button(text=gettext("导入网格界线"), href=reverse("directory:boundaries"), icon="upload"))
    context = {
        "title": gettext("%(name)s网格") % {"name": name_of(village)},
        "way": Breadcrumbs(places=[*way_to(village), (gettext("网格"), "")]),
        "notice": _verdict(check),
        "history": _history(actor, village) if "history" in request.GET else None,
        "actions": actions,
        "map": _cells_map(village, check),
        "tables": [_flaws(check)] if check.flaws else [],
        "table": Table(title=gettext("网格清单"), columns=columns, rows=rows, is_title_shown=True),
    }
    return staff_page(request, "patrol/ground.html", context)


def _history(actor: Actor, village: str) -> Notice:
    """Whether the visits of the village are as their history vouches for."""
    faults = history_faults(actor, village)
    if not faults:
        return Notice(text=gettext("已逐条核对：本村居的巡查记录与账本一致。"), tone="success")
    text = gettext("有 %(count)s 条巡查记录与账本不一致：") % {"count": len(faults)}
    return Notice(text=text + "；".join(faults[:10]), next_step=gettext("请联系系统管理员查明。"), tone="danger")


def _verdict(check: CellCheck) -> Notice:
    if not check.areas:
        return Notice(text=gettext("这个村居还没有网格界线。"), next_step=gettext("请导入网格界线。"), tone="warning")
    if check.is_whole:
        text = gettext("%(count)s 个网格合计 %(area)s 平方千米，无重叠、无空白。") % {
            "count": len(check.areas), "area": f"{check.village_area / 1e6:.3f}",
        }  # fmt: skip
        return Notice(text=text, tone="success")
    size = f"{sum(flaw.square_metres for flaw in check.flaws):,.0f}"
    text = gettext("网格划分有 %(count)s 处问题，共 %(size)s ㎡。") % {"count": len(check.flaws), "size": size}
    return Notice(text=text, next_step=gettext("请更正界线文件后重新导入。"), tone="danger")


def _flaws(check: CellCheck) -> Table:
    titles = ("问题类型", "网格", "面积（㎡）", "位置")
    columns = [Column(title=gettext(title), is_figures="面积" in title) for title in titles]
    rows = [
        Row(
            key=str(number),
            cells=[
                gettext(_FLAWS[flaw.kind]), "、".join(name_of(code) for code in flaw.codes),
                f"{flaw.square_metres:,.0f}", flaw.place,
            ],
        )
        for number, flaw in enumerate(check.flaws)
    ]  # fmt: skip
    return Table(title=gettext("重叠与空白"), columns=columns, rows=rows, is_title_shown=True)


def _cells_map(village: str, check: CellCheck) -> Map | None:
    shapes = outlines("cell", village)
    whole = outlines("village", village).get(village)
    if whole is None:
        return None
    groups = {
        "surface": [(name_of(village), whole)],
        "accent-soft": [(name_of(code), shape) for code, shape in shapes.items()],
        "danger": [(gettext(_FLAWS[flaw.kind]), flaw.shape) for flaw in check.flaws],
    }
    return Map(title=gettext("%(name)s网格图") % {"name": name_of(village)}, layers=shades(groups, 0.85))


@require_safe
@staff_only
def cell_page(request: HttpRequest, cell: str) -> HttpResponse:
    """One cell: lead, places by kind, this week's round on the map, the latest visits."""
    actor = actor_of(request)
    _known_cell(cell)
    until = week_end(today())
    walk, places = round_of(actor, cell, until), places_in(actor, cell)
    lead = leads_of([cell]).get(cell)
    people = sum(place.people or 0 for place in places)
    kinds = "，".join(f"{gettext(PLACE_KINDS[kind])} {count}" for kind, count in kinds_in(actor, cell))
    facts: list[tuple[str, object]] = [
        (gettext("网格长"), lead[1] if lead else gettext("未任命")),
        (gettext("登记场所"), f"{len(places)}　{kinds}"),
        (gettext("登记人数"), f"{people:,}"),
        (
            gettext("本周待巡"),
            gettext("%(count)s 处，步行约 %(metres)s 米")
            % {"count": len(walk.places), "metres": f"{walk.metres:,.0f}"},
        ),
    ]
    context = {
        "title": f"{name_of(cell[:12])} {name_of(cell)}",
        "way": Breadcrumbs(places=way_to(cell, is_here=True)),
        "actions": [
            Button(text=gettext("网格长"), href=reverse("patrol:lead", args=[cell]), kind="secondary", icon="user"),
            Button(text=gettext("登记场所"), href=reverse("patrol:place_new", args=[cell]), icon="plus"),
        ],
        "facts": Facts(pairs=facts),
        "map": _round_map(cell, walk),
        "table": _round_table(walk),
        "tables": [_places_table(places), _visits_table(request, cell)],
    }  # fmt: skip
    return staff_page(request, "patrol/ground.html", context)


def _known_cell(cell: str) -> None:
    known = division(cell)
    if known is None or known.level != "cell":
        raise NotFound


def _round_map(cell: str, walk: Round) -> Map | None:
    outline = outline_of(cell)
    points = [
        Point(longitude=place.longitude, latitude=place.latitude, title=f"{number}. {place.name}", tone="accent")
        for number, place in enumerate(walk.places, start=1)
    ]
    if outline is None:
        return None
    layers = shades({"accent-soft": [(name_of(cell), outline)]}, 0.85)
    return Map(title=gettext("本周巡查路线"), points=points, layers=layers)


def _round_table(walk: Round) -> Table:
    titles = ("次序与场所", "类别", "风险", "应巡日期")
    rows = [
        Row(
            key=str(place.id),
            cells=[f"{number}. {place.name}", gettext(PLACE_KINDS[place.kind]), risk_tag(place.risk), place.due_on],
        )
        for number, place in enumerate(walk.places, start=1)
    ]
    empty = EmptyState(title=gettext("本周没有待巡场所"), text=gettext("到期的场所会按风险自动排入。"))
    columns = [Column(title=gettext(title)) for title in titles]
    return Table(title=gettext("本周巡查计划"), columns=columns, rows=rows, is_title_shown=True, empty=empty)


def _places_table(places: list[VisitedPlace]) -> Table:
    titles = ("场所", "类别", "风险", "地址", "上次巡查", "应巡日期", "办理")
    rows = [
        Row(
            key=str(place.id),
            cells=[
                place.name, gettext(PLACE_KINDS[place.kind]), risk_tag(place.risk), place.address,
                Time(at=place.visited_at) if place.visited_at else gettext("尚未"), place.due_on,
                Link(text=gettext("注销"), href=reverse("patrol:place_close", args=[place.id])),
            ],
        )
        for place in places
    ]  # fmt: skip
    columns = [Column(title=gettext(title)) for title in titles]
    return Table(title=gettext("场所"), columns=columns, rows=rows, is_title_shown=True)


def _visits_table(request: HttpRequest, cell: str) -> Component:
    page = visits_in(actor_of(request), cell, request.GET.get("after", ""))
    rows = [
        Row(
            key=str(visit.id), href=reverse("patrol:visit", args=[visit.id]),
            cells=[visit.place.name, Time(at=visit.taken_at), visit.inspector, status_tag(visit), finding_tag(visit)],
        )
        for visit in page.rows
    ]  # fmt: skip
    columns = [Column(title=gettext(title)) for title in ("场所", "时间", "网格员", "状态", "结果")]
    next_url = f"?after={page.after}" if page.after else ""
    return Table(title=gettext("巡查记录"), columns=columns, rows=rows, is_title_shown=True, next_url=next_url)


@staff_only
def lead_page(request: HttpRequest, cell: str) -> HttpResponse:
    """Appoint the lead of a cell, or end the one in office."""
    actor = actor_of(request)
    workers = workers_for(actor, cell)
    lead = leads_of([cell]).get(cell)
    back, way = reverse("patrol:cell", args=[cell]), [*way_to(cell)]
    day = Ask(name="on", title="日期", kind="date", value=today().isoformat())
    if lead is not None:
        text = gettext("现任网格长：%(name)s。结束任职后即可任命新人。") % {"name": lead[1]}

        def end(values: dict[str, Any]) -> str:
            end_lead(actor, cell, values["on"])
            return gettext("任职已结束。")

        return ask(request, gettext("结束网格长任职"), [day], end, back, way, text)

    def appoint(values: dict[str, Any]) -> str:
        chosen = str(values["user"])
        appoint_lead(actor, cell, int(chosen) if chosen.isdecimal() else 0, values["on"])
        return gettext("已任命网格长。")

    options = [(str(number), name) for number, name in workers]
    fields = [Ask(name="user", title="网格员", options=options), day]
    return ask(request, gettext("任命网格长"), fields, appoint, back, way)


@staff_only
def place_page(request: HttpRequest, cell: str) -> HttpResponse:
    """Enter a place into the register."""
    actor = actor_of(request)
    _known_cell(cell)
    require(actor, SUPERVISE, cell)
    outline = outline_of(cell)
    middle = outline.representative_point() if outline is not None else None
    fields = [
        Ask(name="name", title="场所名称"),
        Ask(name="kind", title="场所类别", options=[(key, gettext(title)) for key, title in PLACE_KINDS.items()]),
        Ask(name="risk", title="风险等级", options=[(key, gettext(title)) for key, title in RISKS.items()]),
        Ask(name="address", title="地址"),
        Ask(name="longitude", title="经度", kind="number", value=f"{middle.x:.6f}" if middle else ""),
        Ask(name="latitude", title="纬度", kind="number", value=f"{middle.y:.6f}" if middle else ""),
    ]

    def do(values: dict[str, Any]) -> str:
        place = register_place(actor, **values)
        return gettext("已登记“%(name)s”，归入%(cell)s。") % {"name": place.name, "cell": name_of(place.cell)}

    text = gettext("网格由坐标算出；坐标已填为网格中央，请改为场所所在位置。")
    return ask(request, gettext("登记场所"), fields, do, reverse("patrol:cell", args=[cell]), way_to(cell), text)


@staff_only
def close_page(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Take a place off the register."""
    actor = actor_of(request)
    place = place_of(actor, place_id)

    def do(values: dict[str, Any]) -> str:
        close_place(actor, place_id, str(values["reason"]))
        return gettext("场所已注销，历次巡查记录保留。")

    back = reverse("patrol:cell", args=[place.cell])
    fields = [Ask(name="reason", title="注销原因")]
    return ask(request, gettext("注销场所"), fields, do, back, way_to(place.cell), place.name)
