"""Forms of the ledger: register a component, change it, retire it. The map of the form engine picks the place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.classes import display_class
from yiwang.apps.governance.catalogue.ledger.rights import may_keep
from yiwang.apps.governance.catalogue.ledger.selectors import component
from yiwang.apps.governance.catalogue.ledger.services import add_component, change_component, retire_component
from yiwang.apps.governance.catalogue.models import STATES, Component
from yiwang.apps.governance.catalogue.pages.wording import as_written
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.engines.forms.api import CompiledForm, FieldError, compile_form
from yiwang.engines.forms.spec import Choice, Date, Field, Form, LongText, Place, Text
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed
from yiwang.ui.components.records import Breadcrumbs
from yiwang.ui.pages import staff_page

_WHERE = Place("place", "位置", required=True, hint="在地图上点出部件所在的位置。")
_TEXTS: tuple[Field, ...] = (
    Text("owner", "权属单位", max_length=120),
    Text("keeper", "管养单位", max_length=120),
    Text("supervisor", "主管单位", max_length=120),
    Date("placed_on", "设置日期", latest="today"),
    Text("source", "数据来源", max_length=120, hint="如普查、移交、巡查登记。"),
    LongText("note", "备注", max_length=300, rows=2),
)
_RETIRE = Form("retire", "停用部件", fields=(LongText("reason", "停用原因", required=True, max_length=300, rows=3),))


def _new_form() -> CompiledForm:
    rows = [found[0] for code, found in catalogue_on().conditions.items() if code.startswith("C")]
    options = {row.class_code: f"{row.title} · {display_class(row.class_code)}" for row in rows}
    options = options or {"": gettext("没有可选的小类")}
    fields: tuple[Field, ...] = (
        Choice("class_code", "小类", required=True, options=options, searchable=True),
        Text("name", "名称", max_length=120, hint="不填则用小类的名称。"),
        _WHERE,
    )
    return compile_form(Form("new_component", "登记部件", fields=fields + _TEXTS))


def _edit_form() -> CompiledForm:
    states = {key: title for key, title in STATES if key != "retired"}
    fields: tuple[Field, ...] = (
        Text("name", "名称", required=True, max_length=120),
        Choice("state", "部件状态", required=True, options=states),
        _WHERE,
    )
    return compile_form(Form("edit_component", "修改部件", fields=fields + _TEXTS))


def _answers(data: dict[str, Any]) -> dict[str, Any]:
    """What the services take: the place as its two numbers, the day as a day."""
    from datetime import date

    found = {key: value for key, value in data.items() if key not in ("place", "placed_on")}
    place = data.get("place") or {}
    day = data.get("placed_on")
    point = {name: place.get(name) for name in ("longitude", "latitude")}
    return found | point | {"placed_on": date.fromisoformat(day) if day else None}


def _page(request: HttpRequest, title: str, form: CompiledForm, inside: Any, back: str, **more: Any) -> HttpResponse:
    places = [(gettext("部件台账"), reverse("catalogue:components")), *more.pop("way", ()), (gettext(title), "")]
    context = {
        "title": gettext(title), "fields": inside, "encoding": form.encoding, "back": back,
        "way": Breadcrumbs(places=places), **more,
    }  # fmt: skip
    return staff_page(request, "catalogue/component_form.html", context, status=more.get("status", 200))


def _again(request: HttpRequest, form: CompiledForm, data: dict[str, Any], error: InvalidInput) -> Any:
    """The form once more with what a service refused."""
    errors = [FieldError(_field(one["path"], form), one["code"], gettext(one["message"])) for one in error.errors]
    return form.render(request, data, errors)


def _field(path: str, form: CompiledForm) -> str:
    return path if path in form.form.by_key else next(iter(form.form.by_key))


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """Register a component; the number comes by itself."""
    actor = actor_of(request)
    if not may_keep(actor):
        raise NotAllowed(next_step="部件由部件管理员登记，请联系所在镇街。")
    form, back = _new_form(), reverse("catalogue:components")
    if request.method == "GET":
        first = {"class_code": request.GET.get("class_code", "")}
        return _page(request, "登记部件", form, form.render(request, first), back)
    sent = form.submit(request, actor=actor)
    if not sent.is_accepted:
        return _page(request, "登记部件", form, sent.html, back, status=sent.status)
    try:
        given = _answers(dict(sent.data))
        row = add_component(actor, given.pop("class_code"), given.pop("longitude"), given.pop("latitude"), **given)
    except InvalidInput as error:
        html = _again(request, form, dict(sent.data), error)
        return _page(request, "登记部件", form, html, back, status=error.status)
    messages.success(request, gettext("已登记，标识码 {code}。").format(code=row.code))
    return HttpResponseRedirect(reverse("catalogue:component", args=[row.code]))


@require_http_methods(["GET", "POST"])
@staff_only
def edit(request: HttpRequest, component_code: str) -> HttpResponse:
    """Change what may change: everything but code and class."""
    row, back = _kept(request, component_code)
    form = _edit_form()
    if request.method == "GET":
        return _page(request, "修改部件", form, form.render(request, _values(row)), back, way=_way(row))
    sent = form.submit(request, actor=actor_of(request), previous=_values(row))
    if not sent.is_accepted:
        return _page(request, "修改部件", form, sent.html, back, status=sent.status, way=_way(row))
    try:
        emptied: dict[str, Any] = {field.key: "" for field in _TEXTS if field.key != "placed_on"}
        change_component(actor_of(request), row.code, emptied | _answers(dict(sent.data)))
    except InvalidInput as error:
        html = _again(request, form, dict(sent.data), error)
        return _page(request, "修改部件", form, html, back, status=error.status, way=_way(row))
    messages.success(request, gettext("已修改。"))
    return HttpResponseRedirect(back)


@require_http_methods(["GET", "POST"])
@staff_only
def retire(request: HttpRequest, component_code: str) -> HttpResponse:
    """It no longer stands there."""
    row, back = _kept(request, component_code)
    form = compile_form(_RETIRE)
    rest: dict[str, Any] = {"way": _way(row), "is_danger": True}
    rest["text"] = gettext("停用后不再作为上报时的就近部件，记录和标识码保留，标识码不再使用。")
    if request.method == "GET":
        return _page(request, "停用部件", form, form.render(request), back, **rest)
    sent = form.submit(request, actor=actor_of(request))
    if not sent.is_accepted:
        return _page(request, "停用部件", form, sent.html, back, status=sent.status, **rest)
    retire_component(actor_of(request), row.code, str(sent.data["reason"]))
    messages.success(request, gettext("已停用，记录保留。"))
    return HttpResponseRedirect(back)


def _kept(request: HttpRequest, code: str) -> tuple[Component, str]:
    """A component the actor keeps, and the way back to it."""
    row = component(actor_of(request), code)
    if not may_keep(actor_of(request), row.cell):
        raise NotAllowed(next_step="部件由所在镇街的部件管理员维护，请联系所在镇街。")
    if row.state == "retired":
        raise Conflict("部件已停用，不能再改。", next_step="如已恢复，请重新登记。")
    return row, reverse("catalogue:component", args=[row.code])


def _way(row: Component) -> list[tuple[str, str]]:
    return [(as_written(row.name), reverse("catalogue:component", args=[row.code]))]


def _values(row: Component) -> dict[str, Any]:
    place = {
        "longitude": row.longitude, "latitude": row.latitude, "division": row.cell, "address": path_of(row.cell),
    }  # fmt: skip
    texts = {name: getattr(row, name) for name in ("name", "owner", "keeper", "supervisor", "source", "note")}
    day = {"placed_on": row.placed_on.isoformat()} if row.placed_on else {}
    return {"place": place, "state": row.state} | {key: value for key, value in texts.items() if value} | day
