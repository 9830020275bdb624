"""The ledger: the list, one component with its place and the cases around it, a map, and what an import found."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.classes import display_class
from yiwang.apps.governance.catalogue.ledger.rights import may_keep
from yiwang.apps.governance.catalogue.ledger.selectors import Asked, component, every, marks, metres, page
from yiwang.apps.governance.catalogue.ledger.services import stream_of
from yiwang.apps.governance.catalogue.models import STATES, Component
from yiwang.apps.governance.catalogue.pages.wording import as_written, comma_separated, state_tag, state_title
from yiwang.apps.governance.catalogue.rights import EDIT_COMPONENTS
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import Actor, actor_of, children, district_code, path_of
from yiwang.engines.trust.api import history
from yiwang.engines.worklists import api as worklists
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.figures import Layer, Map, Point
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import (
    Breadcrumbs,
    Column,
    Facts,
    Filter,
    FilterBar,
    Moment,
    Row,
    Table,
    Timeline,
)  # fmt: skip
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

AROUND_METRES = 100
"""Cases this near are shown with a component. A proposal."""
MOST_AROUND = 10
KINDS = {
    "component.added": gettext_noop("登记"), "component.changed": gettext_noop("修改"),
    "component.retired": gettext_noop("停用"),
}  # fmt: skip
FIELDS = {
    "name": gettext_noop("名称"), "owner": gettext_noop("权属单位"), "keeper": gettext_noop("管养单位"),
    "supervisor": gettext_noop("主管单位"), "state": gettext_noop("部件状态"), "placed_on": gettext_noop("设置日期"),
    "source": gettext_noop("数据来源"), "note": gettext_noop("备注"), "longitude": gettext_noop("经度"),
    "latitude": gettext_noop("纬度"), "cell": gettext_noop("单元网格"),
}  # fmt: skip
MOST_EXPORTED = 20_000
EXPORTED = (
    "部件标识码", "部件名称", "部件状态", "经度", "纬度", "权属单位", "管养单位", "主管单位", "设置日期",
    "数据来源", "备注", "单元网格",
)  # fmt: skip
"""In Chinese whatever the reader's language: an import reads these words."""
_TONES = {"in_use": "accent", "damaged": "warning", "missing": "danger", "retired": "neutral"}


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    return Asked(
        q=given.get("q", "").strip()[:40], class_code=given.get("class_code", ""), state=given.get("state", ""),
        division=given.get("division", ""),
    )  # fmt: skip


@require_GET
@staff_only
def components(request: HttpRequest) -> HttpResponse:
    """A page of the ledger."""
    asked = _asked(request)
    found = page(actor_of(request), asked, after=request.GET.get("after", ""))
    onward = f"?{urlencode({**_given(asked), 'after': found.after})}" if found.after else ""
    context = {
        "title": gettext("部件台账"), "bar": _bar(asked), "table": _table(found.rows, onward, asked),
        "actions": _actions(actor_of(request), asked),
    }  # fmt: skip
    return staff_page(request, "catalogue/components.html", context)


@require_GET
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """What the filters find, with the headings an import reads; at most `MOST_EXPORTED` rows."""
    rows = every(actor_of(request), _asked(request), MOST_EXPORTED)
    lines = [
        (row.code, row.name, dict(STATES)[row.state], row.longitude, row.latitude, row.owner, row.keeper,
         row.supervisor, row.placed_on or "", row.source, row.note, row.cell)
        for row in rows
    ]  # fmt: skip
    return comma_separated("components.csv", EXPORTED, lines)


def _given(asked: Asked) -> dict[str, str]:
    pairs = {"q": asked.q, "class_code": asked.class_code, "state": asked.state, "division": asked.division}
    return {name: value for name, value in pairs.items() if value}


def _bar(asked: Asked) -> FilterBar:
    catalogue, everything = catalogue_on(), ("", gettext("全部"))
    classes = [
        (code, f"{code[1:3]}-{code[3:]} {rows[0].title}")
        for code, rows in catalogue.conditions.items()
        if code.startswith("C")
    ]
    towns = [(town.code, town.name) for town in children(district_code())]
    states = [(key, gettext(title)) for key, title in STATES]
    return FilterBar(
        filters=[
            Filter(name="class_code", title=gettext("小类"), value=asked.class_code, options=[everything, *classes]),
            Filter(name="state", title=gettext("部件状态"), value=asked.state, options=[everything, *states]),
            Filter(name="division", title=gettext("镇街"), value=asked.division, options=[everything, *towns]),
        ],
        search_name="q", search_title=gettext("标识码开头，或小类"), search_value=asked.q,
        clear_url=reverse("catalogue:components"),
    )  # fmt: skip


def _table(rows: Any, onward: str, asked: Asked) -> Table:
    catalogue = catalogue_on()
    empty = EmptyState(
        title=gettext("没有符合条件的部件") if _given(asked) else gettext("台账还是空的"),
        text=gettext("请放宽筛选条件。") if _given(asked) else gettext("可以逐个登记，也可以从普查表格导入。"),
        icon="pin",
    )  # fmt: skip
    columns = [Column(title=gettext(title)) for title in ("名称", "标识码", "小类", "状态", "位置", "管养单位")]
    shown = [
        Row(
            key=row.code, href=reverse("catalogue:component", args=[row.code]),
            cells=[as_written(row.name), row.code, _class_beside(catalogue.title_of(row.class_code), row),
                   state_tag(row.state), path_of(row.cell), as_written(row.keeper)],
        )
        for row in rows
    ]  # fmt: skip
    return Table(title=gettext("部件台账"), columns=columns, rows=shown, next_url=onward, empty=empty)


def _class_beside(title: str, row: Component) -> object:
    """The class, but not the same word twice on one line."""
    return display_class(row.class_code) if title == row.name else as_written(title)


def _actions(actor: Actor, asked: Asked) -> list[Button]:
    def act(title: str, name: str, picture: str, kind: str = "secondary", query: str = "") -> Button:
        return Button(
            text=gettext(title), href=reverse(f"catalogue:{name}") + query, kind=kind, icon=picture, is_small=True
        )

    query = f"?{urlencode(_given(asked))}" if _given(asked) else ""
    found = [
        act("看地图", "component_map", "map", "quiet", query),
        act("导出", "component_export", "download", "quiet", query),
    ]
    if may_keep(actor):
        found += [act("导入台账", "component_import", "upload"), act("登记部件", "component_new", "plus", "primary")]
    return found


@require_GET
@staff_only
def component_map(request: HttpRequest) -> HttpResponse:
    """The same components as marks."""
    asked = _asked(request)
    rows, is_more = marks(actor_of(request), asked)
    context = {
        "title": gettext("部件地图"), "bar": _bar(asked), "is_more": is_more, "count": len(rows),
        "map": _map(rows, gettext("部件地图")) if rows else None,
        "list": reverse("catalogue:components") + (f"?{urlencode(_given(asked))}" if _given(asked) else ""),
    }  # fmt: skip
    return staff_page(request, "catalogue/component_map.html", context)


def _map(rows: list[Component], title: str, *, is_near: bool = False, around: Any = ()) -> Map:
    points = [
        Point(
            longitude=row.longitude, latitude=row.latitude, title=f"{row.name} {state_title(row.state)}",
            href=reverse("catalogue:component", args=[row.code]), tone=_TONES[row.state],
        )
        for row in rows
    ]  # fmt: skip
    outlines = reverse("directory:division_outlines", args=[rows[0].cell[:9] if is_near else district_code()])
    return Map(title=title, points=[*points, *around], layers=[Layer(key="divisions", url=outlines)], is_near=is_near)


@require_GET
@staff_only
def one_component(request: HttpRequest, component_code: str) -> HttpResponse:
    """One component: facts, spot, cases around it, changes."""
    actor = actor_of(request)
    row = component(actor, component_code)
    around = _around(actor, row)
    context = {
        "title": row.name, "tag": state_tag(row.state), "facts": Facts(pairs=_facts(row)),
        "way": Breadcrumbs(places=[(gettext("部件台账"), reverse("catalogue:components")), (as_written(row.name), "")]),
        "map": _map([row], gettext("部件位置"), is_near=True, around=_points(around)), "cases": _cases(around),
        "changes": _changes(actor, row), "actions": _acts(actor, row),
    }  # fmt: skip
    return staff_page(request, "catalogue/component.html", context)


def _facts(row: Component) -> list[tuple[str, object]]:
    catalogue = catalogue_on()
    return [
        (gettext("标识码"), row.code),
        (gettext("小类"), f"{catalogue.title_of(row.class_code)} · {display_class(row.class_code)}"),
        (gettext("位置"), path_of(row.cell)),
        (gettext("坐标"), f"{row.longitude:.6f}, {row.latitude:.6f}"),
        (gettext("权属单位"), as_written(row.owner)),
        (gettext("管养单位"), as_written(row.keeper)),
        (gettext("主管单位"), as_written(row.supervisor)),
        (gettext("设置日期"), row.placed_on.isoformat() if row.placed_on else ""),
        (gettext("变更日期"), row.changed_on.isoformat()),
        (gettext("数据来源"), as_written(row.source)),
        (gettext("备注"), as_written(row.note)),
    ]


def _acts(actor: Actor, row: Component) -> list[Button]:
    if row.state == "retired" or not may_keep(actor, row.cell):
        return []

    def act(title: str, name: str, kind: str) -> Button:
        address = reverse(f"catalogue:{name}", args=[row.code])
        return Button(text=gettext(title), href=address, kind=kind, is_small=True)

    return [act("修改", "component_edit", "secondary"), act("停用", "component_retire", "danger")]


def _around(actor: Actor, row: Component) -> list[tuple[int, Any, Any]]:
    """(metres, listed, case) of cases in the same cell near the component that the actor may see, nearest first."""
    listed = worklists.page(actor, worklists.Search(box="all", area=row.cell)).rows
    known = seen_cases(actor, [one.id for one in listed])
    found = [
        (round(metres(row.longitude, row.latitude, case.longitude, case.latitude)), one, case)
        for one in listed
        if (case := known.get(one.id)) is not None and case.longitude is not None and case.latitude is not None
    ]
    near = [one for one in found if one[0] <= AROUND_METRES]
    return sorted(near, key=lambda one: (one[0], -one[1].opened_at.timestamp()))[:MOST_AROUND]


def _points(around: list[tuple[int, Any, Any]]) -> list[Point]:
    return [
        Point(
            longitude=case.longitude, latitude=case.latitude, title=one.title, tone="danger",
            href=reverse("desk:case", args=[one.id]),
        )
        for _, one, case in around
    ]  # fmt: skip


def _cases(around: list[tuple[int, Any, Any]]) -> Table:
    rows = [
        Row(
            key=str(one.id), href=reverse("desk:case", args=[one.id]),
            cells=[as_written(one.title), one.number, gettext("{metres} 米").format(metres=distance),
                   _progress(one), Time(at=one.opened_at)],
        )
        for distance, one, _ in around
    ]  # fmt: skip
    columns = [Column(title=gettext(title)) for title in ("事项", "编号", "距离", "进展", "上报时间")]
    text = gettext("同一网格内、{metres} 米以内没有您能查看的事项。").format(metres=AROUND_METRES)
    empty = EmptyState(title=gettext("附近没有事项"), text=text)
    return Table(title=gettext("附近的事项"), columns=columns, rows=rows, empty=empty)


def _progress(one: worklists.Listed) -> str:
    """How it ended, or where it stands."""
    titles = [one.outcome_title] if one.outcome_title else one.stage_titles
    return "、".join(gettext(title) for title in titles)


def _changes(actor: Actor, row: Component) -> Timeline | None:
    entries = [one for one in history(actor, stream_of(row.code), verb=EDIT_COMPONENTS) if one.kind in KINDS][-20:]
    moments = [
        Moment(
            title=gettext(KINDS[one.kind]), at=one.at, who=one.actor_name, on_behalf_of=one.on_behalf_of or "",
            why=_why(json.loads(one.payload)),
        )
        for one in reversed(entries)
    ]  # fmt: skip
    return Timeline(moments=moments) if moments else None


def _why(facts: dict[str, Any]) -> str:
    before, after = facts.get("before"), facts.get("after")
    if not before or not after:
        return str(facts.get("reason", ""))
    return "；".join(
        f"{gettext(FIELDS.get(name, name))}：{_said(name, before[name])} → {_said(name, value)}"
        for name, value in after.items()
    )


def _said(name: str, value: Any) -> str:
    if value in ("", None):
        return "—"
    return state_title(str(value)) if name == "state" else str(value)
