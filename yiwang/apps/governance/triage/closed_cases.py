"""What the district's own closed incidents teach: the words of the report, and the class people settled on."""

from __future__ import annotations

from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.language.api import Sample
from yiwang.engines.worklists.api import every, read_search

INCIDENT = "city_incident.incident"
MOST = 4000
"""Cases one version learns from, the newest: a proposal that keeps training within a few seconds."""
_CHUNK = 200
_SHORTEST = 4


def class_samples(most: int = MOST) -> list[Sample]:
    """(description, official class) of closed incidents that were really handled."""
    search = read_search({"box": "all", "type": INCIDENT, "status": "closed", "sort": "opened"})
    ids = [one.id for one in every(SYSTEM, search, most) if one.outcome == "closed"]
    found: list[Sample] = []
    for start in range(0, len(ids), _CHUNK):
        for case in seen_cases(SYSTEM, ids[start : start + _CHUNK]).values():
            text, code = str(case.state.data.get("description", "")), str(case.state.data.get("class_code") or "")
            if code and len(text) >= _SHORTEST:
                found.append((text, code))
    return found
