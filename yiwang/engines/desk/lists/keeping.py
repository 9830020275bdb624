"""Saved filters: keep the search at hand under a name, rename it, move it, forget it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.engines.worklists.api import counts, delete_filter, move_filter, read_search, rename_filter, save_filter
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.pages import staff_page


def _page(request: HttpRequest, fault: InvalidInput | None = None) -> HttpResponse:
    errors = ErrorSummary(errors=[("filters-title", gettext(fault.message))]) if fault else None
    context = {"saved": counts(actor_of(request)).saved, "faults": errors}
    return staff_page(request, "desk/lists/saved.html", context, status=422 if fault else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def saved(request: HttpRequest) -> HttpResponse:
    """The person's own filters; a POST with `name` and the filters of a list keeps them."""
    if request.method != "POST":
        return _page(request)
    try:
        kept = save_filter(actor_of(request), request.POST.get("name", ""), read_search(request.POST.dict()))
    except InvalidInput as fault:
        return _page(request, fault)
    messages.success(request, gettext("已保存筛选“%(name)s”。") % {"name": kept.name})
    return HttpResponseRedirect(f"{reverse('desk:work')}?{kept.query}")


def _rename(request: HttpRequest, id: UUID) -> None:
    rename_filter(actor_of(request), id, request.POST.get("name", ""))


_ACTS: dict[str, Callable[[HttpRequest, UUID], None]] = {
    "rename": _rename,
    "delete": lambda request, id: delete_filter(actor_of(request), id),
    "earlier": lambda request, id: move_filter(actor_of(request), id, -1),
    "later": lambda request, id: move_filter(actor_of(request), id, 1),
}


@require_POST
@staff_only
def change(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    """rename, delete, earlier or later; another person's filter is not found."""
    if act not in _ACTS:
        raise NotFound
    try:
        _ACTS[act](request, id)
    except InvalidInput as fault:
        return _page(request, fault)
    return HttpResponseRedirect(reverse("desk:filters"))
