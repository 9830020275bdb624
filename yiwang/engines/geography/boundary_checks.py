"""Whether outlines fit together: overlaps, gaps, and what sticks out, measured in square metres. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

TOLERANCE = 100.0
"""Square metres by which neighbours may overlap or leave a gap: slivers of drawing. A proposal of ours."""
NARROW = 1.0
"""Metres: a strip not wider than this is a sliver however long. Five decimals of a degree are as coarse."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees to metres around a latitude (series of the WGS-84 ellipsoid; within 0.1 % over a district)."""

    latitude: float

    @property
    def scale(self) -> NDArray[np.float64]:
        angle = radians(self.latitude)
        east = 111412.84 * cos(angle) - 93.5 * cos(3 * angle) + 0.118 * cos(5 * angle)
        return np.array([east, 111132.954 - 559.822 * cos(2 * angle) + 1.175 * cos(4 * angle)])

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """In metres."""
        scale = self.scale
        result: BaseGeometry = shapely.transform(shape, lambda points: points * scale)
        return result

    def place(self, shape: BaseGeometry) -> str:
        """Where a shape in metres is, as people find it on a map: longitude, latitude."""
        point = shapely.point_on_surface(shape)
        x, y = np.array([point.x, point.y]) / self.scale
        return f"{x:.5f}, {y:.5f}"


def overlaps(shapes: Mapping[str, BaseGeometry]) -> list[tuple[str, str, BaseGeometry]]:
    """(code, code, common ground) of every two shapes (in metres) that share more than slivers."""
    codes, areas = list(shapes), list(shapes.values())
    left, right = shapely.STRtree(areas).query(areas, predicate="intersects")
    found = []
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        if one < other:
            common = shapely.union_all(pieces(shapely.intersection(areas[one], areas[other])))
            if not common.is_empty:
                found.append((codes[one], codes[other], common))
    return found


def pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    """The parts that are no slivers, largest first."""
    parts = [part for part in shapely.get_parts(shape) if part.area > max(TOLERANCE, NARROW * part.length / 2)]
    return sorted(parts, key=lambda part: -float(part.area))


def holes(shape: BaseGeometry) -> list[BaseGeometry]:
    """Ground enclosed by the shape that does not belong to it."""
    rings = [ring for part in shapely.get_parts(shape) for ring in part.interiors]
    return [hole for ring in rings for hole in pieces(shapely.Polygon(ring))]
