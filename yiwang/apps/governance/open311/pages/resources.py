"""The resources of GeoReport v2 and of the extension for updates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from yiwang.apps.governance.open311.asking import Asked, Reader, read_asked, read_span
from yiwang.apps.governance.open311.models import Submission
from yiwang.apps.governance.open311.offer import INCIDENT, Attribute, Service, named, offered
from yiwang.apps.governance.open311.refusals import Refused, faulty
from yiwang.apps.governance.open311.reporting import answers_in, read_report
from yiwang.apps.governance.open311.resource import Asking, Told, resource
from yiwang.apps.governance.open311.selectors import trials
from yiwang.apps.governance.open311.selectors.seeking import Found, requests
from yiwang.apps.governance.open311.selectors.updates import updates
from yiwang.apps.governance.open311.services.submitting import submit
from yiwang.apps.governance.open311.services.updating import receive
from yiwang.apps.governance.open311.states import TITLES, plain
from yiwang.engines.directory.api import ANONYMOUS
from yiwang.kernel.clock import CHINA

CHANGESET = "2026-11-24T00:00:00+08:00"
"""When this contract last changed."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
BLACKBOX = "blackbox"
LONGEST_KEY = 255
_URLENCODED = ("application/x-www-form-urlencoded", "multipart/form-data")


def moment(at: datetime | None) -> str | None:
    """As the standard writes instants, in Chinese time."""
    return at.astimezone(CHINA).isoformat(timespec="seconds") if at is not None else None


@resource("GET")
def discovery(asking: Asking) -> Told:
    """Where the endpoints are, and whom to ask for a key."""
    developers = asking.request.build_absolute_uri(reverse("open311:developers"))
    endpoints = [_endpoint(asking.request, name, kind) for name, kind in
                 (("open311:services", "production"), ("open311:test_services", "test"))]  # fmt: skip
    payload = {"changeset": CHANGESET, "contact": developers, "key_service": developers, "endpoints": endpoints}
    return Told("discovery", payload, {})


def _endpoint(request: HttpRequest, name: str, kind: str) -> dict[str, Any]:
    address = request.build_absolute_uri(reverse(name, args=["xml"])).removesuffix("/services.xml")
    formats = ["text/xml", "application/json"]
    return {
        "specification": SPECIFICATION, "url": address, "changeset": CHANGESET, "type": kind, "formats": formats,
    }  # fmt: skip


@resource("GET")
def services(asking: Asking) -> Told:
    """Everything that may be reported."""
    asking.reader()
    return Told("services", [_service(one) for one in offered().values()], {})


def _service(one: Service) -> dict[str, Any]:
    return {
        "service_code": one.code, "service_name": named(one), "description": one.description,
        "metadata": bool(one.attributes), "type": one.type, "keywords": ", ".join(one.keywords),
        "group": gettext(one.group) if one.is_ours and one.group else one.group,
    }  # fmt: skip


@resource("GET")
def definition(asking: Asking, *, service_code: str) -> Told:
    """The questions of a service."""
    asking.reader()
    one = offered().get(service_code)
    if one is None:
        raise Refused(404, gettext("service_code: 没有代码为“{code}”的服务。").format(code=service_code[:40]))
    attributes = [_attribute(place, asked) for place, asked in enumerate(one.attributes, 1)]
    return Told("service_definition", {"service_code": one.code, "attributes": attributes}, {})


def _attribute(place: int, one: Attribute) -> dict[str, Any]:
    told: dict[str, Any] = {
        "variable": not one.is_notice, "code": one.code, "datatype": one.datatype, "required": one.is_required,
        "datatype_description": one.datatype_description, "order": one.place or place, "description": one.description,
    }  # fmt: skip
    if one.values:
        told["values"] = [{"key": key, "name": name} for key, name in one.values]
    return told


@resource("GET", "POST")
def service_requests(asking: Asking) -> Told:
    """Report, or find reports."""
    return _report(asking) if asking.is_post else _find(asking)


def _report(asking: Asking) -> Told:
    key, request = asking.key(), asking.request
    if request.content_type not in _URLENCODED:
        raise Refused(400, gettext("Content-Type: 应为 application/x-www-form-urlencoded 或 multipart/form-data。"))
    repeat_key = request.headers.get("Idempotency-Key", "").strip()
    if len(repeat_key) > LONGEST_KEY:
        raise Refused(400, gettext("Idempotency-Key: 最多 {most} 个字符。").format(most=LONGEST_KEY))
    answers = answers_in({name: request.POST.getlist(name) for name in request.POST})
    files = [one for name in ("media", "media[]") for one in request.FILES.getlist(name)]
    answer, is_known = submit(key, read_report(asking.given, answers, files), repeat_key, is_test=asking.is_test)
    return Told("service_requests", [answer], {"Idempotency-Replayed": "true"} if is_known else {})


def _find(asking: Asking) -> Told:
    asking.reader()
    asked = read_asked(asking.given)
    if asking.is_test:
        return Told("service_requests", [_tried(one, asked.is_extended) for one in trials.tried(ANONYMOUS, asked)], {})
    return Told("service_requests", [_request(one, asked.is_extended) for one in requests(ANONYMOUS, asked)], {})


def _request(one: Found, is_extended: bool) -> dict[str, Any]:
    service = offered().get(one.service_code) or offered().get(one.category)
    told: dict[str, Any] = {
        "service_request_id": one.number, "status": plain(one.state), "status_notes": gettext(TITLES[one.state]),
        "service_name": named(service) if service is not None else one.service_code,
        "service_code": one.service_code, "description": one.description or None,
        "agency_responsible": gettext(one.agency) if one.agency else None, "service_notice": None,
        "requested_datetime": moment(one.opened_at), "updated_datetime": moment(one.changed_at),
        "expected_datetime": moment(one.due_at), "address": one.address or None, "address_id": None, "zipcode": None,
        "lat": one.latitude, "long": one.longitude, "media_url": one.media_url or None,
    }  # fmt: skip
    if is_extended:
        told["extended_attributes"] = {"status": one.state, "closed_datetime": moment(one.closed_at), "type": INCIDENT}
    return told


def _tried(one: Submission, is_extended: bool) -> dict[str, Any]:
    """A report of the test endpoint, which stays as it was on arrival."""
    found = Found(
        one.id, one.number, one.service_code, one.state, one.at, one.at, None, None, one.latitude, one.longitude, "",
        "", one.description, one.address, one.media_url,
    )  # fmt: skip
    return _request(found, is_extended)


@resource("GET")
def service_request(asking: Asking, *, service_request_id: str) -> Told:
    """One report."""
    asking.reader()
    reader = Reader(asking.given)
    asked = Asked(numbers=(service_request_id,), is_extended=bool(reader.flag("extensions")))
    faulty(reader.faults)
    found = [_tried(one, asked.is_extended) for one in trials.tried(ANONYMOUS, asked)] if asking.is_test else [
        _request(one, asked.is_extended) for one in requests(ANONYMOUS, asked)
    ]  # fmt: skip
    if not found:
        message = gettext("service_request_id: 没有编号为“{number}”的事。")
        raise Refused(404, message.format(number=service_request_id[:40]))
    return Told("service_requests", found, {})


@resource("GET")
def token(asking: Asking, *, token: str) -> Told:
    """The number behind a token."""
    asking.reader()
    row = trials.of_token(ANONYMOUS, token, is_test=asking.is_test)
    if row is None:
        raise Refused(404, gettext("token: 没有“{token}”这个凭据。").format(token=token[:40]))
    service = offered().get(row.service_code)
    number = row.number if service is None or service.type != BLACKBOX else None
    return Told("service_requests", [{"service_request_id": number, "token": token}], {})


@resource("GET", "POST")
def service_request_updates(asking: Asking) -> Told:
    """Tell of a report, or read what was told."""
    if asking.is_post:
        made = receive(asking.key(), asking.given, is_test=asking.is_test)
        return Told("service_request_updates", [{"update_id": str(made.pk)}], {})
    key, reader = asking.reader(), Reader(asking.given)
    span = read_span(reader)
    numbers = reader.listed("service_request_id")
    faulty(reader.faults)
    found = [] if asking.is_test else updates(ANONYMOUS, *span, numbers, key)
    return Told("service_request_updates", [_update(one) for one in found], {})


def _update(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "updated_datetime": moment(one["updated_datetime"])}
