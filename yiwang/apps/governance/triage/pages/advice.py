"""Advice beside a text while it is written: the fragment other pages fetch, and the page to try texts out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.governance.triage.rights import EDIT_TRIAGE
from yiwang.apps.governance.triage.second_opinion import judge
from yiwang.apps.governance.triage.selectors import may_see
from yiwang.apps.governance.triage.showing import findings_table, marked, notice, suggested
from yiwang.apps.governance.triage.suggesting import suggest
from yiwang.engines.access.api import staff_only
from yiwang.engines.desk.api import Counter
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.pages import staff_page

LONGEST = 2000
"""Signs of a text that are read; the rest changes nothing."""
_TEXTS = ("subject", "description", "text")


def _asked(request: HttpRequest) -> str:
    """What the page's form says: its subject and text, whichever it has."""
    return "\n".join(value for name in _TEXTS if (value := request.POST.get(name, "").strip()))[:LONGEST]


def _advice(request: HttpRequest, text: str) -> dict[str, Any]:
    """The context of the fragment. `choose` lets the reader pick a class in the form around it."""
    at, actor = now(), actor_of(request)
    judged, is_staff = judge(text, at), bool(actor.grants)
    return {
        "notice": notice(judged, is_staff=is_staff),
        "suggestion": None if judged.transfer or "brief" in request.POST else suggested(suggest(text, at)),
        "may_transfer": bool(judged.transfer) and may_see(actor),
        "chooses": "choose" in request.POST,
        "judged": judged,
    }


@require_POST
def advice(request: HttpRequest) -> HttpResponse:
    """A fragment for htmx: the emergency notice in large letters, else the class with three others.

    Posted are `subject`, `description` or `text`, `choose` for radio buttons named `class_code`, `brief` for the notice
    alone. An empty answer when there is nothing to say. Visitors without an account are limited by the hour.
    """
    text = _asked(request)
    if text and not actor_of(request).grants:
        counter = Counter(request, "advice", "YIWANG_ADVICE_LIMIT")
        counter.refuse()
        counter.note()
    response = render(request, "triage/advice.html", _advice(request, text) if text else {})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def told(request: HttpRequest, text: str) -> SafeString:
    """The notice alone, for a page that already has the text; nothing when the text speaks of no emergency."""
    actor, judged = actor_of(request), judge(text[:LONGEST], now())
    found = notice(judged, is_staff=bool(actor.grants))
    context = {"notice": found, "may_transfer": bool(judged.transfer) and may_see(actor)}
    return SafeString(render_to_string("triage/advice.html", context) if found else "")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def try_out(request: HttpRequest) -> HttpResponse:
    """Type a text, see which rules and words matched, what was set aside and why, and how sure the suggestion is."""
    actor = actor_of(request)
    if not (may_see(actor) or actor.scopes(EDIT_TRIAGE)):
        raise NotAllowed
    text = _asked(request) if request.method == "POST" else ""
    context: dict[str, Any] = {"text": text, "rules_url": reverse("rulebooks:book", args=["triage.emergencies"])}
    if text:
        context |= _advice(request, text)
        judged = context["judged"]
        context["suggestion"] = suggested(suggest(text, now()))
        context["marked"] = marked(text, (*judged.found, *judged.aside))
        told = ((judged.found, False), (judged.aside, True))
        context["tables"] = [findings_table(found, is_aside=is_aside) for found, is_aside in told if found]
        context["may_transfer"] = may_see(actor)
    elif request.method == "POST":
        context["error"] = gettext("请先写一段文字。")
    return staff_page(request, "triage/try_out.html", context)
