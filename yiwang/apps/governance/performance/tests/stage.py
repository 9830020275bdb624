"""What stands for the parameters of the statistics' addresses in the cross-cutting tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.small_district import DISTRICT


def objects_of(case: Any) -> dict[str, Any]:
    """Facts of the day, a frozen month, and the supervisor of the stage who assesses as well."""
    from django.apps import apps

    from yiwang.apps.governance.performance.pages.asked import KEYS
    from yiwang.apps.governance.performance.pages.freezing import GROUPS, SHEET
    from yiwang.engines.cockpit.api import freeze, read_period
    from yiwang.engines.datahub.api import refresh
    from yiwang.engines.directory.api import SYSTEM, User

    refresh()
    post = apps.get_model("directory.Post").objects.get(role="performance.assessor", division_id=DISTRICT)
    apps.get_model("directory.Posting").objects.create(
        user=User.objects.get(username=f"{DISTRICT}-supervisor"), post=post, from_on=date(2021, 1, 1)
    )
    frozen = freeze(SYSTEM, SHEET, tuple(KEYS.values()), GROUPS, read_period("month:2021-01-01"))
    return {"indicator": "reported", "performance:frozen.period": frozen.period.code}
