"""Recording a violation on the spot, on a phone: one form, works without scripts."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.non_motor.kinds import RECORD, STEPS
from yiwang.apps.governance.non_motor.models import Violation
from yiwang.apps.governance.non_motor.papers import VIOLATION
from yiwang.apps.governance.non_motor.services import photos
from yiwang.apps.governance.non_motor.services.violations import Seen, record
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.engines.forms.api import CompiledForm, attach, compile_form
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import NotAllowed, UserError
from yiwang.ui.components.feedback import Notice
from yiwang.ui.pages import staff_page


@cache
def _form() -> CompiledForm:
    return compile_form(VIOLATION)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """登记违规."""
    actor = actor_of(request)
    if not actor.scopes(RECORD):
        raise NotAllowed(next_step=gettext("由公安和城管的整治岗位登记，请联系本单位管理员。"))
    if request.method != "POST":
        begun = {"at": now().astimezone(CHINA).isoformat(timespec="minutes")}
        return _page(request, _form().render(request, begun))
    found = _form().submit(request, actor=actor)
    if not found.is_accepted:
        return _page(request, found.html, status=found.status)
    try:
        with transaction.atomic():
            row = record(actor, _seen(found.data))
            attach(found.data.get("photos") or [], photos.KIND, str(row.pk), actor=actor)
    except UserError as error:
        return _page(request, _form().render(request, found.data), error)
    messages.success(request, _told(row))
    return HttpResponseRedirect(reverse("non_motor:offender", args=[row.pk]))


def _seen(data: dict[str, Any]) -> Seen:
    place = data["place"]
    return Seen(
        plate=data["plate"], kind=data["kind"], source=data["source"], at=datetime.fromisoformat(data["at"]),
        longitude=float(place.get("longitude") or 0), latitude=float(place.get("latitude") or 0),
        address=str(place.get("address") or ""), owner_name=data.get("owner_name") or "",
        owner_number=data.get("owner_number") or "", photos=tuple(map(str, data.get("photos") or ())),
    )  # fmt: skip


def _told(row: Violation) -> str:
    measure = getattr(row, "measure", None)
    if measure is None:
        return gettext("已登记 {plate}。").format(plate=row.plate)
    text = gettext("已登记 {plate}，期内第 {nth} 次，已立项{step} {number}。")
    return text.format(plate=row.plate, nth=measure.nth, step=gettext(STEPS[measure.step]), number=measure.number)


def _page(
    request: HttpRequest, fields: SafeString, error: UserError | None = None, *, status: int = 200
) -> HttpResponse:
    notice = Notice(text=gettext(error.message), tone="danger", next_step=gettext(error.next_step)) if error else None
    context = {"title": gettext("登记违规"), "fields": fields, "error": notice}
    return staff_page(request, "non_motor/record.html", context, status=error.status if error else status)
