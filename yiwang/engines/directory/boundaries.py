"""What an import of boundaries would do: every feature matched, every fault named, nothing written.

The map stays a true coverage. A file therefore brings all divisions of a level inside each surveyed parent; where the
parents are still schematic, inside the whole district, and the parents' outlines follow from their parts. Surveyed
parts of an imported division stay when they fill it; schematic parts are divided anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory.models import Division
from yiwang.engines.directory.spec import LEVELS
from yiwang.engines.geography.api import (
    COORDINATES,
    Feature,
    Findings,
    Plane,
    fault,
    holes,
    level_for,
    match,
    overlaps,
    parent_code,
    pieces,
    read_features,
)
from yiwang.kernel.errors import InvalidInput

NEAR_SCHEMATIC = 2_000.0
"""Metres by which surveyed outlines may leave a district whose own outline is not surveyed. A proposal of ours."""
MOST_NAMED = 8


@dataclass(slots=True)
class Examination:
    """The outcome. `outlines` are in degrees; `parents` get the union of their parts; `kept` need no new division."""

    level: str
    coordinates: str
    features: dict[str, Feature] = field(default_factory=dict)
    faults: Findings = field(default_factory=Findings)
    notes: list[str] = field(default_factory=list)
    areas: dict[str, float] = field(default_factory=dict)
    """Square metres by code."""
    names: dict[str, str] = field(default_factory=dict)
    parents: list[str] = field(default_factory=list)
    """Divisions whose outline follows from their parts, from the bottom up."""
    kept: set[str] = field(default_factory=set)
    retired: list[str] = field(default_factory=list)
    """Grid cells the file no longer has."""

    @property
    def outlines(self) -> dict[str, BaseGeometry]:
        return {code: feature.geometry for code, feature in self.features.items()}

    def add(self, code: str, path: str, message: str) -> None:
        self.faults.append(fault(path, code, message))

    def name(self, code: str) -> str:
        """Name and code, as messages call a division."""
        feature = self.features.get(code)
        return f"{self.names.get(code) or (feature.name if feature else '')} {code}".strip()


def examine(content: bytes, *, level: str = "", coordinates: str = "wgs84") -> Examination:
    """Read, match and check a file; InvalidInput only when it is no GeoJSON at all or the level cannot be told."""
    features, faults = read_features(content, coordinates)
    stored = {row.code: row for row in Division.objects.filter(to_on=None)}
    names = {code: row.name for code, row in stored.items()}
    level = level or level_for(features, names)
    if level not in LEVELS:
        message = "看不出文件是哪一级区划，请指定层级：town（镇街）、village（村居）或 cell（网格）。"
        raise InvalidInput([*faults, fault("level", "BOUNDARY_LEVEL", message)], message)
    found = Examination(level, COORDINATES[coordinates], faults=faults, names=names)
    found.features, unmatched = match(features, names, level)
    found.faults += unmatched
    if found.features:
        _Checks(found, stored).run()
    return found


class _Checks:
    """All shapes in metres, held once for the checks of one file."""

    def __init__(self, found: Examination, stored: Mapping[str, Division]) -> None:
        self.found, self.stored = found, stored
        bounds = shapely.total_bounds(list(found.outlines.values()))
        self.plane = Plane(float(bounds[1] + bounds[3]) / 2)
        self.shapes = {code: self.plane.flat(shape) for code, shape in found.outlines.items()}
        found.areas = {code: float(shape.area) for code, shape in self.shapes.items()}
        self.children: dict[str, list[str]] = defaultdict(list)
        for code, row in stored.items():
            self.children[row.parent_id or ""].append(code)

    def run(self) -> None:
        is_whole = not self.found.faults  # A feature that was not read would only be told again as a gap.
        self._outside()
        for one, other, common in overlaps(self.shapes):
            where = f"{self.found.name(one)}与{self.found.name(other)}"
            message = f"{where}重叠{common.area:,.0f}㎡，位置在（{self.plane.place(common)}）附近。"
            self.found.add("BOUNDARY_OVERLAP", f"{one}/{other}", message)
        if is_whole:
            self._complete()
            for parent in self._parents(self.shapes):
                self._fill(parent)
        for code in self.shapes:
            self._parts(code)

    def _parents(self, codes: Iterable[str]) -> list[str]:
        return sorted({above for code in codes if (above := parent_code(code))})

    def _surveyed(self, code: str) -> BaseGeometry | None:
        row = self.stored.get(code)
        if row is None or row.is_schematic or row.outline is None:
            return None
        return self.plane.flat(shapely.from_wkb(bytes(row.outline)))

    def _outside(self) -> None:
        """Shapes far from the district: the wrong file, or the wrong coordinates."""
        district = self.stored.get(next(iter(self.shapes))[:6])
        if self.found.level == "district" or district is None or district.outline is None:
            return
        whole = self.plane.flat(shapely.from_wkb(bytes(district.outline)))
        if not district.is_schematic:
            return  # What sticks out of a surveyed parent is measured in `_fill`.
        near = shapely.buffer(whole, NEAR_SCHEMATIC)
        for code, shape in self.shapes.items():
            out = shapely.difference(shape, near)
            if out.area > 0:
                place = self.plane.place(out)
                message = f"{self.found.name(code)}超出{district.name}范围，位置在（{place}）附近，请核对文件和坐标系。"
                self.found.add("BOUNDARY_OUTSIDE", code, message)

    def _complete(self) -> None:
        """Every sibling is there, up to the nearest surveyed parent; parents on the way are noted to be derived."""
        codes = set(self.shapes)
        while parents := self._parents(codes):
            for parent in parents:
                missing = sorted(set(self.children[parent]) - codes)
                if missing and self.found.level == "cell" and codes == set(self.shapes):
                    self.found.retired += missing
                elif missing:
                    self._tell_missing(parent, missing)
            codes = {parent for parent in parents if self._surveyed(parent) is None}
            self.found.parents += sorted(codes)
            codes |= {one for one in self._siblings(codes) if self._surveyed(one) is not None}
        if self.found.retired:
            self.found.notes.append(f"文件中没有的{len(self.found.retired)}个现有网格将自今日起停用。")

    def _siblings(self, codes: Iterable[str]) -> set[str]:
        return {one for parent in self._parents(codes) for one in self.children[parent]}

    def _tell_missing(self, parent: str, missing: list[str]) -> None:
        listed = "、".join(self.found.name(code) for code in missing[:MOST_NAMED])
        more = f"等{len(missing)}个" if len(missing) > MOST_NAMED else ""
        is_direct = len(missing[0]) == len(next(iter(self.shapes)))
        remedy = "请补齐" if is_direct else "请补齐，或先导入上级界线"
        message = f"{self.found.name(parent)}内缺少{listed}{more}，界线会留下空白；{remedy}。"
        self.found.add("BOUNDARY_MISSING", parent, message)

    def _fill(self, parent: str) -> None:
        """Parts of one parent leave no hole; a surveyed parent is filled to its edge and not beyond."""
        parts = [shape for code, shape in self.shapes.items() if code.startswith(parent)]
        union, edge = shapely.union_all(parts), self._surveyed(parent)
        gaps = pieces(shapely.difference(edge, union)) if edge is not None else self._holes(parent, union)
        for gap in gaps:
            message = f"{self.found.name(parent)}内有{gap.area:,.0f}㎡空白，位置在（{self.plane.place(gap)}）附近。"
            self.found.add("BOUNDARY_GAP", f"{parent} gap", message)
        for out in pieces(shapely.difference(union, edge)) if edge is not None else ():
            place = self.plane.place(out)
            message = f"{self.found.name(parent)}的下级界线超出其范围{out.area:,.0f}㎡，位置在（{place}）附近。"
            self.found.add("BOUNDARY_BEYOND", f"{parent} beyond", message)

    def _holes(self, parent: str, union: BaseGeometry) -> list[BaseGeometry]:
        """Ground enclosed by the parts that is neither a neighbour's in this file nor, as known, another district's."""
        found = holes(union)
        if not found:
            return found
        others = shapely.union_all([shape for code, shape in self.shapes.items() if not code.startswith(parent)])
        district = self.stored.get(parent[:6])
        whole = self.plane.flat(shapely.from_wkb(bytes(district.outline))) if district and district.outline else None
        ours = [hole if whole is None else shapely.intersection(hole, whole) for hole in found]
        return [part for hole in ours for part in pieces(shapely.difference(hole, others))]

    def _parts(self, code: str) -> None:
        """Surveyed divisions inside an imported one stay when they fill it; else they are divided anew."""
        inside = [self._surveyed(child) for child in self.children[code]]
        surveyed = [shape for shape in inside if shape is not None]
        if not surveyed:
            return
        union = shapely.union_all(surveyed)
        if len(surveyed) == len(inside) and not pieces(shapely.symmetric_difference(union, self.shapes[code])):
            self.found.kept.add(code)
        else:
            text = f"{self.found.name(code)}的新界线与已导入的下级界线不符，其下级将恢复为示意，请随后重新导入。"
            self.found.notes.append(text)
