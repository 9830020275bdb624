"""A draft checked and published; an edition that has not begun taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of, today
from yiwang.engines.rulebooks import publishing, selectors
from yiwang.engines.rulebooks.findings import Finding, errors_of
from yiwang.engines.rulebooks.models import DRAFT
from yiwang.engines.rulebooks.pages import showing
from yiwang.engines.rulebooks.pages.asking import ask, faults_of, read_day
from yiwang.engines.rulebooks.publishing import NotPublishable
from yiwang.engines.rulebooks.rights import is_kept_apart, require_publish
from yiwang.engines.rulebooks.selectors import BookState
from yiwang.engines.rulebooks.timeline import in_force
from yiwang.kernel.errors import Conflict, InvalidInput, UserError
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.fields import Field
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

_asks = require_http_methods(["GET", "HEAD", "POST"])


def _checked(edition: Any, on: date) -> list[Finding]:
    return publishing.check_rows(edition.book, dict(selectors.numbered_rows(edition.pk)), on)


@require_safe
@staff_only
def check(request: HttpRequest, edition_id: int) -> HttpResponse:
    """What would keep the rows from publication, as of the day they are to begin."""
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    state = selectors.book_state(actor, found.book)
    asked = request.GET.get("on", "")
    day, error = found.effective_on or today(), ""
    try:
        day = read_day(asked, "on", "生效日期") if asked else day
    except InvalidInput as refused:
        error = faults_of(refused)[0][1]
    findings = _checked(found, day)
    title = gettext("检查")
    name = (showing.edition_name(found), reverse(showing.EDITION, args=[edition_id]))
    below: list[Component] = [_verdict(findings, found, state, day)]
    if findings:
        below.append(showing.findings_table(state.book, findings, found, gettext("清单")))
    context = {
        "title": gettext("检查{edition}").format(edition=showing.edition_name(found)),
        "way": showing.crumbs(state, name, (title, "")),
        "choose": [
            Field(name="on", label=gettext("打算哪天生效"), type="date", value=asked or day.isoformat(), error=error)
        ],
        "choose_action": request.path,
        "choose_button": gettext("检查"),
        "below": below,
    }
    return staff_page(request, "rulebooks/page.html", context)


def _verdict(findings: list[Finding], found: Any, state: BookState, day: date) -> Notice:
    errors = len(errors_of(findings))
    if errors:
        text = gettext("有 {count} 处必须更正，按 {day} 生效不能发布。").format(count=errors, day=day)
        return Notice(text=text, tone="danger", next_step=gettext("点“在哪里”到那一条更正。"))
    actions = []
    if found.status == DRAFT and state.may_publish:
        actions.append(Button(text=gettext("发布"), href=reverse("rulebooks:publish", args=[found.pk]), is_small=True))
    if findings:
        text = gettext("可以按 {day} 生效发布，另有 {count} 处请看一眼。").format(day=day, count=len(findings))
        return Notice(text=text, tone="warning", actions=actions)
    return Notice(text=gettext("没有问题，可以按 {day} 生效发布。").format(day=day), tone="success", actions=actions)


@_asks
@staff_only
def publish(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The draft becomes an edition that begins on a day; what it changes stands below the question."""
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    require_publish(actor)
    state = selectors.book_state(actor, found.book)
    if found.status != DRAFT:
        raise Conflict(gettext("这一版已经发布过了。"), next_step=gettext("请返回规则簿查看。"))
    sent = {name: request.POST.get(name, "").strip() for name in ("effective_on", "basis")}
    if request.method != "POST":
        return _publish_form(request, actor, state, found, {"basis": found.basis})
    try:
        day = read_day(sent["effective_on"], "effective_on", "生效日期")
        publishing.publish_edition(actor, edition_id, day, basis=sent["basis"])
    except NotPublishable as error:
        below = [showing.findings_table(state.book, error.findings, found, gettext("必须更正的"))]
        return _publish_form(request, actor, state, found, sent, error, below)
    except InvalidInput as error:
        return _publish_form(request, actor, state, found, sent, error)
    name = showing.edition_name(found)
    messages.success(request, gettext("已发布{edition}，{day}起生效。").format(edition=name, day=day))
    return HttpResponseRedirect(reverse(showing.EDITION, args=[edition_id]))


def _publish_form(
    request: HttpRequest, actor: Actor, state: BookState, found: Any, values: dict[str, str],
    error: UserError | None = None, below: list[Any] | None = None,
) -> HttpResponse:  # fmt: skip
    faults = faults_of(error) if error is not None else []
    beside = dict(faults)
    fields: list[Component] = [
        Field(
            name="effective_on", label=gettext("生效日期"), type="date", value=values.get("effective_on", ""),
            error=beside.get("effective_on", ""), hint=gettext("从这一天零时起用；这天以前的事项仍按原来的规则。"),
        ),
        Field(
            name="basis", label=gettext("依据"), value=values.get("basis", ""), is_optional=True, width="wide",
            hint=gettext("如制度文件的名称和文号。"),
        ),
    ]  # fmt: skip
    above: list[Component] = []
    button: Button | None = Button(text=gettext("发布"), icon="send")
    if is_kept_apart(actor, found):
        text = gettext("您参与编写了这一版，不能由您发布。")
        above.append(Notice(text=text, tone="warning", next_step=gettext("请另一位有发布权限的同事核对后发布。")))
        fields, button = [], None
    standing = in_force(found.book, today())
    parts: list[Any] = list(below or [])
    if standing is not None and not parts:
        before = selectors.edition(actor, standing.id)
        changes = selectors.difference(actor, before.pk, found.pk)
        parts.append(showing.changes_table(state.book, changes, before, found, gettext("与现行一版相比")))
    name = (showing.edition_name(found), reverse(showing.EDITION, args=[found.pk]))
    return ask(
        request, title=gettext("发布{edition}").format(edition=name[0]), way=showing.way(state, name), fields=fields,
        faults=faults, above=above, below=parts, button=button,
        back=reverse(showing.EDITION, args=[found.pk]), lead=gettext("发布后不能再改，只能由新一版代替。"),
        status=error.status if error is not None else 200,
    )  # fmt: skip


@_asks
@staff_only
def withdraw(request: HttpRequest, edition_id: int) -> HttpResponse:
    """A published edition that has not begun is taken back."""
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    require_publish(actor)
    state = selectors.book_state(actor, found.book)
    error: UserError | None = None
    if request.method == "POST":
        try:
            publishing.withdraw_edition(actor, edition_id, request.POST.get("reason", ""))
        except (InvalidInput, NotPublishable) as refused:
            error = refused
        else:
            messages.success(request, gettext("已撤回，原来的版本继续有效。"))
            return HttpResponseRedirect(reverse("rulebooks:editions", args=[found.book]))
    faults = faults_of(error) if error is not None else []
    reason = Field(
        name="reason",
        label=gettext("理由"),
        width="wide",
        value=request.POST.get("reason", ""),
        error=dict(faults).get("reason", ""),
    )
    name = (showing.edition_name(found), reverse(showing.EDITION, args=[found.pk]))
    return ask(
        request, title=gettext("撤回{edition}").format(edition=name[0]), way=showing.way(state, name), fields=[reason],
        faults=faults, button=Button(text=gettext("撤回"), kind="danger"), back=name[1],
        lead=gettext("只有尚未生效的版本可以撤回；撤回后原来的版本继续有效。"),
        status=error.status if error is not None else 200,
    )  # fmt: skip
