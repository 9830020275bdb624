"""Objecting to one entry, and asking for its repair: the form of the case it opens, under the entry it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.credit.kinds import EVENTS, OBJECTION, REPAIRING
from yiwang.apps.governance.credit.models import Entry
from yiwang.apps.governance.credit.pages.showing import evidence, points
from yiwang.apps.governance.credit.rules import OBJECT_DAYS, rule_of
from yiwang.apps.governance.credit.scoring import day_of
from yiwang.apps.governance.credit.services.asking import NotAdmissible, ask_for_repair, object_to, own_entry
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import Running, form_of, graph_of, published
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.forms.api import CompiledForm
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Facts
from yiwang.ui.pages import staff_page

RIGHTS = {"entry": "hidden"}
"""Which entry it is about is said by the address, never by the form."""
Act = Callable[[Actor, int, Mapping[str, Any]], Running]
_OBJECT = gettext_noop("记录之日起 {days} 天内可以提出一次。受理后这条记录冻结，不计分，直到审定。")
_REPAIR = gettext_noop("满规定天数、已整改并附材料的可以申请。准予后这条记录不再计分。")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def objection(request: HttpRequest, entry_id: int) -> HttpResponse:
    """提出异议."""
    text = gettext(_OBJECT).format(days=OBJECT_DAYS)
    return _asked(request, entry_id, OBJECTION, gettext("提出异议"), text, object_to)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def repair(request: HttpRequest, entry_id: int) -> HttpResponse:
    """申请修复."""
    return _asked(request, entry_id, REPAIRING, gettext("申请修复"), gettext(_REPAIR), ask_for_repair)


def _asked(request: HttpRequest, entry_id: int, type: str, title: str, text: str, act: Act) -> HttpResponse:
    actor = actor_of(request)
    entry = own_entry(actor, entry_id)
    form = _form(type)
    page = {"title": title, "text": text, "entry": entry}
    if request.method != "POST":
        return _page(request, page, form.render(request, rights=RIGHTS))
    found = form.submit(request, actor=actor, rights=RIGHTS)
    if not found.is_accepted:
        return _page(request, page, found.html, status=found.status)
    try:
        case = act(actor, entry_id, found.data)
    except NotAdmissible as error:
        return _page(request, page, form.render(request, found.data, rights=RIGHTS), error=error, status=error.status)
    messages.success(request, gettext("已提交，编号 {number}。").format(number=case.number))
    return HttpResponseRedirect(reverse("credit:subject", args=[entry.subject_id]))


def _form(type: str) -> CompiledForm:
    return form_of(graph_of(published()[type]), type.partition(".")[2])


def _page(
    request: HttpRequest, page: Mapping[str, Any], fields: SafeString, *, error: NotAdmissible | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    entry: Entry = page["entry"]
    subject = entry.subject
    rule = rule_of(entry.event, subject.kind, day_of(entry.at))
    back = reverse("credit:subject", args=[subject.pk])
    facts = Facts(
        pairs=[
            (gettext("对象"), subject.name), (gettext("事项"), gettext(EVENTS[entry.event])),
            (gettext("编号"), entry.pk), (gettext("发生时间"), Time(at=entry.at)),
            (gettext("计分"), points(rule.points) if rule else "—"), (gettext("凭据"), evidence(entry)),
        ]
    )  # fmt: skip
    way = Breadcrumbs(places=[(subject.name, back), (page["title"], "")])
    context = {
        "title": page["title"], "text": page["text"], "way": way, "facts": facts, "fields": fields, "back": back,
        "error": _told(error) if error else None,
    }  # fmt: skip
    return staff_page(request, "credit/ask.html", context, status=status)


def _told(error: NotAdmissible) -> Notice:
    return Notice(text=gettext(error.message), tone="danger", next_step=gettext(error.next_step))
