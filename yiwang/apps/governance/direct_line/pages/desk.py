"""The call desk: who calls, what for, and the answer, on one screen and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.governance.direct_line import asking, posts
from yiwang.apps.governance.direct_line.selectors import knowledge
from yiwang.apps.governance.direct_line.selectors.callers import Caller, caller
from yiwang.apps.governance.direct_line.services.intake import Taken, take_down
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import Running
from yiwang.engines.directory.api import Actor, actor_of, district_code
from yiwang.engines.forms.api import FieldError, Posted, compile_form
from yiwang.engines.forms.spec import Choice, Form
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput, NotAllowed, UserError
from yiwang.ui.navigation import address_of
from yiwang.ui.pages import is_partial, staff_page

TRIAGE = "triage:advice"
"""Where another system judges the words of a call while they are typed; without it nothing is shown."""
LATER = "later"
_PHONE = re.compile(r"[0-9-]{7,20}\Z")
_HANDLED = {"place": "hidden"}
"""The place was asked with the rest of the call; the acceptance gets the same."""


def _require(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.may(posts.DESK, district_code()):
        raise NotAllowed
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def desk(request: HttpRequest) -> HttpResponse:
    """The screen of a call. `caller` is the telephone number, `call` the exchange's record of it."""
    actor = _require(request)
    if request.method == "POST":
        return _taken(request, actor)
    return _shown(request, actor, _first_values(request, actor), _phone(request.GET.get("caller", "")))


def _phone(text: str) -> str:
    phone = "".join(text.split())
    return phone if _PHONE.match(phone) else ""


def _first_values(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What a fresh form begins with; an article chosen without scripts is its answer."""
    values: dict[str, Any] = {"kind": "consult", "handling": "answered", "channel": "phone", "answer_by": "phone"}
    chosen = _id(request.GET.get("article", ""))
    if chosen is not None:
        article = knowledge.article(actor, chosen)
        values |= {"subject": article.question[:60], "text": article.question, "reply": article.answer}
        values["articles"] = [str(chosen)]
    return values


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(
    request: HttpRequest, actor: Actor, values: Mapping[str, Any], phone: str,
    errors: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    known = caller(actor, phone) if phone else None
    words = _words({**values, "q": request.GET.get("q", "")})
    context = {
        "values": {"phone": phone, "name": known.name if known and "*" not in known.name else "", **values},
        "caller": known, "rows": _rows(known), "errors": dict(errors or {}), "handlings": _handlings(),
        "summary": [(f"f-{path.split('.')[0]}", text) for path, text in (errors or {}).items()],
        "options": {name: _options(asking.INTAKE, name) for name in ("kind", "answer_by")}
        | {name: _options(asking.ACCEPT, name) for name in ("channel", "unit", "incident_class")},
        "place": compile_form(asking.WHERE).render(request, {"place": values.get("place")}, _of_place(errors)),
        "id": values.get("id") or str(uuid4()), "began": values.get("began") or now().isoformat(),
        "call": values.get("call") or request.GET.get("call", ""), "phone": phone,
        "articles": values.get("articles", ()), "found": _suggested(actor, words),
        "asked": words, "q": request.GET.get("q", ""),
        "triage_url": address_of(TRIAGE, settings.ROOT_URLCONF),
    }  # fmt: skip
    return staff_page(request, "direct_line/desk.html", context, status=status)


def _of_place(errors: Mapping[str, str] | None) -> list[FieldError]:
    return [FieldError(path, "", text) for path, text in (errors or {}).items() if path.split(".")[0] == "place"]


def _handlings() -> list[tuple[str, str]]:
    return [*((key, gettext(title)) for key, title in asking.HANDLINGS.items()), (LATER, gettext("先登记，稍后受理"))]


def _options(form: Form, name: str) -> list[tuple[str, str]]:
    field = form.by_key[name]
    assert isinstance(field, Choice)
    return [(one.key, gettext(one.title)) for one in field.listed]


def _rows(known: Caller | None) -> list[dict[str, Any]]:
    """Earlier appeals as lines: the open ones first."""
    if known is None:
        return []
    return [
        {"url": reverse("desk:case", args=[one.id]), "number": one.number, "title": one.title, "at": one.opened_at,
         "is_open": one.closed_at is None, "kind": gettext(asking.KINDS.get(one.category, "")),
         "urged": one.state.memory.get("urged_count", 0)}
        for one in (*known.open, *known.ended)
    ]  # fmt: skip


def _words(given: Mapping[str, Any]) -> str:
    """What the knowledge base is asked: what was typed into its search, else the words of the call."""
    return str(given.get("q", "")).strip() or f"{given.get('subject', '')} {given.get('text', '')}".strip()


def _suggested(actor: Actor, text: str) -> Any:
    return knowledge.found(actor, text) if text else knowledge.often_used(actor)


@require_safe
@staff_only
def desk_articles(request: HttpRequest) -> HttpResponse:
    """The knowledge beside the call, as its words are typed: `q`, or `subject` and `text` of the form."""
    actor = _require(request)
    if not is_partial(request):
        return HttpResponseRedirect(f"{reverse('direct_line:desk')}?{request.GET.urlencode()}")
    words = _words(request.GET)
    context = {"found": _suggested(actor, words), "asked": words, "phone": _phone(request.GET.get("caller", ""))}
    return render(request, "direct_line/articles_found.html", context)


def _taken(request: HttpRequest, actor: Actor) -> HttpResponse:
    taken, values = _read(request, actor)
    try:
        case = take_down(actor, taken)
    except InvalidInput as refusal:
        errors = {error["path"]: error["message"] for error in refusal.errors}
        return _shown(request, actor, values, _phone(values.get("phone", "")), errors, refusal.status)
    except UserError as refusal:
        errors = {"subject": f"{gettext(refusal.message)}{gettext(refusal.next_step)}"}
        return _shown(request, actor, values, _phone(values.get("phone", "")), errors, refusal.status)
    messages.success(request, _said(case, taken))
    return HttpResponseRedirect(reverse("direct_line:desk"))


def _said(case: Running, taken: Taken) -> str:
    """What the operator reads out before hanging up."""
    if taken.is_sealed:
        text = gettext("密件已登记，编号 %(number)s，由密件专员办理。")
    elif case.closed_at is not None:
        text = gettext("已办结，编号 %(number)s。")
    else:
        text = gettext("已登记，编号 %(number)s，请告知来电人可凭手机号码后四位查询。")
    return text % {"number": case.number}


def _read(request: HttpRequest, actor: Actor) -> tuple[Taken, dict[str, Any]]:
    """The form as data for the service, and as values to show again."""
    post: QueryDict = request.POST
    is_sealed, handling = post.get("sealed") == "1", post.get("handling", "")
    asked = _posted(request, actor, asking.SEALED_INTAKE if is_sealed else asking.INTAKE)
    handled = {} if is_sealed or handling == LATER else dict(_posted(request, actor, asking.ACCEPT, _HANDLED).data)
    if handled and "place" in asked.data and handling in ("sent", "incident"):
        handled["place"] = asked.data["place"]
    articles = [found for text in post.getlist("article") if (found := _id(text)) is not None]
    taken = Taken(
        _id(post.get("id", "")) or uuid4(), dict(asked.data), handled, articles, _instant(post.get("began", "")),
        _id(post.get("call", "")), is_sealed,
    )  # fmt: skip
    plain = {key: post.get(key, "") for key in ("id", "began", "call", "handling")}
    shown = {**asked.data, **handled, **plain, "sealed": is_sealed, "articles": [str(one) for one in articles]}
    return taken, shown


def _posted(request: HttpRequest, actor: Actor, form: Form, rights: Mapping[str, str] | None = None) -> Posted:
    compiled = compile_form(form)
    return compiled.parse_post(
        request.POST, request.FILES, actor=actor, session_key=request.session.session_key, rights=rights
    )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
