"""A file of boundaries: GeoJSON polygons with a code or a name each, in WGS-84 or GCJ-02. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from yiwang.engines.geography.coordinates import geometry_to_wgs84
from yiwang.kernel.errors import InvalidInput

COORDINATES = {"wgs84": "WGS-84", "gcj02": "GCJ-02，已转换为 WGS-84"}
LARGEST = 64 * 1024 * 1024
_CODES = ("code", "adcode", "区划代码", "代码", "XZQDM", "ZLDWDM")
_NAMES = ("name", "名称", "区划名称", "XZQMC", "ZLDWMC")
"""Property names read for the code and for the name; the capitals are those of land survey data."""
_SAME_AS_WGS84 = ("CRS84", "4326", "4490")
"""CGCS2000 (4490) differs from WGS-84 by centimetres."""
_CHINA = (73.0, 3.0, 136.0, 54.0)


@dataclass(frozen=True, slots=True)
class Feature:
    """One polygon or multipolygon in WGS-84; `number` counts from 1; code and name are as written, '' without one."""

    number: int
    code: str
    name: str
    geometry: BaseGeometry

    @property
    def title(self) -> str:
        """How messages name it: 第3个要素（狮山镇）."""
        return f"第{self.number}个要素" + (f"（{self.name or self.code}）" if self.name or self.code else "")


def fault(path: str, code: str, message: str) -> dict[str, str]:
    return {"path": path, "code": code, "message": message}


Findings = list[dict[str, str]]


def read_features(content: bytes, coordinates: str) -> tuple[list[Feature], Findings]:
    """The good features and a fault for each bad one; InvalidInput when the file as a whole is no GeoJSON."""
    if coordinates not in COORDINATES:
        raise InvalidInput([fault("coordinates", "COORDINATES", "坐标系应为 wgs84 或 gcj02。")])
    rows, faults = _rows(content), Findings()
    found: list[Feature] = []
    for number, row in enumerate(rows, start=1):
        properties = row.get("properties") if isinstance(row, dict) else None
        values = properties if isinstance(properties, dict) else {}
        code, name = _first(values, _CODES), _first(values, _NAMES)
        geometry = row.get("geometry") if isinstance(row, dict) else None
        feature = Feature(number, code or _id_code(row), name, shapely.Point())
        shape, wrong = _shape(geometry)
        if shape is None:
            faults.append(fault(f"feature {number}", "BOUNDARY_SHAPE", f"{feature.title}：{wrong}"))
            continue
        if coordinates == "gcj02":
            shape = geometry_to_wgs84(shape)
        found.append(Feature(number, feature.code, name, shape))
    return found, faults


def _rows(content: bytes) -> list[Any]:
    if len(content) > LARGEST:
        raise InvalidInput([fault("file", "BOUNDARY_SIZE", "文件超过 64 MB，请按镇街拆分或简化后导入。")])
    try:
        data = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        message = f"文件不是 JSON（第{error.lineno}行第{error.colno}列）。请导出为 GeoJSON、UTF-8 编码。"
        raise InvalidInput([fault("file", "BOUNDARY_JSON", message)]) from None
    rows = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else None
    if not isinstance(rows, list) or not rows:
        message = "文件应是含有要素的 GeoJSON FeatureCollection。"
        raise InvalidInput([fault("file", "BOUNDARY_EMPTY", message)])
    system = str(data.get("crs") or "")
    if system and not any(name in system for name in _SAME_AS_WGS84):
        message = "文件声明的坐标系不是经纬度（WGS-84 或 CGCS2000），请先转换。"
        raise InvalidInput([fault("file", "BOUNDARY_CRS", message)])
    return rows


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(values[name]).strip() for name in names if values.get(name) not in (None, "")), "")


def _id_code(row: Any) -> str:
    """The feature's own id where it looks like a code: many exports number their features from 0."""
    text = str(row.get("id", "")) if isinstance(row, dict) else ""
    return text if text.isdigit() and len(text) >= 6 else ""


def _shape(geometry: Any) -> tuple[BaseGeometry | None, str]:
    """(shape, '') or (None, why not)."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None, "没有面状图形（Polygon 或 MultiPolygon）。"
    try:
        shape = shapely.force_2d(shapely.from_geojson(orjson.dumps(geometry)))
    except (GEOSException, TypeError):
        return None, "坐标残缺或环未闭合，无法读取。"
    if shape.is_empty:
        return None, "图形为空。"
    return _judged(shape)


def _judged(shape: BaseGeometry) -> tuple[BaseGeometry | None, str]:
    west, south, east, north = shape.bounds
    if max(map(abs, shape.bounds)) > 180:
        return None, "坐标不是经纬度，像是以米为单位的投影坐标，请先转换。"
    if _inside((south, west, north, east)) and not _inside(shape.bounds):
        return None, "经度和纬度的顺序颠倒了，GeoJSON 应先写经度。"
    if not _inside(shape.bounds):
        return None, f"坐标（{west:.4f}, {south:.4f}）不在中国境内。"
    if not shape.is_valid:
        why = shapely.is_valid_reason(shape)
        place = why[why.find("[") + 1 : -1].replace(" ", ", ") if "[" in why else ""
        return None, f"边线自相交或重叠{f'，位置在（{place}）附近' if place else ''}，请修正图形。"
    return shape, ""


def _inside(box: tuple[float, ...]) -> bool:
    west, south, east, north = _CHINA
    return west <= box[0] and south <= box[1] and box[2] <= east and box[3] <= north
