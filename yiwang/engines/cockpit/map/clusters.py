"""Points of a view gathered into marks: cells of a fixed net over the world, so that marks stay when the map moves.

Exact: every case in the view is in one mark, and no other is.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yiwang.engines.cockpit.map.choosing import SUSPENDED, Box, Mask
from yiwang.engines.cockpit.map.columns import Columns
from yiwang.engines.cockpit.map.statements import WIDTH_BITS, WORLD

LARGEST_ZOOM = 20.0
_CELLS_A_TILE_BITS = 3
"""The map draws a tile 512 pixels wide: 8 cells of 64 pixels, a finger and its gap."""
_MOST_CELLS = 4096


Found = npt.NDArray[np.int64]
"""Cases by their places in the columns."""


class Mark(NamedTuple):
    """Cases of one cell: their middle in degrees, how many, how many of them late; `place` of the only one, else -1."""

    longitude: float
    latitude: float
    cases: int
    late: int
    place: int


def box_of(west: float, south: float, east: float, north: float) -> Box:
    """A box of degrees (WGS-84) in whole numbers; what reaches over the world's edge is cut."""
    return Box(_x(west), _y(north), _x(east) + 1, _y(south) + 1)


def _x(longitude: float) -> int:
    return max(0, min(WORLD - 1, math.floor((longitude + 180) / 360 * WORLD)))


def _y(latitude: float) -> int:
    angle = math.radians(max(-85.0511, min(85.0511, latitude)))
    share = (1 - math.log(math.tan(angle) + 1 / math.cos(angle)) / math.pi) / 2
    return max(0, min(WORLD - 1, math.floor(share * WORLD)))


def longitude_of(x: float) -> float:
    return (x + 0.5) / WORLD * 360 - 180


def latitude_of(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / WORLD))))


def _shift(zoom: float, box: Box) -> int:
    """Bits of a cell's width, wider when the box would hold too many of them."""
    shift = max(0, WIDTH_BITS - round(max(0.0, min(LARGEST_ZOOM, zoom))) - _CELLS_A_TILE_BITS)
    while ((box.east >> shift) - (box.west >> shift) + 1) * ((box.south >> shift) - (box.north >> shift) + 1) > (
        _MOST_CELLS
    ):
        shift += 1
    return shift


def marks(columns: Columns, found: Found, late: Mask, box: Box, zoom: float) -> list[Mark]:
    """The marks of some cases, by their places, all of which lie in the box; `late` says which of all cases are."""
    if not len(found):
        return []
    x, y, shift = columns["x"][found], columns["y"][found], _shift(zoom, box)
    across = (box.east >> shift) - (box.west >> shift) + 1
    cell = ((y >> shift) - (box.north >> shift)) * across + ((x >> shift) - (box.west >> shift))
    count = np.bincount(cell)
    full = np.flatnonzero(count)
    at_x = np.bincount(cell, x - box.west)[full] / count[full] + box.west
    at_y = np.bincount(cell, y - box.north)[full] / count[full] + box.north
    behind = np.bincount(cell[late[found]], minlength=len(count))[full]
    return _listed(count[full], at_x, at_y, behind, _only(cell, found, len(count))[full])


def _only(cell: npt.NDArray[np.int32], places: Found, cells: int) -> npt.NDArray[np.int64]:
    """A place of each cell: of a cell with one case, that one."""
    found = np.full(cells, -1, np.int64)
    found[cell] = places
    return found


def _listed(
    count: npt.NDArray[np.int64],
    x: npt.NDArray[np.float64],
    y: npt.NDArray[np.float64],
    late: npt.NDArray[np.int64],
    place: npt.NDArray[np.int64],
) -> list[Mark]:
    rows = zip(count.tolist(), x.tolist(), y.tolist(), late.tolist(), place.tolist(), strict=True)
    return [
        Mark(round(longitude_of(one_x), 6), round(latitude_of(one_y), 6), number, behind, at if number == 1 else -1)
        for number, one_x, one_y, behind, at in rows
    ]


class Place(NamedTuple):
    """A town or village in the view, by its code: how many cases, and how many of them late."""

    code: str
    cases: int
    late: int


def places(columns: Columns, found: Found, late: Mask, most: int) -> tuple[list[Place], int]:
    """The towns of some cases, or the villages when all lie in one town; the fullest first, and how many more."""
    word = columns["division"][found]
    count = np.bincount(word)
    if np.count_nonzero(count) == 1:
        word = columns["village"][found]
        count = np.bincount(word)
    behind = np.bincount(word[late[found]], minlength=len(count))
    order = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
    shown = [Place(columns.text(int(one)), int(count[one]), int(behind[one])) for one in order[:most]]
    return shown, len(order) - len(shown)


def nearest_due(columns: Columns, found: Found, most: int) -> list[int]:
    """Places of the cases to look at first: in work by their limit, the most overdue first; else those due last."""
    running = found[columns["status"][found] <= SUSPENDED]
    found, urgency = (running, columns["due"][running]) if len(running) else (found, -columns["due"][found])
    if len(found) > most:
        chosen = np.argpartition(urgency, most)[:most]
        found, urgency = found[chosen], urgency[chosen]
    ordered: list[int] = found[np.argsort(urgency, kind="stable")].tolist()
    return ordered
