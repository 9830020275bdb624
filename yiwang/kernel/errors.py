"""Errors that say where, what, and what to do now.

`SpecError` speaks to the developer of an app and stops the start. `UserError` and its family speak to a citizen or a
clerk: one cause and one next step in Chinese, a stable code for the log and the API, and an HTTP status.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class YiwangError(Exception):
    """Root of every error this project raises on purpose."""


def did_you_mean(name: str, options: Iterable[str]) -> str:
    """A sentence naming the closest option, or the options themselves when none is close; '' without options."""
    known = sorted(set(options))
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(known[:12])}." if known else ""


class SpecError(YiwangError):
    """A declaration is wrong. `where` names the place, `what` the fault, `now` the remedy."""

    def __init__(self, where: str, what: str, now: str = "") -> None:
        self.where, self.what, self.now = where, what, now
        super().__init__(f"{where}: {what}{' ' + now if now else ''}")


class ConfigurationError(YiwangError):
    """The deployment's configuration is wrong; the start stops here."""


class UserError(YiwangError):
    """Something a person asked for cannot be done.

    `message` is one cause in Chinese, `next_step` one thing to do now; both are shown. `facts` go to the API answer.
    """

    code = "REQUEST_REFUSED"
    status = 400
    message = "请求无法办理。"
    next_step = "请返回上一页检查后重试。"

    def __init__(
        self,
        message: str | None = None,
        *,
        next_step: str | None = None,
        code: str | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or type(self).message
        self.next_step = type(self).next_step if next_step is None else next_step
        self.code = code or type(self).code
        self.facts = dict(facts or {})
        super().__init__(f"{self.code}: {self.message}")

    def sentence(self) -> str:
        """Cause and next step as one line of text."""
        return f"{self.message}{self.next_step}"


class NotAllowed(UserError):
    code, status = "NOT_ALLOWED", 403
    message, next_step = "您没有办理此操作的权限。", "如确需办理，请联系本单位管理员开通相应岗位。"


class NotFound(UserError):
    """Also the answer for rows outside the actor's scope: a stranger must not learn that they exist."""

    code, status = "NOT_FOUND", 404
    message, next_step = "没有找到您要的内容，或您无权查看。", "请核对编号或返回列表重新选择。"


class Conflict(UserError):
    """The record moved on since the person looked at it."""

    code, status = "STALE_PAGE", 409
    message, next_step = "页面内容已过期。", "请刷新页面，查看最新状态后再操作。"


class InvalidInput(UserError):
    """Field errors: `errors` is a list of {path, code, message}."""

    code, status = "INVALID_INPUT", 422
    message, next_step = "填写的内容有误。", "请按提示逐项更正后重新提交。"

    def __init__(self, errors: Iterable[Mapping[str, str]] = (), message: str | None = None, **rest: Any) -> None:
        self.errors = [dict(error) for error in errors]
        super().__init__(message, facts={"errors": self.errors} | dict(rest.pop("facts", None) or {}), **rest)


class TooLarge(UserError):
    code, status = "TOO_LARGE", 413
    message, next_step = "内容超过大小限制。", "请压缩或拆分后重新提交。"


class Unavailable(UserError):
    """A part the answer needs is down; nothing was written."""

    code, status = "UNAVAILABLE", 503
    message, next_step = "系统暂时无法提供服务，您的操作没有被保存。", "请稍候重试。"
