"""Real values for the addresses of intake."""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.sources import REFUSED
from yiwang.kernel.clock import now


def objects_of(case: Any) -> dict[str, Any]:
    """A report in the case's town."""
    row = Arrival.objects.create(
        channel="sensor", key=f"api:0:{case.pk}", body_hash="", state=REFUSED, title="泵站告警", division=case.area,
        by="pump-7", at=now(),
    )  # fmt: skip
    return {"arrival_id": row.pk}
