"""The callback desk: who is to be called, one at a time, and what they said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.governance.direct_line import asking, posts, rules
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import CaseView, TaskView, act, case_view, form_of
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.worklists.api import Listed, Page, page, read_search
from yiwang.kernel.errors import NotAllowed, NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page

NODE = "callback"
TYPES = {
    "direct_line.appeal": gettext_noop("诉求回访"), "direct_line.follow_up": gettext_noop("差评回访"),
    "direct_line.sealed": gettext_noop("密件回访"),
}  # fmt: skip
REASONS = {
    "kind": gettext_noop("投诉和举报逐件回访"),
    "reopened": gettext_noop("重新办理后回访"), "drawn": gettext_noop("抽样抽中"),
}  # fmt: skip


def _require(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not (actor.scopes(posts.CALLBACKS) or actor.scopes(posts.SEALED)):
        raise NotAllowed
    return actor


def _types(actor: Actor) -> list[str]:
    """The kinds of callback that are this actor's."""
    own = [*("direct_line.appeal", "direct_line.follow_up")] if actor.scopes(posts.CALLBACKS) else []
    return own + ["direct_line.sealed"] * bool(actor.scopes(posts.SEALED))


def _due(actor: Actor, type: str, after: str = "", before: str = "") -> Page:
    search = read_search({"box": "post", "type": type, "stage": NODE, "sort": "due"})
    return page(actor, search, after=after, before=before)


@require_safe
@staff_only
def callbacks(request: HttpRequest) -> HttpResponse:
    """Calls that are due, the most urgent first."""
    actor = _require(request)
    types = _types(actor)
    chosen = request.GET.get("type", "")
    type = chosen if chosen in types else types[0]
    found = _due(actor, type, request.GET.get("after", ""), request.GET.get("before", ""))
    here = reverse("direct_line:callbacks")
    tabs = [Tab(title=gettext(TYPES[one]), href=f"{here}?type={one}", is_current=one == type) for one in types]
    context = {"tabs": Tabs(title=gettext("回访"), tabs=tabs), "table": _table(found, f"{here}?type={type}")}
    return staff_page(request, "direct_line/callbacks.html", context)


def _table(found: Page, here: str) -> Table:
    titles = ("标题", "编号", "诉求类别", "地点", "时限")
    empty = EmptyState(
        title=gettext("没有待回访的"), text=gettext("审核通过、需要回访的诉求会列在这里。"), icon="check"
    )
    return Table(
        title=gettext("待回访"), columns=[Column(title=gettext(title)) for title in titles],
        rows=[_row(row) for row in found.rows], empty=empty,
        previous_url=f"{here}&before={found.before}" if found.before else "",
        next_url=f"{here}&after={found.after}" if found.after else "",
    )  # fmt: skip


def _row(row: Listed) -> Row:
    due = Time(at=row.due_at) if row.due_at else ""
    cells = [row.title, row.number, gettext(row.category_title), row.area_title, due]
    return Row(key=row.key, cells=cells, href=reverse("direct_line:callback", args=[row.id]))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def callback(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """One call: whom, about what, what was answered; and what they say."""
    actor = _require(request)
    view = case_view(actor, appeal_id)
    if view.graph.type not in TYPES:
        raise NotFound
    task = next((one for one in view.tasks if one.node.key == NODE and one.is_mine), None)
    if request.method == "POST" and task is not None:
        return _recorded(request, actor, view, task)
    form = form_of(view.graph, NODE)
    return _shown(request, view, form.render(request) if task is not None else SafeString(""))


def _recorded(request: HttpRequest, actor: Actor, view: CaseView, task: TaskView) -> HttpResponse:
    found = form_of(view.graph, NODE).submit(request, actor=actor)
    if not found.is_accepted:
        return _shown(request, view, found.html, found.status)
    act(actor, view.id, "complete", token=task.no, arguments={"data": found.data})
    messages.success(request, gettext("%(number)s 的回访已记录。") % {"number": view.case.number})
    following = next(iter(_due(actor, view.graph.type).rows), None)
    address = reverse("direct_line:callback", args=[following.id]) if following else reverse("direct_line:callbacks")
    return HttpResponseRedirect(address)


def _shown(request: HttpRequest, view: CaseView, html: SafeString, status: int = 200) -> HttpResponse:
    data = view.readable(view.state.data)
    way = Breadcrumbs(places=[(gettext("回访台"), reverse("direct_line:callbacks")), (view.case.number, "")])
    context = {
        "way": way, "title": view.case.title, "number": view.case.number, "fields": html, "tags": _tags(data),
        "phone": data.get("phone", ""), "name": data.get("name", ""), "facts": Facts(pairs=_facts(data)),
        "tries": data.get("tries", 0), "most": rules.MOST_TRIES, "case": reverse("desk:case", args=[view.id]),
    }  # fmt: skip
    return staff_page(request, "direct_line/callback.html", context, status=status)


def _tags(data: dict[str, Any]) -> list[Tag]:
    because = REASONS.get((data.get("sampled") or {}).get("because", ""), "")
    tags = [Tag(text=gettext(because), tone="accent")] if because else []
    return [*tags, *([Tag(text=gettext("重办件"), tone="warning")] if data.get("reopened") else [])]


def _facts(data: dict[str, Any]) -> list[tuple[str, object]]:
    """What the caller must know before dialling; the last answer of a reopened appeal is the new one."""
    named = (
        ("诉求编号", data.get("appeal", "")), ("诉求人评价", asking.GRADES.get(str(data.get("rating", "")), "")),
        ("诉求类别", asking.KINDS.get(str(data.get("kind", "")), "")), ("诉求内容", data.get("text", "")),
        ("主办单位", posts.UNITS.get(str(data.get("unit", "")), "")), ("答复内容", data.get("reply", "")),
        ("上次回访", asking.GRADES.get(str(data.get("grade", "")), "")), ("回访记录", data.get("callback_note", "")),
    )  # fmt: skip
    return [(gettext(title), gettext(str(value)) if value else "") for title, value in named if value]
