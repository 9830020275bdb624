"""Tokens for programs: made for a purpose, shown once, ended by their owner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.engines.access import tokens
from yiwang.engines.access.guards import staff_only
from yiwang.engines.access.pages.account import person
from yiwang.engines.access.pages.faults import Faults, faults_of
from yiwang.engines.directory.api import Actor, children, minimal_prefixes, name_of
from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.ui.components.fields import Check, Choice, Field
from yiwang.ui.pages import public_page

_DAYS = (30, 90, 180, 366)


def _divisions(actor: Actor) -> list[tuple[str, str]]:
    """What a token may be narrowed to: the actor's own divisions and those right below."""
    own = minimal_prefixes(grant.division for grant in actor.grants)
    codes = [code for division in own for code in (division, *(child.code for child in children(division)))]
    return [("", gettext("我的全部管辖范围")), *((code, name_of(code)) for code in codes)]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Ask what the token is for and how far it reaches; show it once."""
    choices = _divisions(request.actor)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _form(request, choices, Faults())
    try:
        token = _made(request, choices)
    except UserError as error:
        return _form(request, choices, faults_of(error, "title"))
    return public_page(request, "access/token_made.html", {"token": token, "title": request.POST["title"].strip()})


def _made(request: HttpRequest, choices: list[tuple[str, str]]) -> str:
    division, days = request.POST.get("division", ""), request.POST.get("days", "90")
    if division not in dict(choices):
        raise InvalidInput([{"path": "division", "code": "DIVISION", "message": gettext("请从列表中选择范围。")}])
    if not days.isascii() or not days.isdigit() or len(days) > 4:
        raise InvalidInput([{"path": "days", "code": "RANGE", "message": gettext("请从列表中选择有效期。")}])
    title = request.POST.get("title", "").replace("\0", "")
    reads_only = request.POST.get("reads_only") == "1"
    return tokens.make_token(person(request), title, days=int(days), division=division, reads_only=reads_only)


def _form(request: HttpRequest, choices: list[tuple[str, str]], faults: Faults) -> HttpResponse:
    typed = request.POST
    title = Field(
        name="title", label=gettext("用途"), width="", value=typed.get("title", ""), error=faults.of("title"),
        hint=gettext("写明哪个系统用它做什么，例如：视频平台每日读取事件清单。"), attributes={"maxlength": "80"},
    )  # fmt: skip
    reach = Choice(
        name="division", label=gettext("范围"), options=choices, value=typed.get("division", ""),
        error=faults.of("division"), hint=gettext("令牌的权限不会超过您本人，只能更窄。"),
    )  # fmt: skip
    lasts = [(str(count), gettext("{count} 天").format(count=count)) for count in _DAYS]
    days = Choice(
        name="days", label=gettext("有效期"), options=lasts, value=typed.get("days", "90"), error=faults.of("days")
    )  # fmt: skip
    is_checked = typed.get("reads_only") == "1" if request.method == "POST" else True
    reads = Check(
        name="reads_only", label=gettext("只读"), hint=gettext("只能查看，不能办理。"), is_checked=is_checked
    )  # fmt: skip
    values = {"faults": faults, "fields": [title, reach, days, reads]}
    return public_page(request, "access/token_make.html", values, status=faults.status)


@staff_only
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Withdraw a token; programs that use it are refused from now on."""
    try:
        tokens.end_token(person(request), UUID(request.POST.get("token", "")))
    except ValueError:  # Not an id we made: there is nothing to end, and the page shows what there is.
        return HttpResponseRedirect(reverse("access:account"))
    messages.success(request, gettext("令牌已作废。"))
    return HttpResponseRedirect(reverse("access:account") + "#tokens")
