"""就近派单: who could be sent to an incident, and the button that sends one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.governance.dispatch.nearness import NEARNESS
from yiwang.apps.governance.dispatch.pages.showing import case_address
from yiwang.apps.governance.dispatch.selectors.responders import Responder, responders
from yiwang.apps.governance.dispatch.services.assigning import assign
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.errors import NotFound, UserError
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.moments import span
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page

_KILOMETRE = 1_000


def _show(request: HttpRequest, case_id: UUID, notice: Notice | None = None, status: int = 200) -> HttpResponse:
    found = responders(actor_of(request), case_id)
    rows = [_line(one) for one in found.rows[: NEARNESS.most]]
    context: dict[str, Any] = {
        "found": found, "case": found.view.case, "rows": rows, "more": len(found.rows) - len(rows), "notice": notice,
        "back": case_address(case_id), "oldest": int(NEARNESS.oldest.total_seconds() // 3600),
    }  # fmt: skip
    return staff_page(request, "dispatch/responders.html", context, status=status)


@require_safe
@staff_only
def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The panel, as a page of its own or for the case page to take in."""
    return _show(request, case_id)


@require_POST
@staff_only
def send(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Give the handling task to one person; a refusal shows the panel as it is now."""
    person, seen = (_number(request.POST.get(name)) for name in ("to", "seen"))
    try:
        chosen = assign(actor_of(request), case_id, person, seen or None)
    except NotFound:
        raise
    except UserError as error:
        notice = Notice(text=gettext(error.message), tone="danger", next_step=gettext(error.next_step or ""))
        return _show(request, case_id, notice, error.status)
    messages.success(request, gettext("已派给 %(name)s，原时限继续计算。") % {"name": chosen.holder.name})
    return HttpResponseRedirect(case_address(case_id))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _line(one: Responder) -> dict[str, Any]:
    """One person as the panel shows them."""
    held = one.ranked.standing.held
    busy = Tag(text=gettext("在办 %(count)s 件") % {"count": held}, tone="warning")
    return {
        "one": one, "state": busy if one.ranked.is_busy else Tag(text=gettext("空闲"), tone="success"),
        "distance": distance(one.ranked.metres), "seen": _seen(one.ranked.age),
    }  # fmt: skip


def distance(metres: int | None) -> str:
    """In words: metres below a kilometre."""
    if metres is None:
        return ""
    if metres < _KILOMETRE:
        return gettext("距现场约 %(metres)s 米") % {"metres": metres}
    return gettext("距现场约 %(kilometres)s 公里") % {"kilometres": f"{metres / _KILOMETRE:.1f}"}


def _seen(age: timedelta | None) -> str:
    if age is None:
        return gettext("没有现场办结记录，位置不明")
    return gettext("%(span)s前在上一处现场办完") % {"span": span(age.total_seconds())}
