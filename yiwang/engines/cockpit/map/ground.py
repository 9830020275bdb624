"""The ground under the points: outlines of the divisions from the directory, no tile from outside."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import orjson
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory.api import district_code, divisions_geojson, minimal_prefixes
from yiwang.engines.worklists.api import Sight

_TOWN_LENGTH = 9
_COARSE = 0.0008
"""Degrees, some eighty metres: finer than a wall shows."""


class Part(NamedTuple):
    """A division of the ground, its outline in degrees, thinned for a screen."""

    code: str
    name: str
    outline: BaseGeometry


class Ground(NamedTuple):
    """Parts and the box around them (west, south, east, north), None without outlines."""

    parts: tuple[Part, ...]
    box: tuple[float, float, float, float] | None
    is_schematic: bool


def prefix_of(reach: Sight) -> str:
    """The division whose ground a reach is shown on: its town when there is one only, else the district."""
    prefixes = minimal_prefixes(prefix for prefix, _, _ in reach.rows)
    is_town = len(prefixes) == 1 and len(prefixes[0]) >= _TOWN_LENGTH
    return prefixes[0][:_TOWN_LENGTH] if is_town else district_code()


def ground(prefix: str) -> Ground:
    """Towns of a district, villages of a town."""
    return _read(divisions_geojson("village" if len(prefix) >= _TOWN_LENGTH else "town", prefix))


@lru_cache(maxsize=64)
def _read(content: bytes) -> Ground:
    features = orjson.loads(content)["features"]
    parts = tuple(
        Part(one["id"], one["properties"]["name"], shapely.simplify(shape(one["geometry"]), _COARSE))
        for one in features
    )
    box = tuple(map(float, shapely.total_bounds([part.outline for part in parts]))) if parts else None
    return Ground(parts, box, any(one["properties"]["schematic"] for one in features))  # type: ignore[arg-type]
