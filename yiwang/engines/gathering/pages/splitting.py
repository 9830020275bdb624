"""拆分: the form of the report once more, to be cut down to the second problem."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import CaseView, case_view
from yiwang.engines.directory.api import actor_of
from yiwang.engines.forms.api import CompiledForm
from yiwang.engines.gathering.pages.asking import case_address, refusal
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.gathering.rights import require_gathering
from yiwang.engines.gathering.services.splitting import kept_rights, split
from yiwang.kernel.errors import UserError
from yiwang.ui.components.feedback import Notice
from yiwang.ui.pages import staff_page


def _form_of(view: CaseView) -> CompiledForm:
    start = view.graph.nodes[view.graph.start].raw.get("form")
    if not start or not view.steps:
        raise NotGathered(gettext("这类办件没有上报表单，不能拆分。"), next_step="")
    return view.steps[0][1]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def split_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """GET shows the form filled in as it was reported; POST opens the new case."""
    view = case_view(actor_of(request), case_id)
    require_gathering(view.actor, view.case)
    form = _form_of(view)
    before = {key: view.state.data[key] for key in form.form.by_key if key in view.state.data}
    if request.method != "POST":
        html = form.render(request, before, (), kept_rights(form), before, sees_personal=view.sees_personal)
        return _asked(request, view, form, html)
    found = form.submit(request, actor=view.actor, rights=kept_rights(form), previous=before)
    if not found.is_accepted:
        if request.headers.get("X-Form-Refresh"):
            return HttpResponse(found.html)
        return _asked(request, view, form, found.html, status=found.status)
    key = request.session.session_key
    try:
        (made,) = split(view.actor, case_id, [found.data], request.POST.get("split-reason", ""), session_key=key)
    except UserError as error:
        typed = {**before, **found.data}
        html = form.render(request, typed, (), kept_rights(form), typed, sees_personal=view.sees_personal)
        return _asked(request, view, form, html, refusal(error), error.status)
    messages.success(request, gettext("已拆分，另立 %(number)s。") % {"number": made.number})
    return HttpResponseRedirect(case_address(case_id))


def _asked(
    request: HttpRequest, view: CaseView, form: CompiledForm, html: SafeString, notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "view": view, "case": view.case, "fields": html, "encoding": form.encoding, "notice": notice,
        "reason": request.POST.get("split-reason", ""),
    }  # fmt: skip
    return staff_page(request, "gathering/split.html", context, status=status)
