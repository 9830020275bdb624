"""One report from a phone, taken once: the same key and body get the same answer, however often they come."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.check_in import FARTHEST, OLDEST, SKEW, Instant, settled
from yiwang.apps.governance.patrol.models import Upload
from yiwang.apps.governance.patrol.refusals import KeyReused, invalid
from yiwang.apps.governance.patrol.services import incidents, visiting
from yiwang.engines.directory.api import Actor
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now
from yiwang.kernel.errors import InvalidInput

Answer = dict[str, Any]
_CLAIM = """
INSERT INTO patrol_upload (key, user_id, digest, at) VALUES (%s, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING key
"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a phone sends: a visit of a place, or an incident met on the way ("incident").

    `taken_at` is the phone's clock when it happened, `sent_at` the phone's clock now; both aware. `form` is the data
    of the form, photos as ids of attachments. `accuracy` in metres, None when the phone gave none.
    """

    key: UUID
    kind: str
    taken_at: datetime
    sent_at: datetime
    longitude: float
    latitude: float
    accuracy: float | None
    form: Mapping[str, Any]
    place: UUID | None = None

    def digest(self) -> str:
        """SHA-256 of all but the moment of sending, which differs from try to try."""
        told = [self.kind, self.taken_at, self.longitude, self.latitude, self.accuracy, dict(self.form), self.place]
        return hashlib.sha256(canonical_json(told)).hexdigest()


_KINDS: Mapping[str, Callable[[Actor, Any, Instant], Answer]] = {
    "visit": visiting.visit,
    "incident": incidents.report_incident,
}


@transaction.atomic
def receive(actor: Actor, report: Report) -> Answer:
    """Take a report; `state` in the answer is accepted, duplicate or refused, `message` says why.

    KeyReused when the key stands for something else, InvalidInput (and nothing is kept) when the form is wrong.
    """
    if report.taken_at.tzinfo is None or report.sent_at.tzinfo is None:
        invalid("taken_at", "DATE_TIME", gettext("时间须带时区，请更新巡查页面后重新上传。"))
    digest, at = report.digest(), now()
    if not _claimed(actor, report.key, digest, at):
        return _again(actor, report.key, digest)
    _refuse_impossible(report, at)
    instant = settled(report.taken_at, report.sent_at, at)
    answer = _KINDS[report.kind](actor, report, instant)
    Upload.objects.filter(key=report.key).update(answer=answer)
    return answer


def _refuse_impossible(report: Report, at: datetime) -> None:
    """What no phone can mean: clocks a lifetime off, a visit after its own report, or one of long ago."""
    if abs(at - report.sent_at) > FARTHEST:
        invalid("sent_at", "CLOCK", gettext("手机时钟明显不对，请校正日期和时间后重新上传。"))
    if report.taken_at - report.sent_at > SKEW:
        invalid("taken_at", "CLOCK", gettext("打卡时间晚于上传时间，请校正手机时钟后重新打卡。"))
    if report.sent_at - report.taken_at > OLDEST:
        message = gettext("这条记录已超过30天，不再受理。")
        fault = {"path": "taken_at", "code": "TOO_OLD", "message": message}
        raise InvalidInput([fault], message, next_step=gettext("请联系巡查督导员补录。"))


def _claimed(actor: Actor, key: UUID, digest: str, at: datetime) -> bool:
    """Whether this is the first time; a second try at the same moment waits here for the first to end."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [key, actor.user_id, digest, at])
        return cursor.fetchone() is not None


def _again(actor: Actor, key: UUID, digest: str) -> Answer:
    row = Upload.objects.get(key=key)
    if (row.user_id, row.digest) != (actor.user_id, digest):
        raise KeyReused
    return {**(row.answer or {}), "is_repeated": True}
