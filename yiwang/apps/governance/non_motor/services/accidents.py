"""Accidents as the police list them: one for each number of theirs, for the comparison of hot spots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yiwang.apps.governance.non_motor.kinds import IMPORT
from yiwang.apps.governance.non_motor.models import Accident
from yiwang.apps.governance.non_motor.services.violations import STREAM, cell_of
from yiwang.engines.directory.api import Actor
from yiwang.engines.trust.api import append


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An accident as somebody tells it; `reference` is its number at the police."""

    reference: str
    at: datetime
    longitude: float
    latitude: float
    severity: str
    hurt: int = 0


@transaction.atomic
def record_accident(actor: Actor, told: Happened) -> tuple[Accident, bool]:
    """The accident of a reference, and whether it is new. InvalidInput, NotAllowed as for violations."""
    cell = cell_of(actor, IMPORT, told.at, told.longitude, told.latitude)
    row, is_new = Accident.objects.get_or_create(
        reference=told.reference,
        defaults={
            "at": told.at, "longitude": told.longitude, "latitude": told.latitude, "division": cell,
            "severity": told.severity, "hurt": told.hurt,
        },
    )  # fmt: skip
    if is_new:
        facts = {"accident": row.pk, "reference": row.reference, "severity": row.severity, "at": row.at}
        append(STREAM, "non_motor.accident", facts, actor=actor, division=cell)
    return row, is_new
