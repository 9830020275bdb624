"""A small ledger for demonstrations: invented components, the same ones every time, marked as such."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import orjson
import shapely
from django.conf import settings
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.component_codes import ComponentCode
from yiwang.apps.governance.catalogue.ledger.selectors import is_empty
from yiwang.apps.governance.catalogue.ledger.services import serials_used
from yiwang.apps.governance.catalogue.models import Component
from yiwang.engines.directory.api import divisions_geojson, locate, system_actor, today
from yiwang.engines.trust.api import append

MOST, FOR_EACH_VILLAGE = 400, 8
_OFTEN = (
    "雨水井盖",
    "污水井盖",
    "路灯",
    "果皮箱",
    "雨水箅子",
    "垃圾收集点",
    "行道树",
    "交通护栏",
    "公交站亭",
    "消火栓",
)
_STATES = ("in_use",) * 17 + ("damaged", "damaged", "missing")
_KEEPERS = {"manhole": "市政养护", "lamp": "路灯管理", "waste": "环卫", "road": "道路养护"}


@transaction.atomic
def seed_ledger(district: str) -> int:
    """How many components were laid out; none outside of demo mode or when the ledger holds something."""
    catalogue = catalogue_on()
    if not settings.DEMO or not is_empty() or not catalogue.conditions:
        return 0
    rng = random.Random(f"components:{district}")
    named = {rows[0].title: rows[0] for code, rows in catalogue.conditions.items() if code.startswith("C")}
    classes = [named[title] for title in _OFTEN if title in named] or list(named.values())[:10]
    serials: Counter[str] = Counter()
    rows, codes = [], []
    for longitude, latitude, cell in _spots(rng):
        entry = rng.choice(classes)
        serials[entry.class_code] += 1
        code = ComponentCode(district, entry.group, entry.small, serials[entry.class_code])
        codes.append(code)
        rows.append(
            Component(
                code=str(code), class_code=entry.class_code, name=entry.title, cell=cell, longitude=longitude,
                latitude=latitude, state=rng.choice(_STATES), keeper=_KEEPERS.get(entry.category, "") + "（示范）",
                changed_on=today(), source="示范数据",
            )
        )  # fmt: skip
    Component.objects.bulk_create(rows)
    serials_used(codes)
    append(f"components/{district}", "components.seeded", {"count": len(rows)}, actor=system_actor("台账初设"))
    return len(rows)


def _spots(rng: random.Random) -> Iterator[tuple[float, float, str]]:
    """Points inside villages, each with the finest division it lies in."""
    features = orjson.loads(divisions_geojson("village"))["features"]
    outlines: list[tuple[str, BaseGeometry]] = [
        (one["id"], shapely.from_geojson(orjson.dumps(one["geometry"]))) for one in features
    ]
    count = min(MOST, FOR_EACH_VILLAGE * len(outlines))
    for place in range(count):
        code, outline = outlines[place % len(outlines)] if count < MOST else rng.choice(outlines)
        point = _inside(outline, rng)
        cell = locate(point.x, point.y)
        if cell is not None and cell.startswith(code):
            yield round(point.x, 6), round(point.y, 6), cell


def _inside(outline: BaseGeometry, rng: random.Random) -> shapely.Point:
    """A point of the outline: the first of a few tries that lies inside, else one that surely does."""
    west, south, east, north = outline.bounds
    for _ in range(20):
        point = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if outline.contains(point):
            return point
    surely: shapely.Point = outline.representative_point()
    return surely
