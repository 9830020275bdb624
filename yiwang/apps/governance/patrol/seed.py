"""A demonstration's cells at work: the grid workers of villages lead them; ten invented places in every cell.

Deterministic. Nothing is invented where no invented people are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import shapely
from django.db import connection
from shapely.geometry.base import BaseGeometry

from yiwang.apps.governance.patrol.intervals import install_intervals, interval_of
from yiwang.apps.governance.patrol.models import CellLead, VisitedPlace
from yiwang.apps.governance.patrol.selectors.cells import outlines
from yiwang.engines.directory.api import User, name_of, today

PER_CELL = 10
BEGIN = date(2021, 1, 1)
KINDS = (
    ("small_shop", 28), ("small_workshop", 10), ("small_venue", 4), ("rental", 30), ("enterprise", 16), ("school", 2),
    ("building_site", 3), ("public_area", 7),
)  # fmt: skip
RISKS = {
    "small_shop": (5, 50, 45), "small_workshop": (35, 50, 15), "small_venue": (40, 45, 15), "rental": (15, 60, 25),
    "enterprise": (25, 50, 25), "school": (50, 50, 0), "building_site": (70, 30, 0), "public_area": (0, 40, 60),
}  # fmt: skip
"""Weights of high, middle and low risk by kind."""
_WORDS = ("顺兴", "永安", "金源", "宏发", "恒泰", "新华", "裕丰", "东成", "广利", "和记")
_NAMES = {
    "small_shop": ("便利店", "小吃店", "五金店", "理发店"), "small_workshop": ("五金加工坊", "木工坊", "食品作坊"),
    "small_venue": ("棋牌室", "台球室", "网吧"), "rental": ("出租屋",),
    "enterprise": ("铝材厂", "塑料制品厂", "纺织厂"), "school": ("小学", "幼儿园"),
    "building_site": ("住宅工地", "厂房工地"),
    "public_area": ("文化广场", "公园", "市场周边"),
}  # fmt: skip
_COLUMNS = "id, kind, risk, name, address, longitude, latitude, cell, people, registered_on, due_on"


def seed(district: str) -> str:
    """The rules' first edition; leads and places where people of the demonstration are. What was new, or ''."""
    rules = install_intervals()
    book = f"巡查频次与时段第一版（建议值），{rules} 条" if rules else ""
    if VisitedPlace.objects.exists() or not User.objects.filter(is_demo=True).exists():
        return book
    cells = {code: shape for code, shape in outlines("cell", district).items() if len(code) == 16}
    led = _seed_leads(sorted(cells))
    count = _seed_places(cells)
    told = f"网格长 {led} 名，网格 {len(cells)} 个，巡查场所 {count} 处（均为演示数据）" if count else ""
    return "；".join(filter(None, (book, told)))


def _seed_leads(cells: list[str]) -> int:
    """The grid worker of each village's committee leads its cells."""
    rows = User.objects.filter(username__endswith="-grid_worker", is_demo=True).values_list("username", "pk")
    workers = {username.partition("-")[0]: number for username, number in rows}
    led = [cell for cell in cells if cell[:12] in workers]
    CellLead.objects.bulk_create(
        (CellLead(cell=cell, user_id=workers[cell[:12]], from_on=BEGIN) for cell in led), batch_size=1000
    )
    return len({cell[:12] for cell in led})


def _seed_places(cells: dict[str, BaseGeometry]) -> int:
    rows = [row for cell, shape in sorted(cells.items()) for row in _places(cell, shape)]  # first: it reads rules
    with connection.cursor() as cursor, cursor.copy(f"COPY patrol_visitedplace ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    return len(rows)


def _places(cell: str, shape: BaseGeometry) -> Iterator[tuple[object, ...]]:
    rng, begin = random.Random(f"places:{cell}"), BEGIN
    names, weights = zip(*KINDS, strict=True)
    for number, (x, y) in enumerate(_points(shape, rng), start=1):
        kind = rng.choices(names, weights)[0]
        risk = rng.choices(("high", "middle", "low"), RISKS[kind])[0]
        days = interval_of(kind, risk, begin).days
        road = f"{rng.choice(_WORDS)[0]}{rng.choice(('中路', '大道', '一巷', '东街'))}{rng.randint(1, 199)}号"
        title = f"{rng.choice(_WORDS)}{rng.choice(_NAMES[kind])}" if kind != "rental" else f"{road}出租屋"
        people = rng.randint(1, 6) if kind == "small_shop" else rng.randint(2, 60)
        due = today() + timedelta(days=rng.randint(-2, days) if number > 2 else 0)
        key = UUID(int=rng.getrandbits(128), version=4)
        yield key, kind, risk, title, f"{name_of(cell[:12])}{road}", x, y, cell, people, begin, due


def _points(shape: BaseGeometry, rng: random.Random) -> Iterator[tuple[float, float]]:
    """`PER_CELL` points inside the outline, a little away from its edge where it is wide enough."""
    west, south, east, north = shape.bounds
    narrower: BaseGeometry = shapely.buffer(shape, -0.05 * min(east - west, north - south))
    inner = shape if narrower.is_empty else narrower
    found = 0
    for _ in range(2000):
        point = (round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6))
        if shapely.intersects_xy(inner, *point):
            found += 1
            yield point
        if found == PER_CELL:
            return
