"""Reading divisions. Names and outlines of divisions are public; no actor is asked for."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import shapely
from django.utils.translation import gettext
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory.models import Division
from yiwang.engines.directory.revisions import Cached, revision_of
from yiwang.engines.geography.api import level_of, significant
from yiwang.engines.geography.spec import LEVEL_LENGTH
from yiwang.kernel.errors import InvalidInput


def _load() -> dict[str, str]:
    return dict(Division.objects.filter(to_on=None).order_by("code").values_list("code", "name"))


_names: Cached[dict[str, str]] = Cached("divisions", _load)


def division_names() -> dict[str, str]:
    """Name of every division in force, by code, in order."""
    return _names.get()


def name_of(code: str) -> str:
    """The name; the code itself when it is not known."""
    return division_names().get(code, code)


def path_of(code: str) -> str:
    """Names from the town down: `狮山镇 松岗社区居委会`."""
    names = division_names()
    parts = [names[code[:length]] for length in (9, 12, 16) if len(code) >= length and code[:length] in names]
    return " ".join(parts) or name_of(code)


class Known(NamedTuple):
    """A division in force."""

    code: str
    name: str
    level: str


_LEVELS = {length: level for level, length in LEVEL_LENGTH.items()}


def division(code: str) -> Known | None:
    """The division of a stored code; None when there is none in force."""
    name = division_names().get(code)
    return None if name is None else Known(code, name, _LEVELS[len(code)])


def children(code: str) -> list[Known]:
    """The divisions one level down, in order of code."""
    length = {6: 9, 9: 12, 12: 16}.get(len(code), 0)
    level = _LEVELS.get(length, "")
    inside = ((key, name) for key, name in division_names().items() if len(key) == length and key.startswith(code))
    return [Known(key, name, level) for key, name in inside]


def path(code: str) -> list[Known]:
    """The division and what it lies in, widest first."""
    return [found for length in (6, 9, 12, 16) if len(code) >= length and (found := division(code[:length]))]


def division_layers() -> dict[str, Any]:
    """Outlines for a picker's map: the towns and villages of the district as one GeoJSON collection."""
    layers = [orjson.loads(divisions_geojson(level)) for level in ("town", "village")]
    return {"type": "FeatureCollection", "features": [feature for layer in layers for feature in layer["features"]]}


def known_code(code: str) -> str:
    """The stored form of a division code that exists; InvalidInput with the nearest ones otherwise."""
    stored = significant(code)
    names = division_names()
    if stored not in names:
        close = get_close_matches(stored, names, n=2, cutoff=0.6)
        hint = (
            gettext("您要填的是不是{names}？").format(names="、".join(f"{near} {names[near]}" for near in close))
            if close
            else ""
        )
        message = gettext("没有编码为“{code}”的区划。{hint}").format(code=code[:20], hint=hint)
        raise InvalidInput([{"path": "division", "code": "DIVISION_UNKNOWN", "message": message}], message)
    return stored


@lru_cache(maxsize=32)
def _geojson(level: str, within: str, revision: tuple[int, int]) -> bytes:
    rows = Division.objects.filter(level=level, code__startswith=within, to_on=None, outline__isnull=False)
    features = [
        {
            "type": "Feature",
            "id": division.code,
            "properties": {"code": division.code, "name": division.name, "schematic": division.is_schematic},
            "geometry": orjson.loads(shapely.to_geojson(_thinned(bytes(division.outline or b"")))),
        }
        for division in rows
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _thinned(outline: bytes) -> BaseGeometry:
    """Fewer digits for a screen: about a metre is plenty."""
    thinned: BaseGeometry = shapely.set_precision(shapely.from_wkb(outline), 1e-5)
    return thinned


def divisions_geojson(level: str, within: str = "") -> bytes:
    """Outlines of a level inside `within` as GeoJSON (WGS-84), marked `schematic` where they are."""
    if level not in LEVEL_LENGTH:
        message = "区划层级应为 district、town、village 或 cell。"
        raise InvalidInput([{"path": "level", "code": "LEVEL", "message": message}])
    if within:
        level_of(within)
    return _geojson(level, within, revision_of("divisions"))
