"""GCJ-02, the shifted coordinates of Chinese web maps, to and from WGS-84. Degrees in, degrees out, arrays welcome.

The shift is a published empirical series on the Krasovsky 1940 ellipsoid; it has no closed inverse, so the way back is
found by iteration (below 1e-9 degrees, a tenth of a millimetre, after a few rounds). Outside China nothing is shifted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Degrees = NDArray[np.float64]
_MAJOR_AXIS = 6378245.0
_SQUARED_ECCENTRICITY = 0.00669342162296594323


def _waves(value: Degrees, *terms: tuple[float, float]) -> Degrees:
    total = np.zeros_like(value)
    for weight, wavelength in terms:
        total += weight * np.sin(value * np.pi / wavelength)
    return total * 2.0 / 3.0


def _shift(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """What GCJ-02 adds to a WGS-84 position, in degrees."""
    x, y = longitude - 105.0, latitude - 35.0
    root = np.sqrt(np.abs(x))
    short = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + short
    north += _waves(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + short
    east += _waves(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    radians = np.radians(latitude)
    bend = 1 - _SQUARED_ECCENTRICITY * np.sin(radians) ** 2
    meridian = _MAJOR_AXIS * (1 - _SQUARED_ECCENTRICITY) / (bend * np.sqrt(bend))
    parallel = _MAJOR_AXIS / np.sqrt(bend) * np.cos(radians)
    inside = (longitude > 72.004) & (longitude < 137.8347) & (latitude > 0.8293) & (latitude < 55.8271)
    return np.where(inside, np.degrees(east / parallel), 0.0), np.where(inside, np.degrees(north / meridian), 0.0)


def to_gcj02(longitude: Any, latitude: Any) -> tuple[Degrees, Degrees]:
    """WGS-84 to GCJ-02."""
    x, y = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    east, north = _shift(x, y)
    return x + east, y + north


def to_wgs84(longitude: Any, latitude: Any) -> tuple[Degrees, Degrees]:
    """GCJ-02 to WGS-84."""
    goal_x, goal_y = np.asarray(longitude, dtype=np.float64), np.asarray(latitude, dtype=np.float64)
    x, y = goal_x, goal_y
    for _ in range(8):
        east, north = _shift(x, y)
        x, y = goal_x - east, goal_y - north
    return x, y


def geometry_to_wgs84(geometry: BaseGeometry) -> BaseGeometry:
    """A GCJ-02 geometry in WGS-84."""

    def convert(points: Degrees) -> Degrees:
        return np.column_stack(to_wgs84(points[:, 0], points[:, 1]))

    return shapely.transform(geometry, convert)
