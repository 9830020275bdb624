"""Divisions as a register shows them: with dates, outline, former names, parts. Public, like all about divisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext

from yiwang.engines.directory.models import Division, DivisionHistory
from yiwang.engines.directory.selectors.divisions import division_names
from yiwang.engines.directory.selectors.scope import PAGE, Page
from yiwang.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class DivisionRecord:
    """One division; `point` (longitude, latitude) lies in its outline if it has one; `former`: name, last day, why."""

    code: str
    name: str
    level: str
    kind: str
    is_schematic: bool
    outline_source: str
    from_on: date | None
    to_on: date | None
    point: tuple[float, float] | None = None
    part_count: int = 0
    successor: str = ""
    former: Sequence[tuple[str, date, str]] = ()

    @property
    def is_surveyed(self) -> bool:
        """The outline was measured, not derived by us."""
        return bool(self.outline_source) and not self.is_schematic


def _record(row: Division, former: Sequence[tuple[str, date, str]] = ()) -> DivisionRecord:
    point = None
    if row.outline is not None:
        inside = shapely.point_on_surface(shapely.from_wkb(bytes(row.outline)))
        point = (round(inside.x, 6), round(inside.y, 6))
    return DivisionRecord(
        row.code, row.name, row.level, row.kind, row.is_schematic, row.outline_source, row.from_on, row.to_on, point,
        getattr(row, "part_count", 0), row.successor_id or "", former,
    )  # fmt: skip


_COUNTED = Count("children", filter=Q(children__to_on=None))


def division_record(code: str) -> DivisionRecord:
    """One division with its former names, also one that has ended; NotFound for a code that never was."""
    renamed = Exists(DivisionHistory.objects.filter(division=OuterRef("pk")))
    row = Division.objects.filter(pk=code).annotate(part_count=_COUNTED, is_renamed=renamed).first()
    if row is None:
        raise NotFound(gettext("没有代码为“{code}”的区划。").format(code=code[:20]), next_step="请核对代码。")
    former = DivisionHistory.objects.filter(division=row).order_by("-to_on", "-id") if row.is_renamed else None
    return _record(row, list(former.values_list("name", "to_on", "reason")) if former is not None else ())


def division_parts(code: str, *, after: str = "", size: int = PAGE) -> Page[DivisionRecord]:
    """Divisions in force one level down, in order of code. One SQL statement."""
    rows = Division.objects.filter(parent=code, to_on=None, pk__gt=after).annotate(part_count=_COUNTED)
    found = [_record(row) for row in rows.order_by("pk")[: size + 1]]
    return Page(found[:size], found[size - 1].code if len(found) > size else "")


def find_divisions(text: str, size: int = PAGE) -> list[tuple[str, str, str]]:
    """(code, name, former name) of divisions whose code begins with `text`, or whose name, now or once, holds it."""
    text = text.strip()
    if not text:
        return []
    names = division_names()
    found = [(code, name, "") for code, name in names.items() if text in name or code.startswith(text)]
    once = DivisionHistory.objects.filter(name__contains=text).values_list("division_id", "name")[:size]
    known = {code for code, _, _ in found}
    found += [(code, names[code], old) for code, old in once if code in names and code not in known]
    return found[:size]
