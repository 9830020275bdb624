"""Whether a village's cells cover it: what two share, what none has, what lies beyond, each in square metres. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.engines.geography.api import Plane, overlaps, pieces


@dataclass(frozen=True, slots=True)
class Flaw:
    """One piece of ground: "overlap", "gap" or "beyond", the cells concerned, its size and shape in degrees."""

    kind: str
    codes: tuple[str, ...]
    square_metres: float
    shape: BaseGeometry
    place: str


@dataclass(slots=True)
class CellCheck:
    """The outcome; `areas` in square metres by cell. Slivers of drawing are no flaws (`geography.boundary_checks`)."""

    areas: dict[str, float] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    village_area: float = 0.0

    @property
    def is_whole(self) -> bool:
        return not self.flaws


def check_cells(village: BaseGeometry, cells: Mapping[str, BaseGeometry]) -> CellCheck:
    """Compare the cells (WGS-84) with each other and with the village they divide."""
    plane = Plane(float(shapely.centroid(village).y))
    whole = plane.flat(village)
    flat = {code: plane.flat(shape) for code, shape in cells.items()}
    found = CellCheck({code: float(shape.area) for code, shape in flat.items()}, [], float(whole.area))
    for one, other, common in overlaps(flat):
        found.flaws.append(_flaw(plane, "overlap", (one, other), common))
    union = shapely.union_all(list(flat.values()))
    found.flaws += [_flaw(plane, "gap", (), piece) for piece in pieces(shapely.difference(whole, union))]
    for code, shape in flat.items():
        for piece in pieces(shapely.difference(shape, whole)):
            found.flaws.append(_flaw(plane, "beyond", (code,), piece))
    return found


def _flaw(plane: Plane, kind: str, codes: tuple[str, ...], shape: BaseGeometry) -> Flaw:
    degrees = shapely.transform(shape, lambda points: points / plane.scale)
    return Flaw(kind, codes, float(shape.area), degrees, plane.place(shape))
