"""Pictures of the wall as SVG made here: they need no script, no graphics card, and stay sharp on any screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from shapely.geometry.base import BaseGeometry

from yiwang.engines.cockpit.map.choosing import SUSPENDED, in_box, overdue, seen
from yiwang.engines.cockpit.map.clusters import box_of, marks
from yiwang.engines.cockpit.map.columns import Columns
from yiwang.engines.cockpit.map.ground import Ground, ground
from yiwang.engines.cockpit.wall.figures import Hour
from yiwang.engines.worklists.api import Sight
from yiwang.kernel.clock import now

LONG = 1000.0
"""The longer side of the sheet."""
_MARGIN = 24.0
_LETTER, _LINE = 24.0, 30.0
"""Width of a letter and height of a line of the names, as the sheet's style draws them."""
_MARKS_ACROSS = 11
"""About so many clusters fit side by side without touching."""


class Outline(NamedTuple):
    """A division on paper: path, name, and where the name stands."""

    path: str
    name: str
    x: float
    y: float


class Dot(NamedTuple):
    """A cluster on paper."""

    x: float
    y: float
    radius: float
    cases: int
    late: int


class Paper:
    """Degrees on a sheet, true to shape at the middle latitude."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        self.west, self.south, self.east, self.north = box
        self.squeeze = math.cos(math.radians((self.south + self.north) / 2))
        across, down = max((self.east - self.west) * self.squeeze, 1e-6), max(self.north - self.south, 1e-6)
        self.scale = (LONG - 2 * _MARGIN) / max(across, down)
        self.width, self.height = (side * self.scale + 2 * _MARGIN for side in (across, down))

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """A spot of the sheet, from the left and from above."""
        x = _MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round(_MARGIN + (self.north - latitude) * self.scale, 1)


@lru_cache(maxsize=64)
def outlines(base: Ground) -> tuple[Outline, ...]:
    """The ground's parts on its paper."""
    return tuple(_outlines(base))


def _outlines(base: Ground) -> Iterator[Outline]:
    """Names stand where there is room for them, those of the largest parts first."""
    if base.box is None:
        return
    paper, taken = Paper(base.box), list[tuple[float, float, float]]()
    for part in sorted(base.parts, key=lambda part: -part.outline.area):
        middle = part.outline.representative_point()
        x, y = paper.at(middle.x, middle.y)
        name = _short(part.name)
        half = len(name) * _LETTER / 2
        is_free = all(abs(x - other) > half + wide or abs(y - line) > _LINE for other, line, wide in taken)
        if is_free:
            taken.append((x, y, half))
        yield Outline(_path(part.outline, paper), name if is_free else "", x, y)


def _short(name: str) -> str:
    """A village's name without what all of them are called."""
    for ending in ("社区居委会", "村委会", "居委会", "村民委员会", "居民委员会"):
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name


def _path(outline: BaseGeometry, paper: Paper) -> str:
    shapes = getattr(outline, "geoms", [outline])
    rings = [ring for shape in shapes for ring in (shape.exterior, *shape.interiors)]
    return "".join(f"M{'L'.join('{},{}'.format(*paper.at(*pair)) for pair in ring.coords)}Z" for ring in rings)


def dots(prefix: str, reach: Sight, known: Columns) -> list[Dot]:
    """Cases in work, gathered; the larger the circle the more of them."""
    base = ground(prefix)
    if base.box is None:
        return []
    west, south, east, north = base.box
    box, paper = box_of(west, south, east, north), Paper(base.box)
    inside = in_box(known, seen(known, reach) & (known["status"] <= SUSPENDED), box)
    zoom = math.log2(360 / max(east - west, 1e-6) * _MARKS_ACROSS / 8)
    found = marks(known, np.flatnonzero(inside), overdue(known, now()), box, zoom)
    most = max((mark.cases for mark in found), default=1)
    return [
        Dot(*paper.at(mark.longitude, mark.latitude), round(20 + 18 * math.sqrt(mark.cases / most), 1), mark.cases,
            mark.late)
        for mark in sorted(found, key=lambda mark: mark.cases)
    ]  # fmt: skip


class Bar(NamedTuple):
    """An hour of the chart: the bar's left edge, upper edge and height, None while the hour is still to come."""

    hour: int
    left: float
    top: float | None
    height: float | None
    middle: float


class Chart(NamedTuple):
    """Today's bars, the line of a week ago as SVG points, and what the top of the field stands for."""

    bars: tuple[Bar, ...]
    before: str
    most: int


CHART_WIDTH, CHART_HEIGHT, BAR_WIDTH = 960.0, 200.0, 24.0


def chart(hours: Sequence[Hour]) -> Chart:
    """The flow by hour."""
    most = _round_top(max((max(one.today or 0, one.before) for one in hours), default=0))
    step = CHART_WIDTH / len(hours)

    def high(count: int) -> float:
        return round(count / most * CHART_HEIGHT, 1)

    found, line = [], []
    for place, one in enumerate(hours):
        middle = round((place + 0.5) * step, 1)
        line.append(f"{middle},{round(CHART_HEIGHT - high(one.before), 1)}")
        tall = None if one.today is None else high(one.today)
        upper = None if tall is None else round(CHART_HEIGHT - tall, 1)
        found.append(Bar(one.hour, round(middle - BAR_WIDTH / 2, 1), upper, tall, middle))
    return Chart(tuple(found), " ".join(line), most)


def _round_top(most: int) -> int:
    """The next number of the kind 4, 10, 20, 40, 100 …"""
    top = 4
    while top < most:
        top = top * 5 // 2 if str(top).startswith("4") else top * 2
    return top
