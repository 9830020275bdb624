"""The account page: who I am here, how I log in, where I am logged in, which programs act for me."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.engines.access import selectors, services
from yiwang.engines.access.guards import staff_only
from yiwang.engines.access.models import LogInSession
from yiwang.engines.access.pages.faults import Faults, faults_of
from yiwang.engines.directory.api import User
from yiwang.kernel.errors import UserError
from yiwang.ui.components.fields import Field
from yiwang.ui.components.records import Facts
from yiwang.ui.pages import public_page

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux"),
)  # fmt: skip


def person(request: HttpRequest) -> User:
    """Who is logged in; only pages behind `staff_only` ask."""
    assert isinstance(request.user, User)
    return request.user


def device_of(session: LogInSession) -> str:
    """Browser and system in words: `Chrome · Windows`."""
    found = [next((name for mark, name in kinds if mark in session.browser), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or gettext("未知设备")


def _in_words(post: selectors.Holding) -> str:
    deputy = gettext("（代 {name}）").format(name=post.on_behalf_of) if post.on_behalf_of else ""
    return f"{post.role} · {post.division}{deputy}"


@staff_only
@require_http_methods(["GET", "HEAD"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, each with the way to change it."""
    user = person(request)
    posts = [_in_words(one) for one in selectors.holdings(request.actor)]  # type: ignore[attr-defined]
    about = Facts(pairs=[
        (gettext("姓名"), user.name), (gettext("用户名"), user.username),
        (gettext("岗位"), gettext("；").join(posts) or gettext("目前没有岗位")),
    ])  # fmt: skip
    sessions = [
        {"it": one, "device": device_of(one), "is_here": one.session_key == request.session.session_key}
        for one in selectors.sessions_of(user)
    ]
    values = {
        "about": about, "sessions": sessions, "tokens": selectors.tokens_of(user),
        "has_second_factor": selectors.has_second_factor(user), "recovery_count": selectors.recovery_count(user),
        "has_password": user.has_usable_password(),
    }  # fmt: skip
    return public_page(request, "access/account.html", values)


@staff_only
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password."""
    faults = _change(request) if request.method == "POST" else Faults()
    if request.method == "POST" and not faults:
        messages.success(request, gettext("密码已修改，其他设备上的登录已全部结束。"))
        return HttpResponseRedirect(reverse("access:account"))
    hint = gettext("至少 10 个字符。可用一句只有自己知道的话，比短而复杂的密码更安全。")
    fields = [
        _secret("old", gettext("原密码"), "current-password", faults),
        _secret("new", gettext("新密码"), "new-password", faults, hint),
        _secret("again", gettext("再输一次新密码"), "new-password", faults),
    ]
    values = {"faults": faults, "fields": fields, "must": person(request).must_change_password}
    return public_page(request, "access/password.html", values, status=faults.status)


def _secret(name: str, label: str, autocomplete: str, faults: Faults, hint: str = "") -> Field:
    attributes = {"autocomplete": autocomplete, "maxlength": "200"}
    return Field(
        name=name, label=label, type="password", hint=hint, error=faults.of(name), attributes=attributes
    )  # fmt: skip


def _change(request: HttpRequest) -> Faults:
    old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return Faults({"again": gettext("两次输入的新密码不一样。")}, 422)
    try:
        services.change_password(request, old, new)
    except UserError as error:
        return faults_of(error, "old")
    return Faults()


@staff_only
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of mine, by its mark; ending this one logs out."""
    user = person(request)
    mark = request.POST.get("session", "")
    found = next((one for one in selectors.sessions_of(user) if one.mark == mark), None)
    if found is not None and found.session_key == request.session.session_key:
        services.log_out(request)
        return HttpResponseRedirect(reverse("access:logged_out"))
    if found is not None:
        services.end_session(user, found.session_key)
    messages.success(request, gettext("该设备上的登录已结束。"))
    return HttpResponseRedirect(reverse("access:account") + "#sessions")


@staff_only
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions of mine but this one."""
    count = services.end_other_sessions(person(request), str(request.session.session_key))
    messages.success(request, gettext("已结束其他 {count} 处登录。").format(count=count))
    return HttpResponseRedirect(reverse("access:account") + "#sessions")
