"""Turning the second factor on and off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.engines.access import selectors, services, totp
from yiwang.engines.access.guards import staff_only
from yiwang.engines.access.pages.account import person
from yiwang.engines.access.pages.faults import Faults, faults_of
from yiwang.engines.directory.api import User
from yiwang.kernel.errors import UserError
from yiwang.ui.components.fields import Field
from yiwang.ui.pages import public_page
from yiwang.ui.shell import shell_of


def _code_field(faults: Faults, hint: str = "") -> Field:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}
    return Field(
        name="code", label=gettext("验证码"), width="short", hint=hint, error=faults.of("code"), attributes=attributes
    )  # fmt: skip


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def turn_on(request: HttpRequest) -> HttpResponse:
    """Show the square, ask for a first code, then show the recovery codes this once."""
    user = person(request)
    if selectors.has_second_factor(user):
        messages.info(request, gettext("两步验证已经开启。"))
        return HttpResponseRedirect(reverse("access:account"))
    secret = services.unconfirmed_secret(user) or services.begin_second_factor(user)
    if request.method != "POST":
        return _offer(request, user, secret, Faults())
    try:
        codes = services.confirm_second_factor(user, request.POST.get("code", ""))
    except UserError as error:
        return _offer(request, user, secret, faults_of(error, "code"))
    return public_page(request, "access/recovery_codes.html", {"codes": codes, "user": user})


def _offer(request: HttpRequest, user: User, secret: str, faults: Faults) -> HttpResponse:
    issuer = f"{shell_of(request).district_name}{gettext('一网')}"
    values = {
        "faults": faults, "field": _code_field(faults, gettext("扫描后，应用中会出现 6 位数字，每 30 秒更换一次。")),
        "square": totp.square(totp.address(secret, user.username, issuer)),
        "secret": " ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    }  # fmt: skip
    return public_page(request, "access/second_factor_on.html", values, status=faults.status)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: HttpRequest) -> HttpResponse:
    """Ask for a code, then turn it off."""
    if not selectors.has_second_factor(person(request)):
        return HttpResponseRedirect(reverse("access:account"))
    faults = Faults()
    if request.method == "POST":
        try:
            services.drop_second_factor(request, request.POST.get("code", ""))
        except UserError as error:
            faults = faults_of(error, "code")
        else:
            messages.success(request, gettext("两步验证已关闭。"))
            return HttpResponseRedirect(reverse("access:account"))
    values = {"faults": faults, "field": _code_field(faults, gettext("输入应用中的 6 位数字，或一个恢复码。"))}
    return public_page(request, "access/second_factor_off.html", values, status=faults.status)
