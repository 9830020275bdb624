"""Report: the form of the start page by page, check your answers, send once, receipt."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.engines.cases.api import REPORTER, followed, open_case, secret_of
from yiwang.engines.desk.advising import Advice, advice_on
from yiwang.engines.desk.public.drafts import Draft, sent_before
from yiwang.engines.desk.public.kinds import Kind, kind
from yiwang.engines.desk.public.limits import Counter, TooOften
from yiwang.engines.desk.public.placing import proposal
from yiwang.engines.desk.public.proofs import grant, proven
from yiwang.engines.desk.public.telling import stages_of
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.forms.api import FieldError
from yiwang.engines.gathering.api import similar
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.ui.components.feedback import Notice
from yiwang.ui.errors import retried
from yiwang.ui.pages import public_page

CHECK = "check"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, type: str) -> HttpResponse:
    """One page of a report: `page` is its number from 1, or `check` for the answers as a whole."""
    asked = kind(type)
    draft = Draft(request, asked)
    if request.method == "POST":
        if request.session.session_key is None:
            request.session.create()
        return _send(request, draft) if request.POST.get("page") == CHECK else _keep(request, draft)
    page = request.GET.get("page", "1")
    if page == CHECK and draft.is_complete:
        return _check(request, draft)
    return _ask(request, draft, _number(page, draft))


def _number(text: str, draft: Draft) -> int:
    """The page asked for, from 0; never beyond the first that is not complete, as later ones may depend on it."""
    wanted = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return max(0, min(wanted, draft.done, len(draft.kind.pages) - 1))


def _rights(asked: Kind, number: int) -> Mapping[str, str]:
    return {"*": "hidden", **dict.fromkeys(asked.pages[number][1], "write")}


def _section(asked: Kind, number: int) -> int | None:
    return number if asked.form.form.paged else None


def _ask(
    request: HttpRequest, draft: Draft, number: int, errors: list[FieldError] | None = None, status: int = 200
) -> HttpResponse:
    rights, proposed = _rights(draft.kind, number), proposal(draft, draft.kind.pages[number][1])
    values = draft.data | (proposed.values if proposed else {})
    html = draft.kind.form.render(request, values, errors or (), rights, draft.data, page=_section(draft.kind, number))
    notice = proposed.notice if proposed else None
    return _page(request, draft, number, html, bool(errors), status, notice)


def _page(
    request: HttpRequest, draft: Draft, number: int, html: SafeString, is_wrong: bool, status: int,
    notice: Notice | None = None,
) -> HttpResponse:  # fmt: skip
    asked = draft.kind
    text = asked.text_field
    advice = advice_on(asked.type) if text in asked.pages[number][1] else None
    before = f"?page={number}" if number else reverse("desk:home")
    values = {
        "kind": asked, "fields": html, "number": number + 1, "count": len(asked.pages), "is_wrong": is_wrong,
        "step_title": asked.pages[number][0], "back": f"?page={CHECK}" if _is_change(request) else before,
        "is_change": _is_change(request), "encoding": asked.form.encoding, "notice": notice,
        "advice_url": advice.address if advice is not None else "",
        "text_field": text, "told": _told(request, advice, draft),
    }  # fmt: skip
    return public_page(request, "desk/public/report.html", values, status=status)


def _is_change(request: HttpRequest) -> bool:
    """Whether the page was opened from the check page, to correct one answer."""
    return "change" in request.GET or "change" in request.POST


def _keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    number = _number(request.POST.get("page", ""), draft)
    found = draft.kind.form.submit(
        request, actor=actor_of(request), rights=_rights(draft.kind, number), previous=draft.data,
        page=_section(draft.kind, number),
    )  # fmt: skip
    if not found.is_accepted:
        return _page(request, draft, number, found.html, bool(found.errors), found.status)
    draft.keep(found.data, number)
    is_last = number + 1 == len(draft.kind.pages) or (_is_change(request) and draft.is_complete)
    return HttpResponseRedirect(f"{request.path}?page={CHECK if is_last else number + 2}")


def _told(request: HttpRequest, advice: Advice | None, draft: Draft) -> SafeString:
    """What is advised on the text kept so far."""
    text = str(draft.data.get(draft.kind.text_field) or "")
    return advice.told(request, text) if advice is not None and text else SafeString("")


def _check(request: HttpRequest, draft: Draft, refusal: TooOften | None = None) -> HttpResponse:
    """All answers once more, each page with a link to change it."""
    form, parts = draft.kind.form, []
    for number, (title, keys) in enumerate(draft.kind.pages):
        rights = {"*": "hidden", **dict.fromkeys(keys, "read")}
        parts.append((title, f"?page={number + 1}&change=1", form.display(draft.data, rights, sees_personal=True)))
    values = {"kind": draft.kind, "parts": parts, "draft": draft.id, "refusal": refusal, "back": f"?page={len(parts)}",
              "nearby": similar(request, draft.kind.type, draft.data),
              "told": _told(request, advice_on(draft.kind.type), draft)}  # fmt: skip
    page = public_page(request, "desk/public/check.html", values, status=refusal.status if refusal else 200)
    return retried(page, refusal) if refusal else page


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Open the case, once for each draft. What is refused leaves everything that was filled in."""
    before = sent_before(request, request.POST.get("draft", ""))
    if before:
        return HttpResponseRedirect(reverse("desk:receipt", args=[before]))
    if not draft.is_complete or request.POST.get("draft") != str(draft.id):
        return HttpResponseRedirect(f"{request.path}?page={draft.done + 1}")
    counter = Counter(request, "report", "YIWANG_REPORT_LIMIT")
    try:
        if actor_of(request).user_id is None:
            counter.refuse()
        number = _opened(request, draft)
    except TooOften as refusal:
        return _check(request, draft, refusal)
    except InvalidInput as refusal:
        return _again(request, draft, refusal)
    counter.note()
    draft.become(number)
    grant(request, number, draft.id)
    return HttpResponseRedirect(reverse("desk:receipt", args=[number]))


def _opened(request: HttpRequest, draft: Draft) -> str:
    """The number of the case this draft is; opened now, or a moment ago by the other of two clicks."""
    key = request.session.session_key
    try:
        with transaction.atomic():
            return open_case(actor_of(request), draft.kind.type, draft.data, session_key=key, id=draft.id).number
    except (IntegrityError, InvalidInput):
        # Sent twice: the id is taken, or the photos already belong to the case of the first.
        with suppress(NotFound):
            return followed(Actor(None, REPORTER, proof=draft.id), draft.id).number
        raise


def _again(request: HttpRequest, draft: Draft, refusal: InvalidInput) -> HttpResponse:
    """Back to the page with the first field at fault, for instance a photo that was removed meanwhile."""
    errors = [FieldError(error["path"], error["code"], error["message"]) for error in refusal.errors]
    first = errors[0].path.split(".")[0]
    number = next((n for n, (_, keys) in enumerate(draft.kind.pages) if first in keys), 0)
    keys = draft.kind.pages[number][1]
    here = [error for error in errors if error.path.split(".")[0] in keys] or errors
    return _ask(request, draft, number, here, refusal.status)


@never_cache
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number, what happens next and when, how to follow; for the browser that reported or has proved it."""
    actor = proven(request, number)
    if actor is None:
        return HttpResponseRedirect(reverse("desk:follow"))
    found = followed(actor, actor.proof)
    link = request.build_absolute_uri(reverse("desk:follow_link", args=[number, secret_of(number)]))
    return public_page(request, "desk/public/receipt.html", {"found": found, "stages": stages_of(found), "link": link})
