"""`/api/`: the doors of the engines for programs, described by OpenAPI; refusals are problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from yiwang.engines.access.api import authenticate_token
from yiwang.engines.cases.endpoints import router as cases
from yiwang.engines.directory.api import Actor
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.errors import UserError


def authenticated(request: HttpRequest) -> Actor | None:
    """A bearer token, or the session of a browser with its CSRF token."""
    if request.headers.get("Authorization"):
        actor = authenticate_token(request)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor
    found: Actor = request.actor  # type: ignore[attr-defined]
    if found.is_anonymous or (request.method not in ("GET", "HEAD", "OPTIONS") and check_csrf(request)):
        return None
    return found


api = NinjaAPI(
    title="一网 Yiwang",
    version="1",
    description="Cases, tasks, divisions and files of one district.",
    docs_url=None,
    auth=authenticated,
    urls_namespace="api",
)
api.add_router("", cases)


def problem(status: int, code: str, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """An answer of type application/problem+json."""
    body = {"type": f"urn:yiwang:{code}", "title": title, "status": status, "detail": detail, "code": code, **more}
    return HttpResponse(canonical_json(body), status=status, content_type="application/problem+json")


@api.exception_handler(UserError)
def _refused(request: HttpRequest, error: UserError) -> HttpResponse:
    return problem(error.status, error.code, error.message, error.next_step, **error.facts)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(401, "NOT_LOGGED_IN", "请先登录，或提供有效的访问令牌。", "Send 'Authorization: Bearer <token>'.")


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"path": ".".join(map(str, item["loc"])), "code": item["type"], "message": item["msg"]} for item in error.errors
    ]
    return problem(422, "INVALID_INPUT", "请求内容的格式有误。", "请按接口说明更正。", errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    phrase = HTTPStatus(error.status_code).phrase
    return problem(error.status_code, phrase.upper().replace(" ", "_"), phrase, str(error) if settings.DEBUG else "")
