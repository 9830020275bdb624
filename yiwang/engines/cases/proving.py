"""Photos that a step must show: near the place of the case and not older than the step before (R41)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yiwang.engines.cases.store.loading import Running
from yiwang.engines.evidence.api import CONTRADICTED, Wanted, best, judge_one
from yiwang.engines.forms.api import attachments_named
from yiwang.engines.processes.api import GraphNode
from yiwang.kernel.errors import InvalidInput


def with_evidence(case: Running, node: GraphNode, data: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The data of a step with what its photos prove: `{"status", "reasons"}` under the name the definition gives, and
    `"refused"`: {photo: reasons} for those that contradict place or time, which leave the photo field.

    InvalidInput at the photo field when there is no photo, or when every photo contradicts place or time.
    """
    asked = node.raw["evidence"]
    if asked.get("when") and case.graph.feel(asked["when"], case.graph.where(node.key)).value(data) is not True:
        return dict(data)
    ids = [str(one) for one in data.get(asked["photo"]) or ()]
    if not ids:
        raise _refused(asked["photo"], "EVIDENCE_MISSING", "请上传处置后的现场照片。")
    wanted = _wanted(case, asked, at)
    judged = {id: judge_one(one.exif, wanted) for id, one in attachments_named(ids).items()}
    found = best(judged.values())
    if found.status == CONTRADICTED:
        why = "".join(found.reasons) + "请到现场重新拍照。"
        raise _refused(asked["photo"], "EVIDENCE_CONTRADICTED", why)
    refused = {id: "".join(one.reasons) for id, one in judged.items() if one.status == CONTRADICTED}
    told = {"status": found.status, "reasons": list(found.reasons)} | ({"refused": refused} if refused else {})
    kept = [one for one in ids if one not in refused]
    return {**data, asked["photo"]: kept, _result(asked): told}


def refused_photos(node: GraphNode, data: Mapping[str, Any]) -> Mapping[str, str]:
    """The photos a step brought that prove nothing, by id, each with the reason; {} where no proof is asked."""
    asked = node.raw.get("evidence")
    told = data.get(_result(asked)) if asked else None
    refused = told.get("refused") if isinstance(told, Mapping) else None
    return refused if isinstance(refused, Mapping) else {}


def _result(asked: Mapping[str, Any]) -> str:
    return str(asked.get("result") or "evidence")


def _wanted(case: Running, asked: Mapping[str, Any], at: datetime) -> Wanted:
    place = case.state.data.get(asked["near"])
    place = place if isinstance(place, Mapping) else {}
    performed = case.state.memory.get("visited", {}).get(asked["since"])
    since = datetime.fromisoformat(performed[2]) if performed else None
    return Wanted(place.get("longitude"), place.get("latitude"), int(asked.get("metres", 100)), since, at)


def _refused(path: str, code: str, message: str) -> InvalidInput:
    return InvalidInput([{"path": path, "code": code, "message": message}])
