"""Point → grid cell in district 440605: one look-up by the index against asking every outline in turn."""

from __future__ import annotations

import random
import time

import shapely
from django.conf import settings

from yiwang.engines.directory.api import SYSTEM, import_boundaries, locate
from yiwang.engines.directory.loading import load_district
from yiwang.engines.directory.models import Division

Figure = tuple[str, float, str, str, float | None]
POINTS = 20_000
BY_HAND = 200
"""Look-ups of the slow way: it takes milliseconds each."""


def points() -> list[tuple[float, float]]:
    """Spread over the box around the district: two of five lie outside."""
    outline = Division.objects.get(pk="440605").outline
    west, south, east, north = shapely.from_wkb(bytes(outline or b"")).bounds
    rng = random.Random(440605)
    return [(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(POINTS)]


def by_index(spots: list[tuple[float, float]]) -> tuple[float, float]:
    """(microseconds of processor time a look-up, milliseconds to build the index)."""
    began = time.process_time()
    locate(*spots[0])
    built = time.process_time() - began
    began = time.process_time()
    for spot in spots:
        locate(*spot)
    return (time.process_time() - began) / len(spots) * 1e6, built * 1e3


def in_turn(spots: list[tuple[float, float]]) -> float:
    """Microseconds a look-up when every outline is asked until one holds the point; the answers must agree."""
    rows = Division.objects.filter(level="cell").order_by("code").values_list("code", "outline")
    cells = [(code, shapely.from_wkb(bytes(outline or b""))) for code, outline in rows]
    shapely.prepare([cell for _, cell in cells])
    began = time.process_time()
    found = [next((code for code, cell in cells if cell.intersects(shapely.Point(spot))), None) for spot in spots]
    used = time.process_time() - began
    assert found == [locate(*spot) for spot in spots], "the index and the slow way disagree"
    return used / len(spots) * 1e6


def _villages() -> bytes:
    """The 307 villages as a file of boundaries."""
    rows = Division.objects.filter(level="village").values_list("code", "outline")
    features = ",".join(
        f'{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{shapely.to_geojson(shapely.from_wkb(bytes(o)))}}}'
        for code, o in rows
        if o is not None
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()


def measure() -> list[Figure]:
    """µs a look-up, ms to build the index, s to check and import 307 boundaries."""
    settings.DEMO = False
    load_district("440605")
    spots = points()
    each, built = by_index(spots)
    slow = in_turn(spots[:BY_HAND])
    began = time.process_time()
    import_boundaries(SYSTEM, _villages(), source="bench")
    imported = time.process_time() - began
    return [
        ("point to grid cell, CPU", round(each, 1), "µs", "every outline in turn", round(slow, 1)),
        ("index of all grid cells built, CPU", round(built, 1), "ms", "", None),
        ("307 village boundaries checked and imported, CPU", round(imported, 2), "s", "", None),
    ]
