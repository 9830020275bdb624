"""协同处置: the list of handling trips, one trip with its cases, cases added and taken off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.engines.gathering.pages import showing
from yiwang.engines.gathering.pages.asking import case_named, id_in, refusal
from yiwang.engines.gathering.refusals import NumberUnknown
from yiwang.engines.gathering.rights import MERGE, may_gather
from yiwang.engines.gathering.selectors import bundles as selecting
from yiwang.engines.gathering.services.bundling import add_to_bundle, remove_from_bundle
from yiwang.kernel.errors import NotFound, UserError
from yiwang.ui.components.feedback import EmptyState, Notice
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def bundles(request: HttpRequest) -> HttpResponse:
    """Trips where the actor may gather, the newest first."""
    found, older = selecting.bundles(actor_of(request), id_in(request.GET.get("before")))
    rows = [
        Row(
            key=str(one.bundle.pk), href=reverse("gathering:bundle", args=[one.bundle.pk]),
            cells=(
                one.bundle.title, path_of(one.bundle.division),
                gettext("%(running)s 件在办，共 %(count)s 件") % {"running": one.running, "count": len(one.cases)},
                gettext(one.bundle.by_name), Time(at=one.bundle.at),
            ),
        )
        for one in found
    ]  # fmt: skip
    empty = EmptyState(
        title=gettext("没有协同处置"), text=gettext("在办件页面的“并案与重复”中，可以把相关的几件编在一起，一趟办完。")
    )
    table = Table(
        title=gettext("协同处置"), rows=rows, empty=empty,
        columns=[Column(title=gettext(one)) for one in ("名称", "区划", "办件", "建立人", "建立时间")],
        next_url=f"?before={older}" if older is not None else "",
    )  # fmt: skip
    return staff_page(request, "gathering/bundles.html", {"table": table})


def _show(request: HttpRequest, bundle_id: UUID, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    view = selecting.bundle_view(actor, bundle_id)
    context = {
        "view": view, "bundle": view.bundle, "notice": notice, "place": path_of(view.bundle.division),
        "lines": [(showing.line_of(case), may_gather(actor, case)) for case in view.cases],
        "map": showing.map_of(list(view.cases)), "may_add": bool(actor.scopes(MERGE)),
    }  # fmt: skip
    return staff_page(request, "gathering/bundle.html", context, status=status)


@require_safe
@staff_only
def bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """One trip."""
    return _show(request, bundle_id)


@require_POST
@staff_only
def change_bundle(request: HttpRequest, bundle_id: UUID) -> HttpResponse:
    """Add the case of number `number`, or take off the case of id `off`."""
    actor = actor_of(request)
    off = id_in(request.POST.get("off"))
    try:
        if off is not None:
            remove_from_bundle(actor, bundle_id, off)
        else:
            selecting.bundle_view(actor, bundle_id)
            add_to_bundle(actor, bundle_id, [case_named(request.POST.get("number", ""))])
    except NotFound:
        return _show(request, bundle_id, refusal(NumberUnknown()), 422)
    except UserError as error:
        return _show(request, bundle_id, refusal(error), error.status)
    messages.success(request, gettext("已移出。") if off is not None else gettext("已添加。"))
    try:
        selecting.bundle_view(actor, bundle_id)
    except NotFound:  # The last case went, and somebody else had made the trip.
        return HttpResponseRedirect(reverse("gathering:bundles"))
    return HttpResponseRedirect(reverse("gathering:bundle", args=[bundle_id]))
