"""What other engines may call of geography."""

from __future__ import annotations

from yiwang.engines.geography.boundary_checks import Plane, holes, overlaps, pieces
from yiwang.engines.geography.boundary_file import COORDINATES, Feature, Findings, fault, read_features
from yiwang.engines.geography.boundary_matching import level_for, match
from yiwang.engines.geography.codes import display_code, level_of, level_title, parent_code, significant
from yiwang.engines.geography.coordinates import to_gcj02, to_wgs84
from yiwang.engines.geography.division_list import Listed, district_name, read_district
from yiwang.engines.geography.outlines import Outline, bare_name, district_outline, place_points
from yiwang.engines.geography.schematic import divide, square_kilometres

__all__ = [
    "COORDINATES",
    "Feature",
    "Findings",
    "Listed",
    "Outline",
    "Plane",
    "bare_name",
    "display_code",
    "district_name",
    "district_outline",
    "divide",
    "fault",
    "holes",
    "level_for",
    "level_of",
    "level_title",
    "match",
    "overlaps",
    "parent_code",
    "pieces",
    "place_points",
    "read_district",
    "read_features",
    "significant",
    "square_kilometres",
    "to_gcj02",
    "to_wgs84",
]
