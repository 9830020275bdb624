"""Divisions: the tree one level at a time, with a map; names, beginnings, ends; surveyed outlines from a file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory import api as directory
from yiwang.engines.directory.api import (
    EDIT_DIVISIONS,
    Actor,
    DivisionRecord,
    actor_of,
    display_code,
    district_code,
    today,
)
from yiwang.engines.directory.spec import LEVELS
from yiwang.engines.registry.asking import Act, Question
from yiwang.engines.registry.history import changes
from yiwang.engines.registry.listing import onward
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.figures import Layer, Map, Point
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, FilterBar, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

ONE = "directory:division"
MOST_POINTS = 40
"""Marks on one map before they hide it."""


def _outline(row: DivisionRecord) -> Tag:
    if row.is_surveyed:
        return Tag(text=gettext("已勘界"), tone="success")
    return Tag(text=gettext("示意") if row.is_schematic else gettext("无轮廓"), tone="warning")


@require_GET
@staff_only
def divisions(request: HttpRequest) -> HttpResponse:
    """The district with its towns, or what a search finds."""
    text = request.GET.get("q", "").strip()
    return _shown(request, district_code()) if not text else _found(request, text)


@require_GET
@staff_only
def division(request: HttpRequest, code: str) -> HttpResponse:
    """One division with its parts and, for who keeps it, its changes."""
    return _shown(request, code, tells_changes=bool(actor_of(request).scopes(EDIT_DIVISIONS)))


def _bar(text: str = "") -> FilterBar:
    address = reverse("directory:divisions")
    return FilterBar(
        action=address,
        search_name="q",
        search_title=gettext("名称（含曾用名）或代码"),
        search_value=text,
        clear_url=address,
    )


def _found(request: HttpRequest, text: str) -> HttpResponse:
    rows = [
        Row(
            key=code,
            href=reverse(ONE, args=[code]),
            cells=[name, code, directory.path_of(code[:9]), gettext("曾用名“%(name)s”") % {"name": old} if old else ""],
        )
        for code, name, old in directory.find_divisions(text)
    ]
    columns = [Column(title=gettext(title)) for title in ("名称", "代码", "所在镇街", "说明")]
    table = Table(title=gettext("查找结果"), columns=columns, rows=rows)
    context = {"title": gettext("区划"), "bar": _bar(text), "table": table, "actions": []}
    return staff_page(request, "registry/list.html", context)


def _shown(request: HttpRequest, code: str, tells_changes: bool = False) -> HttpResponse:
    row = directory.division_record(code)
    page = directory.division_parts(code, after=request.GET.get("after", ""))
    way = [(above.name, reverse(ONE, args=[above.code])) for above in directory.path(code)[:-1]]
    actor = actor_of(request)
    context = {
        "changes": changes(actor, f"division/{row.code}", EDIT_DIVISIONS) if tells_changes else None,
        "title": row.name,
        "way": Breadcrumbs(places=[*way, (row.name, "")]),
        "bar": _bar(),
        "facts": Facts(pairs=_facts(row)),
        "actions": _actions(actor, row),
        "tags": [Tag(text=gettext("已撤销"), tone="danger")] if row.to_on else [],
        "map": _map(row, page.rows),
        "table": _parts(row, page.rows, onward(request, page.after)),
        "former": [(name, day, why) for name, day, why in row.former],
    }
    return staff_page(request, "registry/division.html", context)


def _facts(row: DivisionRecord) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (gettext("代码"), display_code(row.code)),
        (gettext("层级"), gettext(LEVELS[row.level])),
        (gettext("轮廓"), _outline(row)),
        (gettext("轮廓来源"), row.outline_source),
    ]
    if row.kind:
        facts.append((gettext("类型"), row.kind))
    if row.from_on or row.to_on:
        facts.append((gettext("有效期"), f"{row.from_on or ''} – {row.to_on or gettext('至今')}"))
    if row.successor:
        facts.append((gettext("承接区划"), directory.path_of(row.successor)))
    return facts


def _parts(row: DivisionRecord, parts: Any, next_url: str) -> Table | None:
    if row.level == "cell":
        return None
    titles = ("名称", "代码", "轮廓", "下级")
    columns = [Column(title=gettext(title), is_figures=title == "下级") for title in titles]
    rows = [
        Row(
            key=part.code,
            href=reverse(ONE, args=[part.code]),
            cells=[part.name, part.code, _outline(part), part.part_count or ""],
        )
        for part in parts
    ]
    return Table(title=gettext("下级区划"), columns=columns, rows=rows, next_url=next_url, is_title_shown=True)


def _map(row: DivisionRecord, parts: Any) -> Map | None:
    drawn = [part for part in parts if part.point]
    if not drawn and not row.point:
        return None
    url = reverse("directory:division_outlines", args=[row.code])
    points = [
        Point(longitude=part.point[0], latitude=part.point[1], title=part.name, href=reverse(ONE, args=[part.code]))
        for part in drawn[:MOST_POINTS]
    ]
    is_schematic = any(part.is_schematic for part in drawn) if drawn else row.is_schematic
    return Map(
        title=gettext("%(name)s区划图") % {"name": row.name},
        points=points,
        is_schematic=is_schematic,
        layers=[Layer(key="parts", url=url, width=1.2)],
    )


@require_GET
@staff_only
def outlines(request: HttpRequest, code: str) -> HttpResponse:
    """GeoJSON of the parts of a division, or of itself when it has none; each says whether it is schematic."""
    row = directory.division_record(code)
    below = list(LEVELS)[list(LEVELS).index(row.level) + 1] if row.part_count else row.level
    return HttpResponse(directory.divisions_geojson(below, row.code), content_type="application/geo+json")


def _actions(actor: Actor, row: DivisionRecord) -> list[Button]:
    def act(title: str, name: str, kind: str = "secondary") -> Button:
        address = reverse(f"directory:{name}", args=[row.code] if name != "boundaries" else [])
        return Button(text=gettext(title), href=address, kind=kind, is_small=True)

    if not actor.may(EDIT_DIVISIONS, row.code) or row.to_on:
        return []
    if row.level == "district":
        return [act("新增镇街", "division_new"), act("导入界线", "boundaries", "primary")]
    found = [act("更名", "division_rename"), act("撤销", "division_retire", "danger")]
    return found if row.level == "cell" else [act("新增下级", "division_new"), *found]


def _allowed(request: HttpRequest, code: str) -> tuple[Actor, DivisionRecord]:
    actor, row = actor_of(request), directory.division_record(code)
    if not actor.may(EDIT_DIVISIONS, row.code):
        raise NotAllowed
    return actor, row


def _dated() -> list[Question]:
    return [
        Question(name="on", title="生效日期", kind="date", value=today().isoformat()),
        Question(name="reason", title="依据", hint="如批复的文号", width="wide"),
    ]


def _act(row: DivisionRecord, **more: Any) -> Act:
    back = reverse(ONE, args=[row.code])
    way = [(one.name, reverse(ONE, args=[one.code])) for one in directory.path(row.code)]
    return Act(back=back, way=way, **more)


@staff_only
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new division inside this one."""
    actor, row = _allowed(request, code)

    def do(values: dict[str, Any]) -> str:
        made = directory.add_division(actor, values.pop("code"), values.pop("name"), **values)
        return gettext("已新增“%(name)s”。") % {"name": made.name}

    digits = {"district": 9, "town": 12, "village": 16}.get(row.level, 16)
    hint = gettext("%(digits)s位数字，以%(code)s开头") % {"digits": digits, "code": row.code}
    questions = [
        Question(name="code", title="代码", value=row.code, hint=hint),
        Question(name="name", title="名称"),
        *_dated(),
    ]
    return _act(row, title="新增下级区划", questions=questions, do=do).answer(request)


@staff_only
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name from a day on."""
    actor, row = _allowed(request, code)

    def do(values: dict[str, Any]) -> str:
        directory.rename_division(actor, row.code, values.pop("name"), **values)
        return gettext("已更名，曾用名保留。")

    questions = [Question(name="name", title="名称", value=row.name), *_dated()]
    return _act(row, title="更名", questions=questions, do=do).answer(request)


@staff_only
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """The division ends."""
    actor, row = _allowed(request, code)

    def do(values: dict[str, Any]) -> str:
        directory.retire_division(actor, row.code, **values)
        return gettext("已撤销，历史记录保留。")

    heir = Question(name="successor", title="承接区划的代码", is_optional=True)
    return _act(row, title="撤销", questions=[*_dated(), heir], do=do, is_danger=True).answer(request)


@staff_only
def boundaries(request: HttpRequest) -> HttpResponse:
    """Surveyed outlines from a file: a trial shows what would happen, an import does it whole or not at all."""
    actor, row = _allowed(request, district_code())

    def do(values: dict[str, Any]) -> str | HttpResponse:
        how = {"level": values["level"], "coordinates": values["coordinates"]}
        if values["manner"] == "try":
            found = directory.try_boundaries(actor, values["content"], **how)
            return _examined(request, row, found)
        found = directory.import_boundaries(actor, values["content"], source=values["source"], **how)
        text = gettext("已导入%(count)s个界线，坐标系：%(system)s。") % {
            "count": len(found.features),
            "system": found.coordinates,
        }
        return text + "".join(found.notes)

    levels = [("", gettext("按代码判断")), *((key, gettext(title)) for key, title in LEVELS.items())]
    systems = [("wgs84", "WGS-84 / CGCS2000"), ("gcj02", gettext("GCJ-02（网络地图，导入时转换）"))]
    manners = [("try", gettext("先试运行，不写入")), ("import", gettext("正式导入"))]
    questions = [
        Question(
            name="content",
            title="边界文件",
            kind="file",
            accept=".json,.geojson",
            hint="GeoJSON，每个面有区划代码或名称。",
        ),
        Question(name="coordinates", title="坐标系", options=systems),
        Question(name="level", title="层级", options=levels, is_optional=True),
        Question(
            name="source", title="来源", is_optional=True, width="wide", hint="如测绘成果名称和日期；正式导入时必填。"
        ),
        Question(name="manner", title="方式", options=manners),
    ]
    text = gettext("文件须含上级区划内的全部下级；有重叠、空白、自相交或对不上的代码时，一个也不写入。")
    return _act(row, title="导入界线", questions=questions, do=do, text=text, button="提交").answer(request)


def _examined(request: HttpRequest, row: DivisionRecord, found: directory.Examination) -> HttpResponse:
    """What a trial found: faults first, then each feature with its area."""
    rows = [
        Row(key=code, cells=[found.names.get(code) or found.features[code].name, code, f"{area / 1e6:,.3f}"])
        for code, area in sorted(found.areas.items())
    ]
    titles = ("名称", "代码", "面积（平方千米）")
    columns = [Column(title=gettext(title), is_figures="面积" in title) for title in titles]
    faults = format_html_join("", "<p>{}</p>", ((one["message"],) for one in found.faults))
    result: Component = Notice(
        text=gettext("没有发现问题，可以正式导入。坐标系：%(system)s。") % {"system": found.coordinates}, tone="success"
    )
    if found.faults:
        title = gettext("发现%(count)s个问题，不能导入") % {"count": len(found.faults)}
        result = Notice(title=title, text=faults, tone="danger", next_step=gettext("请更正文件后重试。"))
    below = [Notice(text=note, tone="warning") for note in found.notes]
    act = Button(text=gettext("返回导入"), href=reverse("directory:boundaries"), kind="primary", is_small=True)
    context = {
        "title": gettext("试运行结果"),
        "notice": result,
        "facts": "",
        "actions": [act],
        "below": below,
        "way": Breadcrumbs(places=[(row.name, reverse(ONE, args=[row.code])), (gettext("试运行结果"), "")]),
        "tables": [Table(title=gettext("文件中的区划"), columns=columns, rows=rows, is_title_shown=True)],
    }
    return staff_page(request, "registry/record.html", context, status=422 if found.faults else 200)
