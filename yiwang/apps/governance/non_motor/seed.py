"""The first edition of the ladder; and where invented people are, invented violations and accidents of half a year.

Deterministic. Measures of the invented ones are not opened: the year tells measures of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
import shapely

from yiwang.apps.governance.non_motor.kinds import KINDS, SOURCES
from yiwang.apps.governance.non_motor.models import Accident, Violation
from yiwang.apps.governance.non_motor.rules import install_ladder
from yiwang.engines.directory.api import User, divisions_geojson, locate, today
from yiwang.kernel.clock import CHINA, now

MOST_CROSSINGS = 40
PER_CROSSING = 12
SPAN = 180
"""Days back from today; in the second half the odd crossings are quieter, as after works on them."""
_SPREAD = 0.0025
_BY = "演示数据"


class _Spot(NamedTuple):
    longitude: float
    latitude: float
    division: str
    at: datetime


def seed(district: str) -> str:
    """What was new, or ''."""
    rules = install_ladder()
    told = [f"非机动车处理阶梯第一版（建议值），{rules} 条"] if rules else []
    if Violation.objects.exists() or not User.objects.filter(is_demo=True).exists():
        return "；".join(told)
    violations, accidents = _invented(district)
    Violation.objects.bulk_create(violations, batch_size=500)
    Accident.objects.bulk_create(accidents, batch_size=500)
    return "；".join([*told, f"非机动车违规 {len(violations)} 条、事故 {len(accidents)} 起（均为演示数据）"])


def _invented(district: str) -> tuple[list[Violation], list[Accident]]:
    rng = random.Random(f"non_motor:{district}")
    violations: list[Violation] = []
    accidents: list[Accident] = []
    for number, (x, y) in enumerate(_crossings(district, rng)):
        for spot in _around(x, y, number, rng):
            if rng.random() < 0.25:
                accidents.append(_accident(spot, len(accidents), rng))
            else:
                violations.append(_violation(spot, rng))
    return violations, accidents


def _crossings(district: str, rng: random.Random) -> Iterator[tuple[float, float]]:
    """A point in each of some villages, so that every town has crossings."""
    features = orjson.loads(divisions_geojson("village", district))["features"]
    for feature in rng.sample(features, min(MOST_CROSSINGS, len(features))):
        point = shapely.point_on_surface(shapely.from_geojson(orjson.dumps(feature["geometry"])))
        yield point.x, point.y


def _around(x: float, y: float, number: int, rng: random.Random) -> Iterator[_Spot]:
    for _ in range(PER_CROSSING):
        days = rng.randint(1, SPAN)
        if number % 2 and days < SPAN // 2 and rng.random() < 0.6:
            continue
        place = (round(rng.gauss(x, _SPREAD), 6), round(rng.gauss(y, _SPREAD), 6))
        cell = locate(*place)
        if cell is not None:
            hour = time(min(23, max(0, round(rng.gauss(17, 4)))), rng.randrange(60))
            yield _Spot(*place, cell, datetime.combine(today() - timedelta(days=days), hour, CHINA))


def _violation(spot: _Spot, rng: random.Random) -> Violation:
    plate = f"粤E{rng.randrange(400):05d}"
    return Violation(
        id=UUID(int=rng.getrandbits(128), version=4), plate=plate, offender=f"p:{plate}", kind=rng.choice(list(KINDS)),
        at=spot.at, longitude=spot.longitude, latitude=spot.latitude, division=spot.division,
        source=rng.choice(list(SOURCES)), by=_BY, recorded_at=now(),
    )  # fmt: skip


def _accident(spot: _Spot, number: int, rng: random.Random) -> Accident:
    severity = rng.choices(("slight", "injury", "death"), (80, 19, 1))[0]
    return Accident(
        id=UUID(int=rng.getrandbits(128), version=4), reference=f"演示{number:05d}", at=spot.at, severity=severity,
        longitude=spot.longitude, latitude=spot.latitude, division=spot.division, hurt=int(severity != "slight"),
    )  # fmt: skip
