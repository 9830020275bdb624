"""Real values for the addresses of triage."""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.triage.services.transferring import Told, transfer
from yiwang.engines.directory.api import SYSTEM


def objects_of(case: Any) -> dict[str, Any]:
    """A transfer beside the case, in the case's town."""
    place = {"longitude": 112.9, "latitude": 23.0, "address": "狮山大道1号"}
    told = Told(target="110", text="市场门口有人打架", place=place, phone="13800000000", caller_name="陈先生")
    return {"transfer_id": transfer(SYSTEM, told).pk}
