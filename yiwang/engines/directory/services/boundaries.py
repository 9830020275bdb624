"""Writing surveyed boundaries: all of a file or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import shapely
from django.db import transaction
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory.actors import Actor
from yiwang.engines.directory.administration import EDIT_DIVISIONS
from yiwang.engines.directory.boundaries import Examination, examine
from yiwang.engines.directory.dates import today
from yiwang.engines.directory.guards import require
from yiwang.engines.directory.lookups import district_code
from yiwang.engines.directory.models import Division
from yiwang.engines.directory.services.divisions import tell_divisions
from yiwang.engines.geography.api import bare_name, divide, fault, place_points
from yiwang.kernel.errors import InvalidInput

DERIVED = "由下级界线合并"
REFUSED = "边界文件有误，未写入任何内容。"


def try_boundaries(actor: Actor, content: bytes, *, level: str = "", coordinates: str = "wgs84") -> Examination:
    """What the import would do, with all its faults; nothing is written."""
    require(actor, EDIT_DIVISIONS, district_code())
    return examine(content, level=level, coordinates=coordinates)


@transaction.atomic
def import_boundaries(
    actor: Actor, content: bytes, *, source: str, level: str = "", coordinates: str = "wgs84"
) -> Examination:
    """Replace schematic outlines by surveyed ones; `source` says where they come from (shown beside the map).

    InvalidInput lists every fault, and nothing is written then.
    """
    require(actor, EDIT_DIVISIONS, district_code())
    list(Division.objects.select_for_update().filter(level="district").values_list("pk"))
    found = examine(content, level=level, coordinates=coordinates)
    if not source.strip():
        found.faults.append(fault("source", "REQUIRED", "请填写界线的来源，如测绘成果名称和日期。"))
    if found.faults:
        raise InvalidInput(found.faults, REFUSED)
    origin = f"{source.strip()}（{found.coordinates}）"[:120]
    _store_features(found, origin)
    for parent in found.parents:
        _derive(parent)
    for code, outline in found.outlines.items():
        if code not in found.kept:
            _divide_again(code, outline)
    facts = {"level": found.level, "codes": len(found.features), "coordinates": found.coordinates, "source": origin}
    digest = hashlib.sha256(content).hexdigest()
    tell_divisions(actor, "boundaries_imported", next(iter(found.features))[:6], sha256=digest, **facts)
    return found


def _store_features(found: Examination, origin: str) -> None:
    rows = {row.code: row for row in Division.objects.filter(code__in=found.features)}
    fresh = []
    for code, feature in found.features.items():
        values = {"outline": shapely.to_wkb(feature.geometry), "is_schematic": False, "outline_source": origin}
        if code not in rows:
            fresh.append(_new_cell(code, feature.name, values))
            continue
        for name, value in values.items():
            setattr(rows[code], name, value)
    Division.objects.bulk_create(fresh)
    Division.objects.bulk_update(rows.values(), ["outline", "is_schematic", "outline_source"], batch_size=200)
    Division.objects.filter(code__in=found.retired).update(to_on=today(), outline=None, is_schematic=False)


def _new_cell(code: str, name: str, values: dict[str, object]) -> Division:
    return Division(code=code, level="cell", parent_id=code[:12], name=name[:80], from_on=today(), **values)


def _derive(parent: str) -> None:
    """The union of its parts, as surveyed as they are. Parents come from the bottom up."""
    parts = Division.objects.filter(parent=parent, to_on=None, outline__isnull=False).values_list("outline", flat=True)
    union = shapely.union_all(shapely.from_wkb([bytes(part) for part in parts if part is not None]))
    Division.objects.filter(pk=parent).update(
        outline=shapely.to_wkb(union), is_schematic=False, outline_source=DERIVED
    )


def _divide_again(code: str, outline: BaseGeometry) -> None:
    """Schematic parts for a division with a new outline: the same divisions as before, in other shapes."""
    rows = {row.code: row for row in Division.objects.filter(code__startswith=code, to_on=None).exclude(pk=code)}
    if not rows:
        return
    points = place_points(outline.bounds)
    places = {key: points[bare_name(row.name)] for key, row in rows.items() if bare_name(row.name) in points}
    inside: dict[str, list[str]] = {}
    for key, row in rows.items():
        inside.setdefault(row.parent_id or "", []).append(key)

    def children(above: str, area: BaseGeometry) -> Sequence[str]:
        return inside.get(above, ())

    for key, shape in divide(code, outline, children, places).items():
        if key in rows:
            rows[key].outline, rows[key].is_schematic = shapely.to_wkb(shape), True
            rows[key].outline_source = f"由{code}的界线划分"
    Division.objects.bulk_update(rows.values(), ["outline", "is_schematic", "outline_source"], batch_size=500)
