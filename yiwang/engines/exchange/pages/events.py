"""The one address other systems send to: size, signature, time and share are checked before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from yiwang.engines.access.api import address_of
from yiwang.engines.exchange import limits
from yiwang.engines.exchange.envelope import MOST_BYTES, STRUCTURED, binary_headers, read
from yiwang.engines.exchange.models import System
from yiwang.engines.exchange.refusals import EventTooLarge, NotAnEvent, NotSigned, TooMany, WrongTime
from yiwang.engines.exchange.secrets import secrets_of
from yiwang.engines.exchange.services.receiving import receive
from yiwang.engines.exchange.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed, is_timely, signed_text
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed, Unavailable, UserError
from yiwang.ui.errors import RETRY_SECONDS, problem, retried


@csrf_exempt  # No browser and no cookie speaks here: who sends is known by the signature.
@require_POST
def events(request: HttpRequest, key: str) -> HttpResponse:
    """Take in one event of the system `key`."""
    try:
        body = _body(request)
        attributes = {} if _is_structured(request) else binary_headers(request.headers)
        system = _signed_by(request, key, body, attributes)
        limits.count(f"system:{system.pk}", system.per_minute)
        if system.direction == "out":
            raise NotAllowed(gettext("这个连接只发送，不接收。"), next_step="")
        event = read(request.headers.get("Content-Type", ""), request.headers, body)
        status, answer = receive(system, event, signed_text("", body, attributes))
    except UserError as error:
        return _refusal(error)
    return _answer(status, answer)


def _is_structured(request: HttpRequest) -> bool:
    return request.headers.get("Content-Type", "").lower().startswith(STRUCTURED)


def _body(request: HttpRequest) -> bytes:
    """At most MOST_BYTES, whatever the length header says."""
    told = request.headers.get("Content-Length") or "0"
    body = b"" if not told.isdecimal() or int(told) > MOST_BYTES else request.read(MOST_BYTES + 1)
    if not body and told != "0":
        raise EventTooLarge
    if len(body) > MOST_BYTES:
        raise EventTooLarge
    return body


def _signed_by(request: HttpRequest, key: str, body: bytes, attributes: Mapping[str, str]) -> System:
    """The system whose secret signed the request; who signs badly is counted by address."""
    timestamp, signatures = request.headers.get(TIMESTAMP_HEADER, ""), request.headers.get(SIGNATURE_HEADER, "")
    if not timestamp or not signatures:
        missing = gettext("缺少 {one} 或 {other} 头。").format(one=TIMESTAMP_HEADER, other=SIGNATURE_HEADER)
        raise NotAnEvent(missing, code="EVENT_NOT_SIGNED")
    system = System.objects.filter(key=key, is_active=True).first()
    secrets = secrets_of(system) if system is not None else [""]
    fits = is_signed(signatures, secrets, signed_text(timestamp, body, attributes))
    if system is None or not fits:
        limits.count(f"bad:{address_of(request)}", limits.BAD_A_MINUTE)
        raise NotSigned
    if not is_timely(timestamp, now().timestamp()):
        raise WrongTime(facts={"now": int(now().timestamp())})
    return system


def _answer(status: int, answer: Mapping[str, Any]) -> HttpResponse:
    kind = "application/problem+json" if status >= 400 else "application/json"
    headers = {"Retry-After": RETRY_SECONDS} if status == Unavailable.status else None
    return HttpResponse(canonical_json(answer), status=status, content_type=kind, headers=headers)


def _refusal(error: UserError) -> HttpResponse:
    next_step = gettext(error.next_step) if error.next_step else ""
    answer = problem(error.status, error.code, gettext(error.message), next_step, **error.facts)
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.facts["retry_after"])
    return retried(answer, error)
