"""The order of a round: nearest neighbour, then 2-opt until no turn of a stretch makes it shorter. No database.

Good to a few per cent for the dozens of places of a day; not the shortest of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

Point = tuple[float, float]
METRES_PER_DEGREE = 111_320.0
MOST_TURNS = 400
"""Improvements after which a round is good enough, however many places it has."""


def metres(one: Point, other: Point) -> float:
    """Ground distance of two points near each other (longitude, latitude)."""
    squeeze = cos(radians((one[1] + other[1]) / 2))
    return METRES_PER_DEGREE * hypot((one[0] - other[0]) * squeeze, one[1] - other[1])


def length(points: Sequence[Point], order: Sequence[int]) -> float:
    """Metres walked from the first to the last."""
    return sum(metres(points[a], points[b]) for a, b in pairwise(order))


def ordered(points: Sequence[Point]) -> list[int]:
    """Places of `points` in the order of a round that begins at the first."""
    return _turned(points, nearest(points))


def nearest(points: Sequence[Point]) -> list[int]:
    """From each place to the nearest not yet visited."""
    if not points:
        return []
    left, order = set(range(1, len(points))), [0]
    while left:
        here = points[order[-1]]
        following = min(left, key=lambda number: (metres(here, points[number]), number))
        left.remove(following)
        order.append(following)
    return order


def _turned(points: Sequence[Point], order: list[int]) -> list[int]:
    for _ in range(MOST_TURNS):
        turn = _shorter(points, order)
        if turn is None:
            break
        first, last = turn
        order[first:last] = reversed(order[first:last])
    return order


def _shorter(points: Sequence[Point], order: Sequence[int]) -> tuple[int, int] | None:
    """The first stretch whose reversal shortens an open round that keeps its beginning."""
    for first in range(1, len(order) - 1):
        before, begins = points[order[first - 1]], points[order[first]]
        for last in range(first + 2, len(order) + 1):
            ends = points[order[last - 1]]
            now, then = metres(before, begins), metres(before, ends)
            if last < len(order):
                after = points[order[last]]
                now, then = now + metres(ends, after), then + metres(begins, after)
            if then < now - 0.01:
                return first, last
    return None
