"""Whether somebody was there, and then: the point inside the cell, the hour inside the window, the phone's clock.

Pure. The figures are proposals of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.engines.geography.api import Plane

LARGEST_TOLERANCE = 100.0
"""Metres a point may lie outside the cell at most, whatever inaccuracy the phone claims."""
LEAST_TOLERANCE = 15.0
"""Metres granted even to a phone that claims to know better."""
LATE = timedelta(hours=24)
OLDEST = timedelta(days=30)
FARTHEST = timedelta(days=36_500)
"""A phone that lost its clock begins in 1970; what is farther off than this is no date at all."""
SKEW = timedelta(minutes=2)
"""A phone whose clock is off by less is believed."""


@dataclass(frozen=True, slots=True)
class Instant:
    """When something happened: the phone's word, the corrected instant, by how many seconds the phone was off."""

    said_at: datetime
    at: datetime
    skew: int
    is_late: bool


def settled(taken_at: datetime, sent_at: datetime, received_at: datetime) -> Instant:
    """The instant by the server's clock: the phone's clock at sending tells by how much it is off. All aware.

    What would lie in the future after that is taken as now.
    """
    skew = received_at - sent_at
    shift = skew if abs(skew) > SKEW else timedelta(0)
    at = min(taken_at + shift, received_at)
    return Instant(taken_at, at, round(shift.total_seconds()), received_at - at > LATE)


def metres_outside(outline: BaseGeometry, longitude: float, latitude: float) -> float:
    """How far a WGS-84 point lies outside an outline; 0 inside."""
    point = shapely.Point(longitude, latitude)
    if shapely.intersects(outline, point):
        return 0.0
    plane = _plane(round(latitude, 1))
    return float(shapely.distance(plane.flat(outline), plane.flat(point)))


@lru_cache(maxsize=32)
def _plane(latitude: float) -> Plane:
    return Plane(latitude)


def tolerance(accuracy: float | None) -> float:
    """Metres granted to a reading of this accuracy (metres; None when the phone gave none)."""
    return min(max(accuracy or 0.0, LEAST_TOLERANCE), LARGEST_TOLERANCE)
