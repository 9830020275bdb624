"""Charts and maps. Each carries its numbers as a table too: for screen readers, print and browsers without scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext

from yiwang.kernel.errors import SpecError, did_you_mean
from yiwang.ui.components.base import Component, check_tone, component

KINDS = ("bar", "rows", "line", "pie")


@dataclass(frozen=True, kw_only=True)
class Series:
    """One row of values, as long as the chart's categories; None is a gap, not a zero."""

    name: str
    values: Sequence[float | int | None]


@component("chart")
@dataclass(frozen=True, kw_only=True)
class Chart(Component):
    """Kinds: bar, rows (bars lying down), line, pie (one series only)."""

    title: str
    kind: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    is_stacked: bool = False
    source: str = ""

    template: ClassVar[str] = "ui/components/chart.html"

    def __post_init__(self) -> None:
        where = f"Chart '{self.title}'"
        if self.kind not in KINDS:
            raise SpecError(where, f"kind '{self.kind}' does not exist.", did_you_mean(self.kind, KINDS))
        if self.kind == "pie" and len(self.series) != 1:
            raise SpecError(where, f"a pie has one series, this one has {len(self.series)}.", "Use bars.")
        for one in self.series:
            if len(one.values) != len(self.categories):
                what = f"series '{one.name}' has {len(one.values)} values for {len(self.categories)} categories."
                raise SpecError(where, what, "Give None where a value is missing.")

    @property
    def data(self) -> str:
        series = [{"name": one.name, "values": list(one.values)} for one in self.series]
        facts: dict[str, Any] = {"kind": self.kind, "categories": list(self.categories), "series": series}
        return json.dumps({**facts, "unit": self.unit, "stacked": self.is_stacked}, ensure_ascii=False)

    @property
    def lines(self) -> list[tuple[str, list[float | int | str]]]:
        """(category, values) for the table."""
        found = []
        for number, name in enumerate(self.categories):
            values = [one.values[number] for one in self.series]
            found.append((name, ["—" if value is None else value for value in values]))
        return found


@dataclass(frozen=True, kw_only=True)
class Point:
    """A mark on a map, WGS-84 degrees."""

    longitude: float
    latitude: float
    title: str
    href: str = ""
    tone: str = "accent"

    def __post_init__(self) -> None:
        check_tone(f"Point '{self.title}'", self.tone)
        if not (-180 <= self.longitude <= 180 and -90 <= self.latitude <= 90):
            raise SpecError(f"Point '{self.title}'", "lies outside the world.", "Give longitude first, in degrees.")


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Shapes under the points: GeoJSON at `url` (same origin) or in `shapes`."""

    key: str
    url: str = ""
    shapes: dict[str, Any] | None = None
    width: float = 1.0
    is_filled: bool = True

    def facts(self) -> dict[str, Any]:
        place = {"url": self.url} if self.url else {"shapes": self.shapes}
        return {"key": self.key, **place, "width": self.width, "fill": self.is_filled}


@component("map")
@dataclass(frozen=True, kw_only=True)
class Map(Component):
    """Points over local layers. `is_schematic` marks boundaries nobody surveyed; `is_near` frames the points."""

    title: str
    points: Sequence[Point] = ()
    layers: Sequence[Layer] = ()
    is_schematic: bool = True
    is_near: bool = False

    template: ClassVar[str] = "ui/components/map.html"

    @property
    def data(self) -> str:
        names = ("longitude", "latitude", "title", "href", "tone")
        points = [{name: getattr(point, name) for name in names} for point in self.points]
        facts = {"title": self.title, "points": points, "layers": [layer.facts() for layer in self.layers]}
        phrases = {
            "NavigationControl.ZoomIn": gettext("放大"),
            "NavigationControl.ZoomOut": gettext("缩小"),
            "CooperativeGesturesHandler.WindowsHelpText": gettext("按住 Ctrl 滚动以缩放地图"),
            "CooperativeGesturesHandler.MacHelpText": gettext("按住 ⌘ 滚动以缩放地图"),
            "CooperativeGesturesHandler.MobileHelpText": gettext("用两个手指移动地图"),
            "Map.Title": self.title,
        }
        return json.dumps({**facts, "isNear": self.is_near, "phrases": phrases}, ensure_ascii=False)
