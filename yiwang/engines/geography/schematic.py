"""Schematic towns, villages and grid cells: an outline divided so that nothing overlaps and nothing is left out.

Each level is a Voronoi partition of the one above. All dividing lines are then noded together on a grid of 1e-7
degrees, so that neighbours share their vertices exactly and every level is a true coverage of the outline.
Deterministic: the same outline and codes give the same map. No database.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPoint
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
Children = Callable[[str, BaseGeometry], Sequence[str]]
"""Codes inside a division, given its code and its outline in kilometres; empty for a leaf."""

_GRID = 1e-7
_CANDIDATES = 24
KILOMETRES_PER_DEGREE = 111.32


def divide(
    code: str, outline: BaseGeometry, children: Children, places: Mapping[str, tuple[float, float]]
) -> dict[str, BaseGeometry]:
    """Outlines (WGS-84) of `code` and everything below it, by code.

    `places` gives known positions by code; a child with one lying inside its parent gets its seed there.
    """
    squeeze = math.cos(math.radians(outline.centroid.y))

    def scaled(points: Points) -> Points:
        return points * (squeeze, 1.0)

    known = {key: (x * squeeze, y) for key, (x, y) in places.items()}
    leaves = dict(_leaves(code, shapely.transform(outline, scaled), children, known))
    faces = _faces(list(leaves.values()))
    parts = _assign(faces, leaves)
    flat = {key: shapely.transform(face, lambda points: points / (squeeze, 1.0)) for key, face in parts.items()}
    return _with_parents(code, flat)


def _leaves(
    code: str, outline: BaseGeometry, children: Children, places: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[str, BaseGeometry]]:
    codes = children(code, outline)
    if not codes:
        yield code, outline
        return
    seeds = place_seeds(codes, outline, places)
    for child, area in zip(codes, _voronoi(seeds, outline), strict=True):
        yield from _leaves(child, area, children, places)


def square_kilometres(outline: BaseGeometry) -> float:
    """Area of an outline given in the scaled degrees of `divide`."""
    return float(outline.area) * KILOMETRES_PER_DEGREE**2


def place_seeds(codes: Sequence[str], outline: BaseGeometry, places: Mapping[str, tuple[float, float]]) -> Points:
    """A seed for each code inside the outline: its known place, else the free spot farthest from all seeds so far."""
    candidates = _candidates(outline, max(len(codes) * _CANDIDATES, 64), zlib.crc32(codes[0].encode()))
    shapely.prepare(outline)
    seeds: dict[str, NDArray[np.float64]] = {}
    for code in codes:
        place = places.get(code)
        taken = place is not None and any(np.allclose(place, seed) for seed in seeds.values())
        if place is not None and not taken and outline.contains(shapely.Point(place)):
            seeds[code] = np.array(place)
    distance = np.full(len(candidates), np.inf)
    for seed in seeds.values():
        distance = np.minimum(distance, np.hypot(*(candidates - seed).T))
    for code in codes:
        if code not in seeds:
            # The first seed of an empty outline would be far from nothing: start near the middle.
            at = int(np.argmax(distance)) if seeds else _middle(candidates, outline)
            seeds[code] = candidates[at]
            distance = np.minimum(distance, np.hypot(*(candidates - candidates[at]).T))
    return np.array([seeds[code] for code in codes])


def _middle(candidates: Points, outline: BaseGeometry) -> int:
    centre = outline.representative_point()
    return int(np.argmin(np.hypot(*(candidates - (centre.x, centre.y)).T)))


def _candidates(outline: BaseGeometry, count: int, start: int) -> Points:
    """`count` points spread evenly inside the outline (a Halton sequence, begun at a place the code decides)."""
    west, south, east, north = outline.bounds
    found: list[Points] = []
    total, index = 0, start % 4096
    while total < count:
        steps = np.arange(index, index + 4 * count)
        x, y = west + (east - west) * _halton(steps, 2), south + (north - south) * _halton(steps, 3)
        inside = shapely.contains_xy(outline, x, y)
        found.append(np.column_stack((x, y))[inside])
        total, index = total + int(inside.sum()), index + 4 * count
    return np.concatenate(found)[:count]


def _halton(index: NDArray[np.int64], base: int) -> NDArray[np.float64]:
    result, fraction, rest = np.zeros(len(index)), 1.0, index + 1
    while rest.any():
        fraction /= base
        result += fraction * (rest % base)
        rest = rest // base
    return result


def _voronoi(seeds: Points, outline: BaseGeometry) -> list[BaseGeometry]:
    """The part of the outline nearest to each seed, in the order of the seeds."""
    if len(seeds) == 1:
        return [outline]
    cells = shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline, ordered=True)
    return [_polygonal(shapely.intersection(cell, outline)) for cell in cells.geoms]


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _faces(areas: list[BaseGeometry]) -> list[BaseGeometry]:
    """All areas cut along all their lines at once: faces that share vertices exactly."""
    lines = shapely.union_all(shapely.boundary(np.array(areas)), grid_size=_GRID)
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))))


def _assign(faces: list[BaseGeometry], leaves: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Each face to the leaf it lies in; faces in a hole of the outline lie in none and fall away."""
    codes, tree = list(leaves), shapely.STRtree(list(leaves.values()))
    points = shapely.point_on_surface(np.array(faces))
    found, owners = tree.query(points, predicate="intersects")
    groups: dict[str, list[BaseGeometry]] = {code: [] for code in codes}
    for face, owner in dict(zip(found.tolist(), owners.tolist(), strict=True)).items():
        groups[codes[owner]].append(faces[face])
    return {code: shapely.coverage_union_all(parts) for code, parts in groups.items() if parts}


def _with_parents(top: str, leaves: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """The leaves and, above them, the union of whatever shares a prefix, up to `top`."""
    result = dict(leaves)
    for length in (12, 9, 6):
        if length < len(top):
            break
        groups: dict[str, list[BaseGeometry]] = {}
        for code, area in leaves.items():
            if len(code) > length:
                groups.setdefault(code[:length], []).append(area)
        result.update({code: shapely.coverage_union_all(areas) for code, areas in groups.items()})
    return {code: _polygonal(area) for code, area in result.items()}
