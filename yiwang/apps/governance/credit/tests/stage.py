"""What stands for the parameters of credit's addresses in the cross-cutting tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.small_district import HERE


def objects_of(case: Any) -> dict[str, Any]:
    """An office with an entry of the case, and a published month."""
    from yiwang.apps.governance.credit.models import Entry, Subject
    from yiwang.apps.governance.credit.services.building import BUILDER
    from yiwang.apps.governance.credit.services.ledger import New, append
    from yiwang.apps.governance.credit.services.months import freeze_month
    from yiwang.engines.directory.api import SYSTEM, organisation_for
    from yiwang.kernel.clock import now

    office = Subject.objects.get(kind="department", key=str(organisation_for(HERE, "water")))
    append(BUILDER, [New(office.pk, "late", "stage", now(), "case", case.id, case.number, "handle")])
    freeze_month(SYSTEM, date(2021, 1, 1))
    return {
        "subject_id": office.pk, "credit:month.month": "2021-01",
        "entry_id": Entry.objects.get(source="stage").pk,
    }  # fmt: skip
