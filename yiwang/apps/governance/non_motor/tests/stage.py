"""What stands for the parameters of the addresses of electric bicycles in the cross-cutting tests."""

from __future__ import annotations

from typing import Any

from tests.small_district import HERE


def objects_of(case: Any) -> dict[str, Any]:
    """A violation of the first town."""
    from yiwang.apps.governance.non_motor.models import Violation

    row = Violation.objects.filter(division__startswith=HERE).first()
    assert row is not None
    return {"violation_id": row.pk}
