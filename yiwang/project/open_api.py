"""`/api/`: the doors of the engines for programs, described by OpenAPI; refusals are problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.utils import check_csrf

from yiwang.engines.access.api import NotLoggedIn, authenticate_token
from yiwang.engines.cases.endpoints import router as cases
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.endpoints import router as attachments
from yiwang.engines.worklists.endpoints import add_to as add_lists_to
from yiwang.kernel.app import app_modules
from yiwang.kernel.errors import NotFound, TooLarge, UserError
from yiwang.ui.errors import TITLES, problem, retried

ROOT = "/api/"
_SAFE = ("GET", "HEAD", "OPTIONS")


class NotJson(UserError):
    """The body is of a type no operation takes."""

    code, status = "NOT_JSON", 415
    message, next_step = "请求内容应为 JSON。", "请把 Content-Type 设为 application/json。"


class StrictParser(Parser):
    """JSON as it is defined: UTF-8, no NaN; and no NUL, which no text of the platform may hold."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = request.body
        if b"\\u0000" in body:
            raise ValueError("Texts must not contain NUL.")
        return orjson.loads(body)


def authenticated(request: HttpRequest) -> Actor | None:
    """A bearer token, or the session of a browser with its CSRF token."""
    if request.headers.get("Authorization"):
        actor = authenticate_token(request)
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]
        return actor
    found: Actor = request.actor  # type: ignore[attr-defined]
    if found.is_anonymous or (request.method not in _SAFE and check_csrf(request)):
        return None
    return found


PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457): `title` is the cause, `detail` the next step.",
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}


class DescribedAPI(NinjaAPI):
    """Adds to the document what all operations share: the token they ask for, and how they refuse."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**given)
        parts = document["components"]
        parts.setdefault("schemas", {})["Problem"] = PROBLEM
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["security"] = [{"token": []}]
                operation["responses"]["default"] = {"description": "Refused", "content": content}
        return document


api = DescribedAPI(
    title="一网 Yiwang",
    version="1",
    description="Cases, tasks, divisions and files of one district. Send `Authorization: Bearer <token>`.",
    docs_url=None,
    auth=authenticated,
    urls_namespace="api",
    parser=StrictParser(),
)
add_lists_to(cases)
api.add_router("", cases)
api.add_router("", attachments)
for _net, _key, _module in app_modules("endpoints"):
    api.add_router(f"/{_key}", _module.router)


@api.exception_handler(UserError)
def _refused(request: HttpRequest, error: UserError) -> HttpResponse:
    return retried(problem(error.status, error.code, error.message, error.next_step, **error.facts), error)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = _refused(request, NotLoggedIn("请先登录，或提供有效的访问令牌。", next_step="Authorization: Bearer …"))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"path": ".".join(map(str, item["loc"])), "code": item["type"], "message": item["msg"]} for item in error.errors
    ]
    return problem(422, "INVALID_INPUT", "请求内容的格式有误。", "请按接口说明更正。", errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return plain_problem(error.status_code, str(error) if settings.DEBUG else "")


def plain_problem(status: int, detail: str = "") -> HttpResponse:
    """A problem known by its status alone."""
    phrase = HTTPStatus(status).phrase
    return problem(status, phrase.upper().replace(" ", "_"), TITLES.get(status, phrase), detail)


class Problems:
    """Everything that fails under `/api/` fails as problem+json, whichever part of the site refused it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        return _body_refused(request) or _as_problem(self.get_response(request))


def _body_refused(request: HttpRequest) -> HttpResponse | None:
    """Bodies that are too large or no JSON are turned away before anything reads them."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_upload = request.content_type == "multipart/form-data"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + (settings.YIWANG["YIWANG_UPLOAD_LIMIT"] if is_upload else 0)
    if not length.isdecimal() or int(length) > most:
        return _refused(request, TooLarge())
    if int(length) and request.content_type not in ("application/json", "multipart/form-data"):
        return _refused(request, NotJson())
    return None


def _as_problem(response: HttpResponse) -> HttpResponse:
    is_told = response.status_code < 400 or "json" in response.headers.get("Content-Type", "")
    if is_told:
        return response
    if response.status_code == NotFound.status:
        told = problem(NotFound.status, NotFound.code, NotFound.message, NotFound.next_step)
    else:
        told = plain_problem(response.status_code)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            told.headers[name] = response.headers[name]
    return told
