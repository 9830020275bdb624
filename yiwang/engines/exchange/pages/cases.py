"""One case on all platforms, side by side; and handing it over to one more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import CaseView, case_view
from yiwang.engines.directory.api import actor_of
from yiwang.engines.exchange import selectors
from yiwang.engines.exchange.models import Link
from yiwang.engines.exchange.pages import showing
from yiwang.engines.exchange.services.telling import hand_over
from yiwang.kernel.errors import NotFound, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.fields import Choice
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Our id and each system's, with both statuses."""
    view = case_view(actor_of(request), case_id)
    free = selectors.open_to(view)
    context = {
        "view": view, "case": view.case, "table": _table(view), "address": _address(case_id),
        "conflicts": [
            (one.link.system.title, showing.status(one.ours), one.word, one.why)
            for one in selectors.conflicts_of(view)
        ],
        "choice": Choice(
            name="system", label=gettext("送往"), options=[(str(one.pk), one.title) for one in free]
        ) if free else None,
    }  # fmt: skip
    return staff_page(request, "exchange/case.html", context)


@require_POST
@staff_only
def hand_over_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the case to the system of id `system`."""
    actor = actor_of(request)
    view = case_view(actor, case_id)
    system_id = showing.id_in(request.POST.get("system"))
    try:
        if system_id is None:
            raise NotFound(gettext("请选择送往哪个系统。"), next_step="")
        hand_over(actor, view.id, system_id)
        messages.success(request, gettext("已送出，对方的编号收到后显示。"))
    except UserError as error:
        messages.error(request, joined(gettext(error.message), gettext(error.next_step or "")))
    return HttpResponseRedirect(reverse("exchange:case", args=[case_id]))


def _table(view: CaseView) -> Table:
    """Our id first, then each system's; empty for a case that is nowhere else."""
    found = selectors.links_of(view)
    disputed = selectors.disputed(found)
    rows = [_ours(view, link) for link in found[:1]]
    rows += [
        Row(
            key=str(link.pk),
            cells=[
                link.system.title, link.outside_id or "—", link.their_word or "—", showing.agreement(link, disputed),
                Time(at=link.theirs_at) if link.theirs_at else "—",
            ],
        )
        for link in found
    ]  # fmt: skip
    titles = ("系统", "编号", "状态", "是否一致", "更新")
    empty = EmptyState(title=gettext("只在本平台办理"), text=gettext("这件没有送往其他平台，也不是其他平台送来的。"))
    columns = [Column(title=gettext(title)) for title in titles]
    return Table(title=gettext("各平台状态"), columns=columns, rows=rows, empty=empty)


def _ours(view: CaseView, link: Link) -> Row:
    cells = [gettext("本平台"), view.case.number, showing.status(link.ours), "—", Time(at=link.ours_at)]
    return Row(key=str(view.id), cells=cells)


def _address(case_id: UUID) -> str:
    """The case's own page; '' where a deployment leaves the desk unmounted."""
    try:
        return reverse("desk:case", args=[case_id])
    except NoReverseMatch:
        return ""
