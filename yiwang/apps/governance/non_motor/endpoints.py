"""The door for devices: alarms of lifts and charging. An alarm sent again is the same incident."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from yiwang.apps.governance.non_motor.services.alarms import alarmed
from yiwang.engines.directory.api import Actor

router = Router(tags=["non_motor"])


class AlarmIn(Schema):
    """One alarm. `key` is the device platform's own id of it, the same for every try."""

    key: str = Field(min_length=1, max_length=100)
    kind: Literal["lift", "charging", "passage"]
    at: AwareDatetime
    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)
    address: str = Field(min_length=1, max_length=200)


class AlarmOut(Schema):
    """The incident of the alarm; `is_new` is false when the alarm was known."""

    number: str
    is_new: bool


@router.post("/alarms", response=AlarmOut, operation_id="bicycle_alarm", summary="Alarm of an electric bicycle")
def alarm(request: HttpRequest, given: AlarmIn) -> dict[str, Any]:
    """Opens an incident of class E0601 or E0602, once for each key."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    place = (given.longitude, given.latitude, given.address)
    row, is_new = alarmed(actor, given.key, given.kind, given.at, *place)
    return {"number": row.number, "is_new": is_new}
