"""Cells: their outlines, leads, places and people, and whether a village's cells cover it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import orjson
import shapely
from django.db.models import Count, Sum
from shapely.geometry.base import BaseGeometry

from yiwang.apps.governance.patrol import ledger
from yiwang.apps.governance.patrol.cell_check import CellCheck, check_cells
from yiwang.apps.governance.patrol.kinds import PLACE_KINDS
from yiwang.apps.governance.patrol.models import CellLead, VisitedPlace
from yiwang.apps.governance.patrol.selectors.scoping import SUPERVISE, require
from yiwang.engines.directory.api import Actor, children, division, divisions_geojson, person_names
from yiwang.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class CellFacts:
    """One cell as its village's page shows it; `people` by the last visits that counted them."""

    code: str
    name: str
    lead: str
    places: int
    people: int
    square_metres: float


@lru_cache(maxsize=512)
def _shapes(collection: bytes) -> dict[str, BaseGeometry]:
    features = orjson.loads(collection)["features"]
    shapes = {one["id"]: shapely.from_geojson(orjson.dumps(one["geometry"])) for one in features}
    shapely.prepare(list(shapes.values()))
    return shapes


def outlines(level: str, within: str) -> dict[str, BaseGeometry]:
    """Outlines (WGS-84, to about a metre) of a level inside a division, by code; kept until they change."""
    return _shapes(divisions_geojson(level, within))


def outline_of(cell: str) -> BaseGeometry | None:
    """The outline of one cell; None when it has none."""
    return outlines("cell", cell[:12]).get(cell)


def leads_of(cells: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(user id, name) of the lead of each cell that has one."""
    pairs = dict(CellLead.objects.filter(cell__in=list(cells), to_on=None).values_list("cell", "user_id"))
    names = person_names(set(pairs.values()))
    return {cell: (user, names.get(user, "")) for cell, user in pairs.items()}


def village_check(actor: Actor, village: str) -> CellCheck:
    """Compare a village's cells with each other and with the village. NotFound outside the actor's reach."""
    known = division(village)
    if known is None or known.level != "village":
        raise NotFound
    require(actor, SUPERVISE, village)
    whole = outlines("village", village).get(village)
    return check_cells(whole, outlines("cell", village)) if whole is not None else CellCheck()


def cells_of(actor: Actor, village: str, check: CellCheck) -> list[CellFacts]:
    """The cells of a village with lead, places and people."""
    require(actor, SUPERVISE, village)
    known = children(village)
    leads = leads_of(cell.code for cell in known)
    counted = VisitedPlace.objects.filter(cell__startswith=village, closed_on=None).values("cell")
    rows = counted.annotate(places=Count("id"), inside=Sum("people")).values_list("cell", "places", "inside")
    counts = {cell: (places, inside or 0) for cell, places, inside in rows}
    return [
        CellFacts(
            cell.code, cell.name, leads.get(cell.code, (0, ""))[1], *counts.get(cell.code, (0, 0)),
            check.areas.get(cell.code, 0.0),
        )
        for cell in known
    ]  # fmt: skip


def history_faults(actor: Actor, village: str) -> list[str]:
    """What in a village's visits is not as its history vouches for; [] when all is well."""
    require(actor, SUPERVISE, village)
    return ledger.faults_in(village)


def kinds_in(actor: Actor, cell: str) -> list[tuple[str, int]]:
    """(kind, how many) of the places of a cell."""
    require(actor, SUPERVISE, cell)
    rows = VisitedPlace.objects.filter(cell=cell, closed_on=None).values_list("kind")
    counts = dict(rows.annotate(count=Count("id")))
    return [(kind, counts[kind]) for kind in PLACE_KINDS if kind in counts]
