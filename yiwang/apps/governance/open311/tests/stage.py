"""Real values for the parameters of the interface's addresses."""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.open311.reporting import read_report
from yiwang.apps.governance.open311.services.importing import import_services
from yiwang.apps.governance.open311.services.keys import make_key
from yiwang.apps.governance.open311.services.submitting import submit
from yiwang.engines.directory.api import SYSTEM

LIST = b'[{"service_code": "26", "service_name": "Debris", "metadata": false}]'


def objects_of(case: Any) -> dict[str, Any]:
    """A key, a report on each endpoint, an import."""
    key, _ = make_key(SYSTEM, "契约测试", "值班室", per_minute=1000)
    found: dict[str, Any] = {"format": "json", "service_code": "manhole", "open311:withdraw.key_id": key.pk}
    for space, is_test in (("open311:", False), ("open311:test_", True)):
        report = read_report(
            {"service_code": "other", "lat": "23.0", "long": "112.9", "description": "长椅坏了"}, {}, ()
        )
        answer, _ = submit(key, report, "", is_test=is_test)
        found[f"{space}request.service_request_id"] = answer["service_request_id"]
        found[f"{space}token.token"] = key.submission_set.get(is_test=is_test).pk.hex
    row = import_services(SYSTEM, [("list.json", LIST)], is_trial=True)
    return found | {"open311:import_report.import_id": row.pk}
