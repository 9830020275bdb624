"""Log-in in one or two steps, the cards of a demonstration, log-out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.engines.access import selectors, services
from yiwang.engines.access.pages.faults import Faults, faults_of
from yiwang.kernel.errors import UserError
from yiwang.ui.components.fields import Field
from yiwang.ui.pages import public_page, safe_address
from yiwang.ui.shell import shell_of


def _goal(request: HttpRequest) -> str:
    """Where to go once logged in: the page that sent the person here, or the start of their work."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    return safe_address(request, wanted, shell_of(request).staff_home_url)


def _text(request: HttpRequest, name: str) -> str:
    """What was typed; PostgreSQL takes no NUL, and no name or code has one."""
    return request.POST.get(name, "").replace("\0", "")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """The first step: user name and password."""
    if request.method != "POST" and request.user.is_authenticated:
        return HttpResponseRedirect(_goal(request))
    if request.method != "POST":
        return _log_in_form(request, Faults())
    username, password = _text(request, "username"), _text(request, "password")
    missing = {name: sentence for name, typed, sentence in (
        ("username", username.strip(), gettext("请填写用户名。")), ("password", password, gettext("请填写密码。")),
    ) if not typed}  # fmt: skip
    if missing:
        return _log_in_form(request, Faults(missing, 422))
    try:
        is_in = services.log_in(request, username, password)
    except UserError as error:
        return _log_in_form(request, faults_of(error, "username"))
    return HttpResponseRedirect(_goal(request) if is_in else _second_address(request))


def _log_in_form(request: HttpRequest, faults: Faults) -> HttpResponse:
    username = Field(
        name="username", label=gettext("用户名"), value=_text(request, "username"), error=faults.of("username"),
        attributes={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": "80"},
    )  # fmt: skip
    password = Field(
        name="password", label=gettext("密码"), type="password", error=faults.of("password"),
        attributes={"autocomplete": "current-password"},
    )  # fmt: skip
    values = {
        "faults": faults, "fields": [username, password], "next": _asked_next(request),
        "cards": selectors.demo_cards(), "openid": settings.OPENID_TITLE,
    }  # fmt: skip
    return public_page(request, "access/log_in.html", values, status=faults.status)


def _asked_next(request: HttpRequest) -> str:
    return safe_address(request, request.POST.get("next", "") or request.GET.get("next", ""), "")


def _second_address(request: HttpRequest) -> str:
    return reverse("access:second_step") + (f"?{request.GET.urlencode()}" if request.GET else "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app or a recovery code."""
    if services.pending_user(request) is None:
        return HttpResponseRedirect(reverse("access:log_in"))
    faults = Faults()
    if request.method == "POST":
        try:
            services.log_in_second(request, _text(request, "code"))
        except UserError as error:
            faults = faults_of(error, "code")
        else:
            return HttpResponseRedirect(_goal(request))
    code = Field(
        name="code", label=gettext("验证码"), width="short", error=faults.of("code"),
        hint=gettext("打开手机上的验证器应用，输入其中的 6 位数字。手机不在身边时，可输入一个恢复码。"),
        attributes={"autocomplete": "one-time-code", "inputmode": "text", "maxlength": "20", "autofocus": True},
    )  # fmt: skip
    values = {"faults": faults, "field": code, "next": _asked_next(request)}
    return public_page(request, "access/second_step.html", values, status=faults.status)


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Enter as the person of a card; only in demo mode."""
    services.enter_demo(request, _text(request, "username"))
    return HttpResponseRedirect(_goal(request))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session and say so."""
    services.log_out(request)
    return HttpResponseRedirect(reverse("access:logged_out"))


@never_cache
@require_http_methods(["GET", "HEAD"])
def logged_out(request: HttpRequest) -> HttpResponse:
    """A calm last page, so that nobody wonders whether it worked."""
    return public_page(request, "access/logged_out.html")
