"""Verbs by their page: what is asked, done, and told; a refusal keeps what the person typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import CaseView, Running, TaskView, act, case_view, may_see, since
from yiwang.engines.desk.cases.pages import Answer, number_in, show
from yiwang.engines.desk.cases.panels import WORK, Asked, asked_by, field_errors, panel_of, with_errors
from yiwang.engines.desk.cases.suggesting import with_picked
from yiwang.engines.desk.cases.verb_forms import arguments_of
from yiwang.engines.directory.api import actor_of
from yiwang.engines.processes.api import VERBS
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.records import Facts
from yiwang.ui.pages import is_partial

REFUTED = "EVIDENCE_CONTRADICTED"
"""The code of a refusal of photos that speak against themselves (`cases.proving`)."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One press of a button: the verb, the task and page it was pressed on, and what was filled in."""

    view: CaseView
    verb: str
    token: int
    seen: int | None
    task: TaskView | None
    asked: Asked
    data: dict[str, Any]

    @property
    def arguments(self) -> dict[str, Any]:
        if self.verb == WORK:
            return {"data": self.data} if self.asked.form is not None else {}
        return arguments_of(self.verb, self.data)


@require_http_methods(["GET", "POST"])
@staff_only
def verb(request: HttpRequest, case_id: UUID, verb: str) -> HttpResponse:
    """GET shows the verb's panel, POST does the verb."""
    if verb not in VERBS or not VERBS[verb].is_for_people or verb == "open":
        raise NotFound
    view = case_view(actor_of(request), case_id)
    token = number_in(request.POST.get("on-token") or request.GET.get("token"))
    task = next((one for one in view.tasks if one.no == token), None)
    if request.method == "GET":
        return _asked(request, view, verb, task)
    return _done(request, view, verb, token, task)


def _asked(request: HttpRequest, view: CaseView, verb: str, task: TaskView | None) -> HttpResponse:
    try:
        return show(request, view, Answer(panel=panel_of(request, view, verb, task)))
    except UserError as error:
        return show(request, view, _refused(error))


def _done(request: HttpRequest, view: CaseView, verb: str, token: int, task: TaskView | None) -> HttpResponse:
    node = view.graph.by_key.get(request.POST.get("on-node", ""))
    try:
        asked = asked_by(view, verb, task, node)
    except UserError as error:
        return show(request, view, _refused(error))
    data: dict[str, Any] = {}
    if asked.form is not None:
        picked = with_picked(request, view, asked.form, asked.rights)
        if picked is not None:
            return _again(request, view, verb, task, picked, 200)
        submission = asked.form.submit(request, actor=view.actor, rights=asked.rights, previous=asked.previous)
        if not submission.is_accepted:
            return _again(request, view, verb, task, submission.html, submission.status)
        data = submission.data
    seen = number_in(request.POST.get("on-seen")) or None
    return _carried_out(request, Wish(view, verb, token, seen, task, asked, data))


def _again(
    request: HttpRequest, view: CaseView, verb: str, task: TaskView | None, html: SafeString, status: int
) -> HttpResponse:
    """The form once more, with its errors, or with a row more or less."""
    if request.headers.get("X-Form-Refresh"):
        return HttpResponse(html)
    if task is None and verb == WORK:
        return show(request, view, Answer(_gone(view), status=Conflict.status))
    return show(request, view, Answer(panel=panel_of(request, view, verb, task, html), status=status))


def _gone(view: CaseView) -> Notice:
    return Notice(text=gettext("这一步已经办理过了。"), tone="danger", next_step=gettext("以下是最新情况。"))


def _carried_out(request: HttpRequest, wish: Wish) -> HttpResponse:
    view = wish.view
    try:
        moved = act(
            view.actor, view.id, wish.verb, token=wish.token, arguments=wish.arguments, seen=wish.seen,
            session_key=request.session.session_key,
        )  # fmt: skip
    except InvalidInput as error:
        return _corrected(request, wish, error)
    except (Conflict, NotAllowed) as error:
        return _overtaken(request, wish, error)
    return _told(request, wish, moved)


def _corrected(request: HttpRequest, wish: Wish, error: InvalidInput) -> HttpResponse:
    """The form with its errors and what was typed, but for refuted photos: beside a good one they would pass."""
    if wish.asked.form is None:
        return show(request, wish.view, _refused(error))
    refuted = {one["path"] for one in error.errors if one["code"] == REFUTED}
    values = {key: value for key, value in wish.data.items() if key not in refuted}
    html = with_errors(request, wish.asked, values, field_errors(wish.asked.form.form, error.errors))
    panel = panel_of(request, wish.view, wish.verb, wish.task, html)
    return show(request, wish.view, Answer(panel=panel, status=error.status))


def _overtaken(request: HttpRequest, wish: Wish, error: UserError) -> HttpResponse:
    """Somebody was first, or it may not be done: the case as it is now, what happened, and what was typed."""
    view = case_view(wish.view.actor, wish.view.id)
    task = next((one for one in view.tasks if one.no == wish.token), None)
    answer = _refused(error)
    meanwhile = since(view, wish.seen) if wish.seen and wish.seen < view.case.sequence else ()
    panel = typed = None
    if task is not None and wish.verb in task.verbs and wish.asked.form is not None:
        panel = panel_of(request, view, wish.verb, task, with_errors(request, wish.asked, wish.data, ()))
    elif wish.data and wish.asked.form is not None:
        pairs = wish.asked.form.display(wish.data, wish.asked.rights, sees_personal=True)
        typed = Facts(pairs=pairs) if pairs else None
    return show(request, view, Answer(answer.notice, meanwhile, typed, panel, answer.status))


def _refused(error: UserError) -> Answer:
    notice = Notice(text=gettext(error.message), tone="danger", next_step=gettext(error.next_step or ""))
    return Answer(notice, status=error.status)


def _told(request: HttpRequest, wish: Wish, moved: Running) -> HttpResponse:
    """What was done and what comes next: in place for htmx, by a redirect for a browser alone."""
    text = _sentence(wish, moved)
    if not may_see(wish.view.actor, moved):
        messages.success(request, text)
        return _away(request, _list_address())
    if not is_partial(request):
        messages.success(request, text)
        return HttpResponseRedirect(reverse("desk:case", args=[moved.id]))
    response = show(request, case_view(wish.view.actor, moved.id), Answer(Notice(text=text, tone="success")))
    response.headers["HX-Trigger"] = "case-moved"
    response.headers["HX-Push-Url"] = reverse("desk:case", args=[moved.id])
    return response


def _sentence(wish: Wish, moved: Running) -> str:
    step = f"{gettext(wish.task.node.title)} · " if wish.task is not None else ""
    done = gettext("%(step)s%(verb)s成功。") % {"step": step, "verb": gettext(VERBS[wish.verb].title)}
    before = {token.no for token in wish.view.state.open_tasks()}
    fresh = [gettext(moved.graph.nodes[one.node].title) for one in moved.state.open_tasks() if one.no not in before]
    if fresh:
        following = gettext("下一环节：%(steps)s。") % {"steps": gettext("、").join(dict.fromkeys(fresh))}
        return joined(done, following)
    if moved.state.status == "closed" and wish.view.state.status != "closed":
        return joined(done, gettext("全部环节已办完。"))
    return done


def _list_address() -> str:
    try:
        return reverse("desk:work")
    except NoReverseMatch:  # A deployment may mount the case pages alone.
        return "/"


def _away(request: HttpRequest, address: str) -> HttpResponse:
    """To another page: the actor's part in this case is over."""
    if is_partial(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
