"""What stands for the parameters of the patrol's addresses in the cross-cutting tests."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.small_district import HERE


def objects_of(case: Any) -> dict[str, Any]:
    """A village and a cell of the first town, a place in it, a visit of it, and a miss to judge."""
    from yiwang.apps.governance.patrol.models import PatrolRecord, PossibleMiss, Visit, VisitedPlace
    from yiwang.kernel.clock import now

    cell = f"{HERE}0010001"
    place = VisitedPlace.objects.filter(cell=cell).first()
    assert place is not None
    visit = Visit.objects.create(
        id=uuid4(), place=place, cell=cell, inspector="甲", status="done", taken_at=now(), said_at=now(), received_at=now(),
        longitude=place.longitude, latitude=place.latitude, form={"kind": place.kind, "presence": "closed"}, digest=bytes(32),
    )  # fmt: skip
    PatrolRecord.objects.create(visit=visit, system="fire", cell=cell, at=now(), content={"unit_name": place.name})
    miss = PossibleMiss.objects.create(
        case_id=case.id, case_number=case.number, cell=cell, visit=visit, reported_at=now()
    )
    return {
        "village": cell[:12], "cell": cell, "place_id": place.pk, "visit_id": visit.pk, "miss_id": miss.pk, "system": "fire",
    }  # fmt: skip
