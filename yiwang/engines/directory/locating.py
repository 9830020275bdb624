"""A point on the earth to the finest division it lies in, by an index in the process."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from yiwang.engines.directory.models import Division
from yiwang.engines.directory.revisions import Cached


class _Index(NamedTuple):
    tree: shapely.STRtree
    codes: list[str]


def _load() -> _Index:
    """Finest divisions with an outline: cells, and villages or towns that have none inside them."""
    rows = Division.objects.filter(outline__isnull=False, to_on=None).values_list("code", "outline")
    outlines = {code: bytes(outline) for code, outline in rows if outline is not None}
    inner = {code[:length] for code in outlines for length in (6, 9, 12) if len(code) > length}
    codes = sorted(set(outlines) - inner)
    shapes = shapely.from_wkb([outlines[code] for code in codes])
    shapely.prepare(shapes)
    return _Index(shapely.STRtree(shapes), codes)


_index: Cached[_Index] = Cached("divisions", _load)


def locate(longitude: float, latitude: float) -> str | None:
    """Code of the finest division that holds a WGS-84 point; None when no division does: unknown, never a guess."""
    index = _index.get()
    if not index.codes or not (np.isfinite(longitude) and np.isfinite(latitude)):
        return None
    found = index.tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return index.codes[int(found.min())] if len(found) else None
