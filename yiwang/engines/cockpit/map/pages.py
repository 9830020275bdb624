"""The map page 办件地图 and what it asks for when it is moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.map.choosing import Box, sight
from yiwang.engines.cockpit.map.clusters import Mark, box_of
from yiwang.engines.cockpit.map.ground import ground, prefix_of
from yiwang.engines.cockpit.map.view import MOST_CASES, WHOLE, Shown, View, box_of_all, view
from yiwang.engines.directory.api import actor_of, children, name_of, path_of
from yiwang.engines.worklists.api import DUES, STATUSES, BadSearch, Search, Sight, catalogue, read_search
from yiwang.kernel.errors import InvalidInput, NotAllowed
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.moments import ClockPill
from yiwang.ui.components.records import Filter
from yiwang.ui.pages import staff_page

FILTERS = ("type", "category", "area", "status", "due", "opened_from", "opened_to")
_DUES = ("overdue", "today")
_EDGES = ("west", "south", "east", "north")


def reach_of(request: HttpRequest) -> Sight:
    """What the posts of the one who asks reach; NotAllowed for those who watch over no cases."""
    found = sight(actor_of(request))
    if not found.rows:
        raise NotAllowed
    return found


def read(given: Mapping[str, str]) -> Search:
    """The filters of an address; what is in work unless another status is asked for."""
    chosen = {name: given.get(name, "") for name in FILTERS}
    if "status" not in given:
        chosen["status"] = "running"
    if chosen["due"] not in ("", *_DUES):
        message = gettext("地图上不能按这个期限筛选。")
        raise InvalidInput([{"path": "due", "code": "CHOICE", "message": message}], message)
    return read_search({"box": "all", **chosen})


def _box(given: Mapping[str, str]) -> tuple[Box, float]:
    """The piece of the map and its zoom; InvalidInput when a number is none."""
    try:
        west, south, east, north = (float(given[name]) for name in _EDGES)
        zoom = float(given["zoom"])
        return box_of(west, south, east, north), zoom
    except (KeyError, ValueError, OverflowError):
        message = gettext("地图范围不完整，请刷新页面重试。")
        raise InvalidInput([{"path": "west", "code": "BOX", "message": message}], message) from None


@require_safe
@staff_only
def case_map(request: HttpRequest) -> HttpResponse:
    """The whole of what the posts reach, with its list: also what a browser without scripts gets."""
    reach, faults = reach_of(request), None
    try:
        search = read(request.GET)
    except BadSearch as error:
        search = error.search
        faults = ErrorSummary(
            errors=[(f"filter-{one['path']}", gettext(one["message"])) for one in error.errors],
            title=gettext("无法按这些条件查找"),
        )
    prefix = prefix_of(reach)
    base = ground(prefix)
    found = view(actor_of(request), search)
    box = base.box or box_of_all(actor_of(request), search)
    context = {
        "faults": faults, "filters": _filters(reach, search), "search": search, "prefix": prefix,
        "title": name_of(prefix), "box": ",".join(f"{edge:.6f}" for edge in box) if box else "",
        "query": _query(search), "is_schematic": base.is_schematic, **_listed(found, search),
    }  # fmt: skip
    return staff_page(request, "cockpit/map/page.html", context, status=422 if faults else 200)


@require_safe
@staff_only
def case_map_view(request: HttpRequest) -> HttpResponse:
    """Marks of a piece of the map as GeoJSON, with the numbers and the list that stand beside it."""
    reach_of(request)
    search = read(request.GET)
    box, zoom = _box(request.GET) if "west" in request.GET else (WHOLE, 0.0)
    found = view(actor_of(request), search, box, zoom)
    body = {
        "type": "FeatureCollection",
        "features": [_feature(mark, found.singles.get(mark.place)) for mark in found.marks],
        "total": found.total, "late": found.late,
        "list": render_to_string("cockpit/map/list.html", _listed(found, search), request),
    }  # fmt: skip
    return HttpResponse(orjson.dumps(body), content_type="application/geo+json")


def _feature(mark: Mark, case: Shown | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"cases": mark.cases, "late": mark.late}
    if case is not None:
        facts |= {"url": reverse("desk:case", args=[case.id]), "title": _spoken(case)}
    place = {"type": "Point", "coordinates": [mark.longitude, mark.latitude]}
    return {"type": "Feature", "geometry": place, "properties": facts}


def _spoken(case: Shown) -> str:
    """A point in words."""
    parts = [gettext(case.category), "、".join(gettext(one) for one in case.stages), case.number]
    if case.is_late:
        parts.insert(1, gettext("已超时"))
    return " ".join(part for part in parts if part)


def _listed(found: View, search: Search) -> dict[str, Any]:
    """What the list beside the map shows."""
    work = reverse("desk:work")
    return {
        "found": found, "work": f"{work}?{search.query()}", "most": MOST_CASES,
        "places": [(name_of(one.code), one, f"{work}?{search.query(area=one.code)}") for one in found.places],
        "cases": [(case, path_of(case.area), _pill(case)) for case in found.first],
    }  # fmt: skip


def _pill(case: Shown) -> ClockPill | None:
    """The limit of a case in work."""
    if case.due_at is None or case.status not in ("open", "suspended"):
        return None
    return ClockPill(due_at=case.due_at, is_stopped=case.status == "suspended")


def _query(search: Search) -> str:
    """The filters as an address, an empty status included: without one the map shows what is in work."""
    given = QueryDict(mutable=True)
    given.update({"status": search.status, **{key: value for key, value in search.filters.items() if key in FILTERS}})
    return given.urlencode()


def _filters(reach: Sight, search: Search) -> list[Filter]:
    """The choices above the map: types the posts reach, and the categories of the chosen or only one."""
    reached = {type for _, type, _ in reach.rows}
    kinds = {key: kind for key, kind in catalogue().kinds.items() if key in reached}
    chosen = kinds.get(search.type) or (next(iter(kinds.values())) if len(kinds) == 1 else None)
    rows = (
        ("type", gettext("事项类型"), {key: kind.title for key, kind in kinds.items()}, search.type),
        ("category", gettext("类别"), dict(chosen.categories) if chosen else {}, search.category),
        ("area", gettext("区划"), {one.code: one.name for one in children(prefix_of(reach))}, search.area),
        ("status", gettext("状态"), STATUSES, search.status),
        ("due", gettext("期限"), {key: DUES[key] for key in _DUES}, search.due),
    )
    return [
        Filter(
            name=name, title=title, value=value,
            options=[("", gettext("全部")), *((key, gettext(text)) for key, text in named.items())],
        )
        for name, title, named, value in rows
        if named
    ]  # fmt: skip
