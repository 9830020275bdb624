"""Forms that keep the set: new members, corrections, replacement and repeal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.rulebook import policies as store
from yiwang.apps.governance.rulebook.models import PLACES
from yiwang.apps.governance.rulebook.rights import require_edit
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.engines.rulebooks.api import all_books
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.fields import Check, Choice, Field
from yiwang.ui.components.records import Breadcrumbs
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

_asks = require_http_methods(["GET", "HEAD", "POST"])


def read_day(text: str, name: str) -> date:
    """A date that was sent; InvalidInput otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        message = gettext("请填写日期，如 2026-05-01。")
        raise InvalidInput([{"path": name, "code": "DATE", "message": message}]) from None


def faults_of(error: UserError | None) -> list[tuple[str, str]]:
    """(field, message) of a refusal; `act` is the form itself."""
    if error is None:
        return []
    if isinstance(error, InvalidInput) and error.errors:
        return [(one["path"], gettext(one["message"])) for one in error.errors]
    return [("act", joined(gettext(error.message), gettext(error.next_step)))]


def _entry(request: HttpRequest) -> store.Entry:
    sent = {
        name: request.POST.get(name, "").strip() for name in ("place", "title", "number", "text", "source", "from_on")
    }
    day = sent.pop("from_on")
    sent["text"] = sent["text"].replace("\r\n", "\n")
    books = [key for key in request.POST.getlist("books") if key]
    from_on = read_day(day, "from_on") if day else None
    return store.Entry(**sent, from_on=from_on, books=books, is_proposal="is_proposal" in request.POST)


def _sent(request: HttpRequest) -> dict[str, Any]:
    names = ("place", "title", "number", "text", "source", "from_on")
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    return values | {"books": request.POST.getlist("books"), "is_proposal": "is_proposal" in request.POST}


def _fields(values: Mapping[str, Any], beside: Mapping[str, str]) -> list[Component]:
    """The fields of a policy but its text and its books, which the template writes."""

    def field(name: str, title: str, **more: Any) -> Field:
        value = "" if name == "file" else str(values[name] or "")
        return Field(name=name, label=title, value=value, error=beside.get(name, ""), **more)

    places = [(key, gettext(name)) for key, name in PLACES]
    hint = gettext("PDF 或文档；再次上传会代替原来的一份。")
    kinds = {"accept": ".pdf,.docx,.xlsx"}
    where = gettext("在体系中的位置")
    return [
        field("title", gettext("名称"), width="wide"),
        Choice(name="place", label=where, options=places, value=values["place"], error=beside.get("place", "")),
        field("number", gettext("文号"), is_optional=True),
        field("from_on", gettext("生效日期"), type="date", is_optional=True),
        field("source", gettext("出处"), is_optional=True, width="wide"),
        field("file", gettext("原件"), type="file", width="", is_optional=True, hint=hint, attributes=kinds),
    ]


def _form(
    request: HttpRequest, title: str, values: dict[str, Any], back: str, error: UserError | None = None, lead: str = ""
) -> HttpResponse:
    faults = faults_of(error)
    beside = dict(reversed(faults))
    proposal = gettext("建议稿（还不是本区的文件）")
    context = {
        "title": title,
        "lead": lead,
        "fields": _fields(values, beside),
        "text": values["text"],
        "text_error": beside.get("text", ""),
        "books": [(key, gettext(book.title), key in values["books"]) for key, book in sorted(all_books().items())],
        "proposal": Check(name="is_proposal", label=proposal, is_checked=bool(values["is_proposal"])),
        "button": Button(text=gettext("保存"), shortcut="s"),
        "way": Breadcrumbs(places=[(gettext("制度体系"), reverse("rulebook:policies")), (title, "")]),
    }
    return _asked(request, context, faults, back, error)


def _asked(
    request: HttpRequest, context: dict[str, Any], faults: list[tuple[str, str]], back: str, error: UserError | None
) -> HttpResponse:
    errors = ErrorSummary(errors=faults) if faults else None
    status = error.status if error else 200
    return staff_page(request, "rulebook/form.html", {**context, "errors": errors, "back": back}, status=status)


_BLANK: dict[str, Any] = {
    "title": "",
    "place": "special",
    "number": "",
    "text": "",
    "source": "",
    "from_on": None,
    "books": [],
    "is_proposal": False,
}


@_asks
@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new member of the set."""
    require_edit(actor_of(request))
    return _recorded(request, gettext("新增制度文件"), _BLANK, reverse("rulebook:policies"))


@_asks
@staff_only
def replace(request: HttpRequest, policy_id: int) -> HttpResponse:
    """A new document in the place of this one, which ends the day the new one begins."""
    actor = actor_of(request)
    require_edit(actor)
    one = store.policy(actor, policy_id)
    values = {**_BLANK, "title": one.title, "place": one.place, "books": one.books, "text": one.text}
    lead = gettext("新文件生效之日，“{title}”同时废止；它有效期间的事项仍按它办理。").format(title=one.title)
    back = reverse("rulebook:policy", args=[policy_id])
    return _recorded(request, gettext("以新文件代替"), values, back, replaces=policy_id, lead=lead)


def _recorded(
    request: HttpRequest, title: str, values: dict[str, Any], back: str, replaces: int | None = None, lead: str = ""
) -> HttpResponse:
    if request.method != "POST":
        return _form(request, title, values, back, lead=lead)
    try:
        made = store.record_policy(
            actor_of(request), _entry(request), file=request.FILES.get("file"), replaces=replaces
        )
    except (NotAllowed, NotFound):
        raise
    except UserError as error:  # Also a file that is not taken: what was written stays in the form.
        return _form(request, title, _sent(request), back, error, lead)
    messages.success(request, gettext("已保存“{title}”。").format(title=made.title))
    return HttpResponseRedirect(reverse("rulebook:policy", args=[made.pk]))


@_asks
@staff_only
def change(request: HttpRequest, policy_id: int) -> HttpResponse:
    """What is said of a member, corrected."""
    actor = actor_of(request)
    require_edit(actor)
    one = store.policy(actor, policy_id)
    title, back = gettext("修改制度文件"), reverse("rulebook:policy", args=[policy_id])
    if request.method != "POST":
        return _form(request, title, {name: getattr(one, name) for name in _BLANK}, back)
    try:
        store.change_policy(actor, policy_id, _entry(request), file=request.FILES.get("file"))
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        return _form(request, title, _sent(request), back, error)
    messages.success(request, gettext("已保存，修改前后都记在日志里。"))
    return HttpResponseRedirect(back)


@_asks
@staff_only
def repeal(request: HttpRequest, policy_id: int) -> HttpResponse:
    """A member ends on a day."""
    actor = actor_of(request)
    require_edit(actor)
    one = store.policy(actor, policy_id)
    back = reverse("rulebook:policy", args=[policy_id])
    error: UserError | None = None
    if request.method == "POST":
        try:
            store.repeal_policy(
                actor, policy_id, read_day(request.POST.get("to_on", ""), "to_on"), request.POST.get("reason", "")
            )
        except InvalidInput as refused:
            error = refused
        else:
            messages.success(request, gettext("已废止；它有效期间的事项仍按它办理。"))
            return HttpResponseRedirect(back)
    return _repeal_form(request, one.title, back, error)


def _repeal_form(request: HttpRequest, name: str, back: str, error: UserError | None) -> HttpResponse:
    faults = faults_of(error)

    def field(key: str, title: str, **more: Any) -> Field:
        value = request.POST.get(key, "")
        return Field(name=key, label=title, value=value, error=dict(faults).get(key, ""), **more)

    way = [(gettext("制度体系"), reverse("rulebook:policies")), (name, back), (gettext("废止"), "")]
    context = {
        "title": gettext("废止“{title}”").format(title=name),
        "fields": [
            field("to_on", gettext("废止日期"), type="date", hint=gettext("从这一天起不再有效。")),
            field("reason", gettext("理由"), width="wide"),
        ],
        "button": Button(text=gettext("废止"), kind="danger"),
        "is_short": True,
        "way": Breadcrumbs(places=way),
    }
    return _asked(request, context, faults, back, error)
