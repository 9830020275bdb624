"""What an inspector meets becomes an incident of the urban desk: from a serious finding, or reported on the way.

The link is text (`INCIDENT`), and only what that kind of case asks for is told to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol
from uuid import UUID

from django.utils.translation import gettext

from yiwang.apps.governance.patrol.check_in import Instant
from yiwang.apps.governance.patrol.kinds import HAZARDS, INCIDENT_CLASS
from yiwang.apps.governance.patrol.models import Visit, VisitedPlace
from yiwang.engines.cases.api import graph_of, open_case, published
from yiwang.engines.directory.api import Actor
from yiwang.engines.forms.api import form_from_json
from yiwang.engines.forms.spec import Choice, Form
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import Unavailable

INCIDENT = "city_incident.incident"


class Met(Protocol):
    """What an incident needs of a report (`reports.Report`)."""

    @property
    def key(self) -> UUID: ...
    @property
    def longitude(self) -> float: ...
    @property
    def latitude(self) -> float: ...
    @property
    def form(self) -> Mapping[str, Any]: ...


@lru_cache(maxsize=8)
def _form_of(version: UUID) -> Form:
    graph = graph_of(version)
    return form_from_json(graph.bundle["forms"][graph.nodes[graph.start].raw["form"]])


def _start_form() -> Form:
    """The form that opens an incident, of the published definition."""
    version = published().get(INCIDENT)
    if version is None:
        raise Unavailable(gettext("事件处置系统尚未启用，记录没有保存。"))
    return _form_of(version)


def incident_classes() -> list[tuple[str, str]]:
    """(key, title) of the everyday classes an inspector may choose from."""
    field = _start_form().by_key.get("category")
    return [(one.key, gettext(one.title)) for one in field.listed] if isinstance(field, Choice) else []


def _open(actor: Actor, case_id: UUID, data: Mapping[str, Any]) -> str:
    known = {*_start_form().by_key, *graph_of(published()[INCIDENT]).bundle.get("facts", ())}
    case = open_case(actor, INCIDENT, {key: value for key, value in data.items() if key in known}, id=case_id)
    return case.number


def open_incident(actor: Actor, case_id: UUID, place: VisitedPlace, row: Visit) -> str:
    """A serious finding goes to the desk with the visit's photos, once: the case's id follows from the visit's."""
    hazards = [str(one) for one in row.form.get("hazards", ())]
    words = "、".join(HAZARDS[one] for one in hazards)
    note = str(row.form.get("note", ""))
    text = f"巡查发现重大隐患：{place.name}，{words}。{note}限{row.rectify_by}前整改。"
    spot = {
        "longitude": place.longitude, "latitude": place.latitude, "address": place.address or place.name,
    }  # fmt: skip
    data = {
        "category": next((INCIDENT_CLASS[one] for one in hazards if one in INCIDENT_CLASS), "other"),
        "description": text[:500], "place": spot, "before": list(row.form.get("photos", ())), "source": "patrol",
        "origin": str(row.id),
    }  # fmt: skip
    return _open(actor, case_id, data)


def report_incident(actor: Actor, met: Met, instant: Instant) -> dict[str, Any]:
    """随手拍: met on the way. Its clock runs from now; when it was seen stands in the text if that is long ago."""
    seen = instant.at.astimezone(CHINA)
    late = gettext("（{time}现场拍摄，离线补传）").format(time=f"{seen:%m-%d %H:%M}") if instant.is_late else ""
    address = str(met.form.get("address", ""))[:200]
    data = {
        "category": met.form.get("category"),
        "description": f"{met.form.get('description', '')}{late}",
        "place": {"longitude": met.longitude, "latitude": met.latitude, **({"address": address} if address else {})},
        "before": list(met.form.get("photos", ())), "source": "inspector", "origin": str(met.key),
    }  # fmt: skip
    number = _open(actor, met.key, data)
    return {"state": "accepted", "message": "", "records": [], "number": number, "is_late": instant.is_late}
