"""Error answers: one designed page, one JSON problem, one cause, one next step."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed, NotFound, Unavailable, UserError
from yiwang.ui.pages import is_partial
from yiwang.ui.shell import stand_alone

TITLES = {
    400: gettext_noop("请求有误"), 401: gettext_noop("请先登录"), 403: gettext_noop("没有权限"),
    404: gettext_noop("没有找到"), 409: gettext_noop("情况已有变化"), 413: gettext_noop("内容太大"),
    422: gettext_noop("填写有误"), 429: gettext_noop("操作太频繁"), 500: gettext_noop("系统出错了"),
    503: gettext_noop("服务暂时不可用"),
}  # fmt: skip

RETRY_SECONDS = "10"
_WORTH_RETRYING = (409, 429, 500, 503)


class Broken(UserError):
    """A fault of ours."""

    code, status = "SERVER_ERROR", 500
    message, next_step = "系统出错了，您的操作可能没有完成。", "请稍候重试；如仍有问题，请把时间告诉管理员。"


class StaleForm(UserError):
    """The CSRF token did not fit: usually a page left open over night."""

    code, status = "FORM_EXPIRED", 403
    message, next_step = "页面打开时间过长，已失效。", "请返回上一页刷新后重新提交。"


def wants_json(request: HttpRequest) -> bool:
    """Programs, and htmx, whose script shows the problem in a toast."""
    return is_partial(request) or "json" in request.headers.get("Accept", "")


def problem(status: int, code: str, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """An answer of type application/problem+json (RFC 9457)."""
    body = {"type": f"urn:yiwang:{code}", "title": title, "status": status, "detail": detail, "code": code, **more}
    return HttpResponse(canonical_json(body), status=status, content_type="application/problem+json")


def refusal(request: HttpRequest, error: UserError) -> HttpResponse:
    """A refusal in the form the caller reads."""
    message, next_step = gettext(error.message), gettext(error.next_step) if error.next_step else ""
    if wants_json(request):
        return retried(problem(error.status, error.code, message, next_step, **error.facts), error)
    if error.status >= 500:
        stand_alone(request)
    title = gettext(TITLES.get(error.status, TITLES[400]))
    values = {"title": title, "message": message, "next_step": next_step, "code": error.code}
    values["again"] = request.get_full_path() if request.method == "GET" and error.status in _WORTH_RETRYING else ""
    response = render(request, "ui/error.html", values, status=error.status)
    return retried(response, error)


def retried(response: HttpResponse, error: UserError) -> HttpResponse:
    """The answer with the seconds to wait, where there are some: an outage, or a limit that tells `again_at`."""
    again_at = error.facts.get("again_at")
    if error.status == Unavailable.status:
        response.headers["Retry-After"] = RETRY_SECONDS
    elif isinstance(again_at, datetime):
        response.headers["Retry-After"] = str(max(1, round((again_at - now()).total_seconds())))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django turned the request away, perhaps (a foreign host name) before anybody asked who sends it."""
    stand_alone(request)
    return refusal(request, UserError())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refusal(request, StaleForm())


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: must not fail itself, so it asks nothing of the database.

    An outage that struck outside the page itself, while the session was read or kept, also ends here.
    """
    try:
        return refusal(request, Unavailable() if is_outage(sys.exc_info()[1]) else Broken())
    except Exception:
        return problem(500, Broken.code, Broken.message, Broken.next_step)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database is gone, rather than asked something it cannot do."""
    return isinstance(error, (OperationalError, InterfaceError))
