"""Alarms of devices: a bicycle in a lift, a battery charged indoors. Each becomes an incident, once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.non_motor.kinds import ALARM, ALARMS, INCIDENT
from yiwang.apps.governance.non_motor.models import Alarm
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import Actor, locate, system_actor
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import InvalidInput, NotAllowed

SENSOR = system_actor("电动车感知设备")
_INCIDENTS = UUID("c9f6a3c4-36bb-4a0c-8a2e-7d8a1a5a9a02")


@transaction.atomic
def alarmed(
    actor: Actor, key: str, kind: str, at: datetime, longitude: float, latitude: float, address: str
) -> tuple[Alarm, bool]:
    """The incident of an alarm, and whether it is new. The same key again, even at the same moment, is the same one."""
    cell = locate(longitude, latitude)
    if kind not in ALARMS or cell is None:
        message = gettext("没有这种报警，或地点不在本区。")
        raise InvalidInput([{"path": "kind", "code": "ALARM", "message": message}], message)
    if not actor.may(ALARM, cell):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [key])
    known = Alarm.objects.filter(pk=key).first()
    if known is not None:
        return known, False
    title, class_code = ALARMS[kind]
    description = f"{title}：{address}，{at.astimezone(CHINA):%m-%d %H:%M}。"
    place = {"longitude": longitude, "latitude": latitude, "address": address}
    data = {"category": "other", "description": description[:500], "place": place, "class_code": class_code,
            "source": "sensor", "origin": key}  # fmt: skip
    case = open_case(SENSOR, INCIDENT, data, id=uuid5(_INCIDENTS, key))
    row = Alarm.objects.create(key=key, kind=kind, at=at, division=cell, case_id=case.id, number=case.number)
    return row, True
