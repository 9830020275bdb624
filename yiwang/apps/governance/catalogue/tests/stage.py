"""Real values for the addresses of the catalogue."""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.catalogue.importing import import_classes
from yiwang.apps.governance.catalogue.ledger.services import add_component
from yiwang.apps.governance.catalogue.limit_reading import Choices
from yiwang.engines.directory.api import SYSTEM

LINES = "小类代码,小类名称,立案条件,处置时限\n0101,暴露垃圾,成堆,4工作时\n0102,积存渣土,成堆,尽快\n"


def objects_of(case: Any) -> dict[str, Any]:
    """A component beside the case, and the report of an import."""
    row = add_component(SYSTEM, "C0103", 112.9, 23.0)
    found = import_classes(SYSTEM, LINES.encode(), "事件.csv", Choices(), is_trial=True)
    return {"class_code": "C0101", "component_code": row.code, "import_id": found.pk}
