"""How often an address may ask what was reported nearby: counted in the database, so that all processes count alike."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from yiwang.engines.access.api import address_of
from yiwang.engines.cases.api import open_cursor
from yiwang.engines.gathering.likeness import PROPOSALS
from yiwang.engines.gathering.models import Glance
from yiwang.kernel.clock import now
from yiwang.kernel.errors import UserError

_COUNT = """INSERT INTO gathering_glance (subject, hour, count) VALUES (%s, date_trunc('hour', %s::timestamptz), 1)
ON CONFLICT (subject, hour) DO UPDATE SET count = gathering_glance.count + 1 RETURNING count"""


class TooManyGlances(UserError):
    """The limit of the hour is reached."""

    code, status = "TOO_OFTEN", 429
    message, next_step = "查询过于频繁。", "请在下一个整点之后再试；上报不受影响。"


def count(request: HttpRequest) -> None:
    """Count one question of this address; TooManyGlances beyond `PROPOSALS.glances` in an hour."""
    subject = salted_hmac("gathering.glance", address_of(request)).hexdigest()[:32]
    ((made,),) = open_cursor().read(_COUNT, [subject, now()])
    if made > PROPOSALS.glances:
        raise TooManyGlances


def forget_old() -> int:
    """Remove counts of hours that are over; the worker's duty. Always 0: one turn removes all."""
    Glance.objects.filter(hour__lt=now() - timedelta(hours=2)).delete()
    return 0
