"""The part of the case page about other cases: likely duplicates, members, and the acts on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import CaseView, case_view
from yiwang.engines.directory.api import actor_of
from yiwang.engines.gathering.joining import main_types, may_stand_for
from yiwang.engines.gathering.pages import showing
from yiwang.engines.gathering.pages.asking import case_address, case_named, refusal
from yiwang.engines.gathering.refusals import NotGathered, NumberUnknown
from yiwang.engines.gathering.selectors.members import gathered
from yiwang.engines.gathering.selectors.suggesting import likely_members, likely_same
from yiwang.engines.gathering.services.bundling import bundle
from yiwang.engines.gathering.services.merging import RUNNING, merge, unmerge
from yiwang.kernel.errors import NotFound, UserError
from yiwang.ui.components.feedback import Notice
from yiwang.ui.pages import staff_page


def show(request: HttpRequest, view: CaseView, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    """The part, as a page of its own or for the case page to take in."""
    tied = gathered(view)
    may_act = tied.may_gather and view.state.status in RUNNING
    is_alone = may_act and tied.main is None
    may_merge = is_alone and view.state.status == "open" and bool(main_types(view.graph.type))
    suggestions = [showing.suggested(view, one) for one in likely_same(view.actor, view.id)] if may_merge else []
    if is_alone:
        suggestions += [showing.suggested(view, one, is_member=True) for one in likely_members(view.actor, view.id)]
    context: dict[str, Any] = {
        "view": view, "case": view.case, "tied": tied, "notice": notice, "may_merge": may_merge,
        "may_split": is_alone, "may_bundle": may_act and tied.bundle is None,
        "suggestions": suggestions,
        "main": showing.tie(view.actor, tied.main) if tied.main is not None else None,
        "members": [showing.tie(view.actor, one) for one in tied.members],
        "parts": [showing.tie(view.actor, one) for one in tied.parts],
        "whole": showing.tie(view.actor, tied.whole) if tied.whole is not None else None,
    }  # fmt: skip
    return staff_page(request, "gathering/case.html", context, status=status)


@require_safe
@staff_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Likely duplicates, members and acts of one case."""
    return show(request, case_view(actor_of(request), case_id))


def _back(request: HttpRequest, case_id: UUID, text: str) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(case_address(case_id))


@require_POST
@staff_only
def merge_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """并案: into the case of `into`, an id or a number."""
    view = case_view(actor_of(request), case_id)
    try:
        main = merge(view.actor, case_id, case_named(request.POST.get("into", "")), request.POST.get("reason", ""))
    except NotFound:
        return show(request, view, refusal(NumberUnknown()), 422)
    except UserError as error:
        return show(request, view, refusal(error), error.status)
    return _back(request, case_id, gettext("已并入 %(number)s，本件停止计时，随主案办结。") % {"number": main.number})


@require_POST
@staff_only
def unmerge_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """取消并案 of this case, on whichever of the two pages it was asked for; the clerk goes on with the freed one."""
    view = case_view(actor_of(request), case_id)
    try:
        unmerge(view.actor, case_id, request.POST.get("reason", ""))
    except UserError as error:
        return show(request, view, refusal(error), error.status)
    return _back(request, case_id, gettext("已取消并案，%(number)s 恢复单独办理。") % {"number": view.case.number})


@require_POST
@staff_only
def bundle_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A handling trip that begins with this case."""
    view = case_view(actor_of(request), case_id)
    try:
        made = bundle(view.actor, request.POST.get("name", ""), [case_id])
    except UserError as error:
        return show(request, view, refusal(error), error.status)
    messages.success(request, gettext("已新建协同处置，可继续添加办件。"))
    return HttpResponseRedirect(reverse("gathering:bundle", args=[made.pk]))


@require_safe
@staff_only
def compare(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Two cases side by side; `with` names the other."""
    view = case_view(actor_of(request), case_id)
    try:
        other_id = case_named(request.GET.get("with", ""))
        if other_id == case_id:
            raise NotGathered(gettext("请选择另一件进行比对。"), next_step="")
        other = case_view(view.actor, other_id)
    except NotFound:
        return show(request, view, refusal(NumberUnknown()), 422)
    except UserError as error:
        return show(request, view, refusal(error), error.status)
    may_gather = gathered(view).may_gather and gathered(other).may_gather
    context = {
        "view": view, "case": view.case, "sides": [showing.side(view), showing.side(other)], "other": other.case,
        "pair": showing.pair(view, other), "may_give": may_gather and may_stand_for(other.case, view.case),
        "may_take": may_gather and may_stand_for(view.case, other.case),
    }  # fmt: skip
    return staff_page(request, "gathering/compare.html", context)
