"""Recording violations and owners, and climbing the ladder: at most one measure for a violation, each step once in its
time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.non_motor.kinds import KINDS, MEASURE, PLATE, RECORD
from yiwang.apps.governance.non_motor.models import Measure, Ownership, Violation
from yiwang.apps.governance.non_motor.rules import Rung, ladder
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import Actor, district_code, keep_party, locate, system_actor
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import CHINA, now
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed

LADDER = system_actor("非机动车整治")
_MEASURES = UUID("5b0d3c9e-6f2e-4f9a-9a37-0f6f8f6b1c11")
_MONTH = 365.25 / 12
STREAM = "non_motor"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A violation as somebody tells it. `owner_number` with `owner_name` names the owner of that day."""

    plate: str
    kind: str
    source: str
    at: datetime
    longitude: float
    latitude: float
    address: str = ""
    reference: str = ""
    owner_name: str = ""
    owner_number: str = ""
    photos: tuple[str, ...] = ()


def plain_plate(text: str) -> str:
    """The plate in one way of writing; InvalidInput when it is none."""
    plate = re.sub(r"[\s·.\-]", "", text).upper()
    if not re.fullmatch(PLATE, plate):
        raise _wrong("plate", gettext("车牌“{plate}”的写法不对。").format(plate=text))
    return plate


def _wrong(path: str, message: str) -> InvalidInput:
    return InvalidInput([{"path": path, "code": "NON_MOTOR", "message": message}], message)


@transaction.atomic
def record(actor: Actor, seen: Seen) -> Violation:
    """Keep a violation and take the step it reaches. The same reference of a source again is the same violation.

    InvalidInput for a plate, an instant or a place that cannot be; NotAllowed outside the actor's divisions.
    """
    plate = plain_plate(seen.plate)
    cell = cell_of(actor, RECORD, seen.at, seen.longitude, seen.latitude)
    known = _known(seen)
    if known is not None:
        return known
    if seen.owner_name and seen.owner_number:
        told_owner(actor, plate, seen.owner_name, seen.owner_number, seen.at.astimezone(CHINA).date(), cell)
    owner = owner_on(plate, seen.at.astimezone(CHINA).date())
    row = Violation.objects.create(
        plate=plate, offender=f"o:{owner.party_id}" if owner else f"p:{plate}", kind=seen.kind, at=seen.at,
        name_masked=owner.name_masked if owner else "", longitude=seen.longitude, latitude=seen.latitude,
        address=seen.address[:200], division=cell, source=seen.source, reference=seen.reference,
        photos=list(seen.photos), by=actor.name, recorded_at=now(),
    )  # fmt: skip
    facts = {"violation": row.pk, "kind": row.kind, "source": row.source, "reference": row.reference, "at": row.at}
    append(STREAM, "non_motor.violation", facts, actor=actor, division=cell)
    climb(row)
    return row


def cell_of(actor: Actor, verb: str, at: datetime, longitude: float, latitude: float) -> str:
    """Where something happened that the actor may enter; InvalidInput for what cannot be, NotAllowed elsewhere."""
    if at > now() + timedelta(minutes=5):
        raise _wrong("at", gettext("时间在将来，请核对。"))
    cell = locate(longitude, latitude)
    if cell is None or not cell.startswith(district_code()):
        raise _wrong("place", gettext("地点不在本区。"))
    if not actor.may(verb, cell):
        raise NotAllowed(next_step=gettext("请由所在镇街登记。"))
    return cell


def _known(seen: Seen) -> Violation | None:
    if not seen.reference:
        return None
    return Violation.objects.filter(source=seen.source, reference=seen.reference).first()


def owner_on(plate: str, on: date) -> Ownership | None:
    """Whose bicycle a plate was on a day."""
    rows = Ownership.objects.filter(plate=plate, from_on__lte=on).order_by("-from_on")
    return next((row for row in rows if row.to_on is None or row.to_on > on), None)


@transaction.atomic
def told_owner(actor: Actor, plate: str, name: str, number: str, on: date, division: str = "") -> Ownership:
    """The owner of a plate from a day on; who owned it before does so until the day before. A day before the first
    that is known of the same owner is where it begins now. Conflict when somebody else is known to follow already."""
    person = keep_party(actor, kind="person", name=name, id_number=number, division=division[:12])
    present = owner_on(plate, on)
    if present is not None and present.party_id == person.pk:
        return present
    following = Ownership.objects.filter(plate=plate, from_on__gte=on).order_by("from_on").first()
    if following is not None and (present is not None or following.party_id != person.pk):
        raise Conflict(
            gettext("{plate} 在这一天以后已登记过车主。").format(plate=plate),
            next_step=gettext("请核对车主和日期。"),
        )
    facts = {"plate": plate, "party": person.pk, "from": on}
    append(STREAM, "non_motor.owner", facts, actor=actor, division=division[:12])
    if following is not None:
        following.from_on = on
        following.save(update_fields=["from_on"])
        return following
    Ownership.objects.filter(plate=plate, to_on=None).update(to_on=on)
    return Ownership.objects.create(plate=plate, party_id=person.pk, name_masked=hidden(name), from_on=on)


def hidden(name: str) -> str:
    """The family name alone: lists show no more of a person."""
    return f"{name.strip()[:1]}**" if name.strip() else ""


def climb(row: Violation) -> Measure | None:
    """The gravest step this violation reaches and that was not taken within its months; None when there is none.

    Violations of one offender queue here, so two at once never take the same step twice.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [row.offender])
    for rung in ladder(row.at.astimezone(CHINA).date()):
        since = row.at - timedelta(days=rung.months * _MONTH)
        counted = Violation.objects.filter(offender=row.offender, at__gt=since, at__lte=row.at).count()
        if counted < rung.nth:
            continue
        if Measure.objects.filter(offender=row.offender, step=rung.step, at__gt=since).exists():
            return None
        return _opened(row, rung, counted)
    return None


def _opened(row: Violation, rung: Rung, counted: int) -> Measure:
    case = open_case(LADDER, MEASURE, _notice(row, rung, counted), id=uuid5(_MEASURES, str(row.pk)))
    return Measure.objects.create(
        case_id=case.id,
        number=case.number,
        offender=row.offender,
        step=rung.step,
        nth=counted,
        violation=row,
        at=row.at,
    )


def _notice(row: Violation, rung: Rung, counted: int) -> Mapping[str, Any]:
    place = {"longitude": row.longitude, "latitude": row.latitude, "address": row.address or row.plate}
    when = f"{row.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    who = row.name_masked or "车主未登记"
    return {
        "step": rung.step, "plate": row.plate, "nth": counted, "place": place, "offender": row.offender,
        "violation": str(row.pk),
        "summary": f"{rung.months} 个月内第 {counted} 次，最近一次 {when} {KINDS[row.kind]}（{who}）",
    }  # fmt: skip
