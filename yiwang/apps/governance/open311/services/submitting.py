"""A report becomes an incident, once however often it is sent; on the test endpoint it becomes one and is undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.open311.models import ApiKey, Submission
from yiwang.apps.governance.open311.offer import INCIDENT, option
from yiwang.apps.governance.open311.refusals import Refused
from yiwang.apps.governance.open311.reporting import Report
from yiwang.apps.governance.open311.selectors.seeking import request_of
from yiwang.apps.governance.open311.services.keys import digest_of
from yiwang.apps.governance.open311.states import OPEN
from yiwang.engines.cases.api import Running, open_case, remark
from yiwang.engines.directory.api import ANONYMOUS, system_actor
from yiwang.engines.forms.api import store_upload
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.ids import new_id

OUTSIDE = system_actor("Open311")
TEST = "TEST-"
TESTS_KEPT = timedelta(days=1)
_LOCK = "SELECT pg_advisory_xact_lock(%s)"
"""Two requests with the same content wait for each other, so that the second one finds the first."""


def submit(key: ApiKey, report: Report, repeat_key: str, *, is_test: bool) -> tuple[dict[str, Any], bool]:
    """The standard's answer, and whether it was given before. Refused (409) for a known key with another body."""
    repeat = digest_of(repeat_key) if repeat_key else ""
    with transaction.atomic():
        _wait(f"{key.pk}{is_test}{repeat or report.sender + report.body}")
        earlier = _earlier(key, report, repeat, is_test)
        if earlier is not None:
            return _again(earlier, report, is_by_key=bool(repeat)), True
        row = _tried(key, report) if is_test else _opened(key, report)
        row.repeat_key = repeat
        row.save(force_insert=True)
    return row.answer, False


def _wait(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [int.from_bytes(bytes.fromhex(digest_of(text))[:8], signed=True)])


def _earlier(key: ApiKey, report: Report, repeat: str, is_test: bool) -> Submission | None:
    known = Submission.objects.filter(key=key, is_test=is_test)
    if repeat:
        return known.filter(repeat_key=repeat).first()
    if not report.sender:
        return None
    since = now() - timedelta(minutes=option("repeat_minutes"))
    return known.filter(sender=report.sender, body=report.body, at__gt=since).order_by("-at").first()


def _again(earlier: Submission, report: Report, *, is_by_key: bool) -> dict[str, Any]:
    if earlier.body != report.body:
        raise Refused(409, gettext("Idempotency-Key: 这个键已用于另一份内容，请换一个键。"))
    if is_by_key:
        return dict(earlier.answer)
    told = gettext("与 {time} 收到的内容相同，没有重复立案。").format(time=f"{earlier.at.astimezone(CHINA):%H:%M}")
    return {**earlier.answer, "service_notice": told}


def _opened(key: ApiKey, report: Report) -> Submission:
    """The incident with its photos; what is said beside the form becomes a remark on it."""
    photos = [str(store_upload(one, ("image",), actor=OUTSIDE).pk) for one in report.photos]
    case = _case(key, report, {"before": photos} if photos else {})
    if report.media_url and case.state.status == OPEN:
        remark(OUTSIDE, case.id, gettext("上报人提供的图片链接：{url}").format(url=report.media_url))
    row = _row(key, report, case, case.number)
    row.case_id = case.id
    found = request_of(ANONYMOUS, case.id)
    row.state = found.state if found is not None else OPEN
    return row


def _case(key: ApiKey, report: Report, more: Mapping[str, Any]) -> Running:
    return open_case(OUTSIDE, INCIDENT, {**report.data, **more, "source": "open311", "origin": key.name[:80]})


def _tried(key: ApiKey, report: Report) -> Submission:
    """Everything is done as in earnest and undone; a row remembers for a day what the program may then ask for."""
    with transaction.atomic():
        case = _case(key, report, {})
        found = request_of(ANONYMOUS, case.id)
        transaction.set_rollback(True)
    row = _row(key, report, case, f"{TEST}{case.number}")
    row.is_test, row.state = True, found.state if found is not None else OPEN
    return row


def _row(key: ApiKey, report: Report, case: Running, number: str) -> Submission:
    row = Submission(
        id=new_id(), key=key, number=number, service_code=report.service.code, description=report.description,
        address=str(report.place.get("address", "")), media_url=report.media_url, has_photo=bool(report.photos),
        longitude=report.place.get("longitude"), latitude=report.place.get("latitude"), sender=report.sender,
        body=report.body, at=case.opened_at,
    )  # fmt: skip
    row.answer = _answer(row, report, _notice(case))
    return row


def _answer(row: Submission, report: Report, notice: str) -> dict[str, Any]:
    """Number or token, as the service declares; a blackbox gives neither."""
    given = {"realtime": {"service_request_id": row.number}, "batch": {"token": row.id.hex}}
    named = given.get(report.service.type, {})
    return {**named, "service_notice": notice, "account_id": report.account_id or None}


def _notice(case: Running) -> str:
    """What the person should know now: above all that an emergency is no report."""
    triage = case.state.data.get("triage") or {}
    number = str(triage.get("transfer") or triage.get("ask") or "")
    if not number:
        return ""
    if triage.get("transfer"):
        text = gettext("这是紧急情况，请立即拨打 {number}：{reason}。此渠道不派警、不救火、不急救。")
        return text.format(number=number, reason=str(triage.get("reason", "")).rstrip("。"))
    return gettext("如有危险，请立即拨打 {number}。").format(number=number)


def forget_tests() -> int:
    """Forget what was tried more than a day ago."""
    return Submission.objects.filter(is_test=True, at__lt=now() - TESTS_KEPT).delete()[0]
