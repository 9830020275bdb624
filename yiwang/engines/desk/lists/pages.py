"""The work list page 工作台, its live counts, and the list on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.desk.lists import filtering, showing
from yiwang.engines.directory.api import actor_of
from yiwang.engines.worklists.api import (
    BOXES,
    SIZE,
    BadSearch,
    Counts,
    Page,
    Search,
    counts,
    page,
    read_search,
)
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.pages import staff_page

PAPER_ROWS = 200


def _read(request: HttpRequest) -> tuple[Search, Page, ErrorSummary | None]:
    """The list an address asks for; what is wrong with it stands above an empty list."""
    empty = Page((), "", "", 0)
    try:
        search = read_search(request.GET)
    except BadSearch as error:
        return error.search, empty, _faults(error)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    try:
        return search, page(actor_of(request), search, after=after, before=before), None
    except InvalidInput as error:
        return search, empty, _faults(error)


def _faults(error: InvalidInput) -> ErrorSummary:
    errors = [(f"filter-{fault['path']}", gettext(fault["message"])) for fault in error.errors]
    return ErrorSummary(errors=errors, title=gettext("无法按这些条件查找"))


def _neighbour(search: Search, name: str, cursor: str) -> str:
    return f"{reverse('desk:work')}?{search.query()}&{name}={cursor}" if cursor else ""


def _figures(search: Search, figures: Counts) -> dict[str, Any]:
    mine = filtering.counted(figures.boxes["mine"])
    return {"search": search, "figures": figures, "mine": mine, "tabs": filtering.tabs_of(search, figures)}


def summary_of(found: Page) -> str:
    """How many there are, as far as they were counted."""
    if not found.rows:
        return ""
    if found.total is None:
        return gettext("本页 %(count)s 件") % {"count": len(found.rows)}
    total = filtering.counted(found.total)
    if found.before or found.after:
        return gettext("本页 %(count)s 件，共 %(total)s 件") % {"count": len(found.rows), "total": total}
    return gettext("共 %(total)s 件") % {"total": total}


@require_safe
@staff_only
def work(request: HttpRequest) -> HttpResponse:
    """Boxes, filters and rows; the detail of a row opens beside them."""
    actor = actor_of(request)
    search, found, faults = _read(request)
    figures = counts(actor)
    here = f"{reverse('desk:work')}?{search.query()}"
    context = {
        **_figures(search, figures),
        "faults": faults, "title": gettext(BOXES[search.box]), "here": here, "query": search.query(),
        "table": showing.table_of(search, found, actor) if faults is None else None,
        "summary": summary_of(found), "filters": filtering.filters_of(actor, search),
        "order": filtering.order_of(search), "has_days": filtering.has_days(search),
        "before": _neighbour(search, "before", found.before), "after": _neighbour(search, "after", found.after),
        "saved": [(one, f"{reverse('desk:work')}?{one.query}", one.query == search.query()) for one in figures.saved],
    }  # fmt: skip
    return staff_page(request, "desk/lists/work.html", context, status=422 if faults else 200)


@require_safe
@staff_only
def live(request: HttpRequest) -> HttpResponse:
    """The counts alone, for a page that stands open."""
    box = request.GET.get("box", "")
    search = Search(box=box if box in BOXES else "mine")
    return render(request, "desk/lists/figures.html", _figures(search, counts(actor_of(request))))


@require_safe
@staff_only
def paper(request: HttpRequest) -> HttpResponse:
    """The filtered list to be printed: its conditions, its rows, who printed it and when."""
    search = read_search(request.GET)
    found = page(actor_of(request), search, size=PAPER_ROWS)
    context = {
        "search": search, "title": gettext(BOXES[search.box]), "words": filtering.words_of(search),
        "rows": [(row, showing.paper_cells(row)) for row in found.rows],
        "total": "" if found.total is None else filtering.counted(found.total),
        "is_cut": bool(found.after), "at": now(), "actor": actor_of(request), "most": PAPER_ROWS, "size": SIZE,
    }  # fmt: skip
    return render(request, "desk/lists/paper.html", context)
