"""Pages of those who keep the connections: all systems, one and what waits for people, a form, a secret shown once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.engines.exchange import selectors
from yiwang.engines.exchange.models import DIRECTIONS, System
from yiwang.engines.exchange.pages import showing
from yiwang.engines.exchange.rights import require_edit
from yiwang.engines.exchange.services import keeping
from yiwang.engines.exchange.services.receiving import replay
from yiwang.engines.exchange.spec import RULES, STATUSES, Participation
from yiwang.kernel.app import registry
from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import EmptyState, ErrorSummary
from yiwang.ui.components.fields import Check, Choice, Field
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

_asks = require_http_methods(["GET", "HEAD", "POST"])
_VIEWS: dict[str, tuple[str, Callable[..., Any]]] = {
    "links": ("对应的件", showing.links), "received": ("收到的", showing.received), "sent": ("发出的", showing.sent),
    "refused": ("待处理的来件", showing.refused), "dead": ("未送达", showing.dead),
    "conflicts": ("冲突", showing.conflicts),
}  # fmt: skip


@require_safe
@staff_only
def systems(request: HttpRequest) -> HttpResponse:
    """Every connection, and what of it waits for a person."""
    found = selectors.systems(actor_of(request))
    rows = [
        Row(
            key=one.key, href=reverse("exchange:system", args=[one.key]),
            cells=[
                one.title, showing.state_of(one), gettext(DIRECTIONS[one.direction]), counts.links, counts.waits or ""
            ],
        )
        for one, counts in found
    ]  # fmt: skip
    columns = [
        Column(title=gettext("系统")), Column(title=gettext("状态")), Column(title=gettext("方向"), is_wide=True),
        Column(title=gettext("对应的件"), is_figures=True), Column(title=gettext("待处理"), is_figures=True),
    ]  # fmt: skip
    new = Button(text=gettext("接入系统"), href=reverse("exchange:new"), icon="plus", is_small=True)
    empty = EmptyState(
        title=gettext("还没有接入其他系统"), text=gettext("接入后，双方各自办理，状态保持一致。"), icon="transfer",
        action=Button(text=gettext("接入系统"), href=reverse("exchange:new")),
    )  # fmt: skip
    table = Table(title=gettext("接入的系统"), columns=columns, rows=rows, empty=empty)
    return staff_page(request, "exchange/systems.html", {"table": table, "new": new if found else None})


@require_safe
@staff_only
def system(request: HttpRequest, key: str) -> HttpResponse:
    """One connection: how it is set, and one of its lists (`view`)."""
    actor = actor_of(request)
    one, counts = selectors.system_keyed(actor, key)
    view = request.GET.get("view", "")
    view = view if view in _VIEWS else next(iter(_VIEWS))
    before = showing.id_in(request.GET.get("before"))
    context = {
        "system": one, "state": showing.state_of(one), "facts": showing.facts_of(request, one),
        "tabs": showing.tabs_of(counts, view, {name: title for name, (title, _) in _VIEWS.items()}),
        "table": _VIEWS[view][1](request, one, before),
    }  # fmt: skip
    return staff_page(request, "exchange/system.html", context)


@_asks
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new connection; its secret is shown in the answer and never again."""
    actor = actor_of(request)
    require_edit(actor)
    same = "\n".join(f"{key} = {gettext(title)}" for key, title in STATUSES.items())
    back = "\n".join(f"{gettext(title)} = {key}" for key, title in STATUSES.items())
    blank = {
        "key": "", "title": "", "endpoint": "", "direction": "both", "rule": "ours_after_dispatch",
        "participation": next(iter(registry.parts(Participation)), ""), "incoming": same, "outgoing": back,
        "per_minute": "600", "is_active": True,
    }  # fmt: skip
    if request.method != "POST":
        return _form(request, gettext("接入系统"), blank, reverse("exchange:systems"))
    try:
        made, secret = keeping.add_system(actor, _entry(request))
    except InvalidInput as error:
        return _form(request, gettext("接入系统"), _sent(request), reverse("exchange:systems"), error)
    return _secret_page(request, made, secret)


@_asks
@staff_only
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Everything about a connection but its key and secret."""
    actor = actor_of(request)
    one, _ = selectors.system_keyed(actor, key)
    back, title = reverse("exchange:system", args=[key]), gettext("修改连接")
    if request.method != "POST":
        return _form(request, title, _stored(one), back, is_new=False)
    try:
        keeping.change_system(actor, one.pk, _entry(request))
    except InvalidInput as error:
        return _form(request, title, _sent(request), back, error, is_new=False)
    messages.success(request, gettext("已保存。"))
    return HttpResponseRedirect(back)


@_asks
@staff_only
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then show a new secret once."""
    actor = actor_of(request)
    one, _ = selectors.system_keyed(actor, key)
    if request.method != "POST":
        return staff_page(request, "exchange/rotate.html", {"system": one})
    return _secret_page(request, *keeping.rotate_secret(actor, one.pk))


@require_POST
@staff_only
def ping(request: HttpRequest, key: str) -> HttpResponse:
    """Queue a test event."""
    actor = actor_of(request)
    one, _ = selectors.system_keyed(actor, key)
    return _done(
        request, key, "sent", lambda: keeping.ping(actor, one.pk), gettext("测试事件已排队，几秒后刷新看结果。")
    )


@require_POST
@staff_only
def replay_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Try a refused event again."""
    actor = actor_of(request)
    key = selectors.event_of(actor, event_id).system.key
    return _done(request, key, "refused", lambda: replay(actor, event_id), gettext("已重新处理，结果见“收到的”。"))


@require_POST
@staff_only
def retry_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Send an event again that did not arrive."""
    actor = actor_of(request)
    key = selectors.told_event(actor, event_id).system.key
    return _done(request, key, "sent", lambda: keeping.retry(actor, event_id), gettext("已重新排队。"))


@require_POST
@staff_only
def decide(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """A person says who holds."""
    actor, decision = actor_of(request), request.POST.get("decision", "")
    key = selectors.conflict_of(actor, conflict_id).link.system.key
    return _done(request, key, "conflicts", lambda: keeping.decide(actor, conflict_id, decision), gettext("已决定。"))


def _done(request: HttpRequest, key: str, view: str, deed: Callable[[], object], text: str) -> HttpResponse:
    """Do it, say so, and go back to the list it belongs to."""
    try:
        deed()
        messages.success(request, text)
    except UserError as error:
        messages.error(request, joined(gettext(error.message), gettext(error.next_step or "")))
    return HttpResponseRedirect(reverse("exchange:system", args=[key]) + f"?view={view}")


def _secret_page(request: HttpRequest, system: System, secret: str) -> HttpResponse:
    context = {
        "system": system, "secret": secret,
        "address": request.build_absolute_uri(reverse("exchange:events", args=[system.key])),
    }  # fmt: skip
    return staff_page(request, "exchange/secret.html", context)


_NAMES = ("key", "title", "endpoint", "direction", "rule", "participation", "incoming", "outgoing", "per_minute")


def _sent(request: HttpRequest) -> dict[str, Any]:
    values: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in _NAMES}
    return values | {"is_active": "is_active" in request.POST}


def _entry(request: HttpRequest) -> keeping.Entry:
    return keeping.Entry(**_sent(request))


def _stored(one: System) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in (*_NAMES, "is_active")}
    maps = {
        "incoming": "\n".join(showing.map_lines(one.incoming, is_incoming=True, between=" = ")),
        "outgoing": "\n".join(showing.map_lines(one.outgoing, is_incoming=False, between=" = ")),
    }
    return values | maps | {"per_minute": str(one.per_minute)}


def _form(
    request: HttpRequest,
    title: str,
    values: dict[str, Any],
    back: str,
    error: InvalidInput | None = None,
    *,
    is_new: bool = True,
) -> HttpResponse:
    faults = {one["path"]: one["message"] for one in error.errors} if error is not None else {}
    context = {
        "title": title, "back": back, "fields": _fields(values, faults, is_new), "maps": _maps(values, faults),
        "active": Check(name="is_active", label=gettext("启用"), is_checked=bool(values["is_active"])),
        "errors": ErrorSummary(errors=list(faults.items())) if faults else None,
        "statuses": "、".join(gettext(one) for one in STATUSES.values()),
    }  # fmt: skip
    return staff_page(request, "exchange/form.html", context, status=error.status if error is not None else 200)


def _fields(values: dict[str, Any], faults: dict[str, str], is_new: bool) -> list[Component]:
    def field(name: str, label: str, **more: Any) -> Field:
        return Field(name=name, label=label, value=values[name], error=faults.get(name, ""), **more)

    def choice(name: str, label: str, options: dict[str, str], hint: str = "") -> Choice:
        shown = [(key, gettext(one)) for key, one in options.items()]
        return Choice(
            name=name, label=label, options=shown, value=values[name], error=faults.get(name, ""), hint=hint
        )  # fmt: skip

    parts = {key: part.title for key, part in registry.parts(Participation).items()}
    key = [field("key", gettext("编号"), hint=gettext("写进对方发送的地址，以后不能改，如 city-platform。"))]
    return [
        *(key if is_new else []),
        field("title", gettext("名称")),
        field("endpoint", gettext("对方接收事件的地址"), type="url", width="wide", is_optional=True),
        choice("direction", gettext("方向"), DIRECTIONS),
        choice("participation", gettext("参加的事项"), parts),
        choice("rule", gettext("两边不一致时"), dict(RULES), gettext("规则是建议，按双方的协议选定。")),
        field("per_minute", gettext("每分钟最多接收"), width="short", attributes={"inputmode": "numeric"}),
    ]


def _maps(values: dict[str, Any], faults: dict[str, str]) -> list[tuple[str, str, str, str, str]]:
    """(name, label, hint, value, error) of the two maps, which the template writes."""
    return [
        (name, label, hint, values[name], faults.get(name, ""))
        for name, label, hint in (
            ("incoming", gettext("对方的状态怎样理解"), gettext("每行一个：对方的说法 = 我方状态")),
            ("outgoing", gettext("我方的状态怎样告知"), gettext("每行一个：我方状态 = 对方的说法")),
        )
    ]
