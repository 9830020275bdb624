"""Doors of staff pages: who is not logged in is led to the log-in page and back again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from yiwang.kernel.errors import UserError
from yiwang.ui.errors import refusal, wants_json
from yiwang.ui.pages import is_partial, safe_address

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


class NotLoggedIn(UserError):
    """Nobody is logged in, or the session has ended."""

    code, status = "NOT_LOGGED_IN", 401
    message, next_step = "您还没有登录，或登录已过期。", "请登录后继续。"


def log_in_address(request: HttpRequest) -> str:
    """The log-in page with the way back to where the person is."""
    here = request.get_full_path() if request.method == "GET" else ""
    if is_partial(request):  # The part is no page: the way back is the page it was asked from.
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = f"{parts.path}?{parts.query}" if parts.query else parts.path
    here = safe_address(request, here, "")
    return reverse("access:log_in") + (f"?{urlencode({'next': here})}" if here else "")


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """A redirect for browsers, 401 problem+json for programs, the same with HX-Redirect for htmx."""
    if not wants_json(request):
        return HttpResponseRedirect(log_in_address(request))
    response = refusal(request, NotLoggedIn())
    if is_partial(request):
        response.headers["HX-Redirect"] = log_in_address(request)
    return response


def staff_only(view: View[Rest]) -> View[Rest]:
    """Decorator of a page for people who are logged in; what they may see there the selectors decide."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_log_in(request)
        if request.user.must_change_password and request.path != reverse("access:password"):
            return HttpResponseRedirect(reverse("access:password"))
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded
