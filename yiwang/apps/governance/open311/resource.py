"""A resource of the standard: format, method, jurisdiction and language are read here, refusals put in its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from yiwang.apps.governance.open311.models import ApiKey
from yiwang.apps.governance.open311.offer import option
from yiwang.apps.governance.open311.refusals import ROOT, Refused, reasons_of
from yiwang.apps.governance.open311.services.keys import admitted, spend
from yiwang.apps.governance.open311.speaking import MEDIA, Payload, spoken
from yiwang.engines.access.api import address_of
from yiwang.engines.directory.api import district_code
from yiwang.kernel.errors import UserError

TEST_JURISDICTION = "test"


class Told(NamedTuple):
    """What a resource answers: the name of the document, its content, and headers."""

    root: str
    payload: Payload
    headers: dict[str, str]


class Asking(NamedTuple):
    """A request of the standard. `given` are its parameters, those of the body for a POST."""

    request: HttpRequest
    given: dict[str, str]
    is_test: bool

    @property
    def is_post(self) -> bool:
        return self.request.method == "POST"

    def key(self) -> ApiKey:
        """The program that asks; Refused (403) without one."""
        return admitted(self.given.get("api_key", "") or self.request.GET.get("api_key", ""), is_test=self.is_test)

    def reader(self) -> ApiKey | None:
        """For reading a key is not needed; who names one is counted by it, others by their address."""
        if self.given.get("api_key"):
            return self.key()
        spend(f"address:{address_of(self.request)}", option("anonymous_per_minute"))
        return None


Resource = Callable[..., Told]
View = Callable[..., HttpResponse]


def resource(*methods: str) -> Callable[[Resource], View]:
    """Make a view of a function that answers `Told`. Without a session, so without its token against forgery."""

    def made(function: Resource) -> View:
        @csrf_exempt
        @wraps(function)
        def view(request: HttpRequest, format: str, *, is_test: bool = False, **named: Any) -> HttpResponse:
            language = "en" if request.GET.get("locale", "").lower().startswith("en") else "zh-hans"
            with translation.override(language):
                answer = _tried(function, request, format, methods, is_test, named)
            answer.headers["Content-Language"] = language
            return answer

        return view

    return made


def _tried(
    function: Resource,
    request: HttpRequest,
    format: str,
    methods: tuple[str, ...],
    is_test: bool,
    named: dict[str, Any],
) -> HttpResponse:
    """The answer, or the refusal in the standard's form."""
    try:
        asking = _asking(request, format, methods, is_test)
        _refuse_unkept([*named.values(), *asking.given.values()])
        return _answered(function, asking, format, named)
    except (SuspiciousOperation, MultiPartParserError):
        status, reasons = reasons_of(Refused(400, gettext("request: 内容太大，或读不出来。")))
    except UserError as error:
        status, reasons = reasons_of(error)
    answer = spoken(ROOT, reasons, format, status)
    if status == 405:
        answer.headers["Allow"] = ", ".join(methods)
    return answer


def _asking(request: HttpRequest, format: str, methods: tuple[str, ...], is_test: bool) -> Asking:
    if format not in MEDIA:
        raise Refused(404, gettext("format: 没有“{format}”这种格式，可用 xml 或 json。").format(format=format[:20]))
    method = "GET" if request.method == "HEAD" else request.method
    if method not in methods:
        raise Refused(405, gettext("method: 这个资源不能用 {method} 访问。").format(method=request.method))
    given = {name: str(value) for name, value in (request.POST if method == "POST" else request.GET).items()}
    wanted = given.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", "")
    known = ("", district_code(), *((TEST_JURISDICTION,) if is_test else ()))
    if wanted not in known:
        raise Refused(404, gettext("jurisdiction_id: 没有“{code}”这个辖区。").format(code=wanted[:40]))
    return Asking(request, given, is_test)


def _refuse_unkept(values: Iterable[str]) -> None:
    """No text of the platform holds a NUL."""
    if any("\x00" in value for value in values):
        raise Refused(400, gettext("request: 内容里有不能保存的字符。"))


def _answered(function: Resource, asking: Asking, format: str, named: dict[str, Any]) -> HttpResponse:
    told = function(asking, **named)
    answer = spoken(told.root, told.payload, format)
    for name, value in told.headers.items():
        answer.headers[name] = value
    return answer
