"""The register of places to visit: enter one, close one."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.kinds import PLACE_KINDS, RISKS
from yiwang.apps.governance.patrol.models import VisitedPlace
from yiwang.apps.governance.patrol.refusals import invalid
from yiwang.engines.directory.api import Actor, locate, today
from yiwang.engines.trust.api import append
from yiwang.kernel.errors import NotAllowed, NotFound

CELL_LENGTH = 16


def register_place(
    actor: Actor, *, kind: str, risk: str, name: str, address: str, longitude: float, latitude: float
) -> VisitedPlace:
    """Enter a place; its cell follows from the point, and a point in no cell is refused, never guessed."""
    if kind not in PLACE_KINDS or risk not in RISKS:
        invalid("kind", "NO_SUCH_OPTION", gettext("没有这个场所类别或风险等级，请从列表中重新选择。"))
    if not name.strip():
        invalid("name", "REQUIRED", gettext("请填写场所名称。"))
    cell = locate(longitude, latitude) or ""
    if len(cell) != CELL_LENGTH:
        invalid("longitude", "NO_CELL", gettext("这个点不在任何网格内，请核对坐标，或先完善网格划分。"))
    if not actor.may("supervise", cell):
        raise NotAllowed
    on = today()
    with transaction.atomic():
        place = VisitedPlace.objects.create(
            kind=kind, risk=risk, name=name.strip()[:120], address=address.strip()[:200], longitude=longitude,
            latitude=latitude, cell=cell, registered_on=on, due_on=on,
        )  # fmt: skip
        facts = {"place": str(place.id), "kind": kind, "risk": risk, "name": place.name}
        append(f"patrol/cell/{cell}", "patrol.place.registered", facts, actor=actor, division=cell)
    return place


@transaction.atomic
def close_place(actor: Actor, place_id: UUID, reason: str) -> None:
    """The place is visited no more from today on; its visits stay."""
    place = VisitedPlace.objects.select_for_update().filter(pk=place_id, closed_on=None).first()
    if place is None or not actor.may("supervise", place.cell):
        raise NotFound
    place.closed_on = today()
    place.save(update_fields=["closed_on"])
    facts = {"place": str(place.id), "reason": reason.strip()[:200]}
    append(f"patrol/cell/{place.cell}", "patrol.place.closed", facts, actor=actor, division=place.cell)
