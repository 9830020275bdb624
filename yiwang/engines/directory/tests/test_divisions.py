"""Divisions: the list, the schematic map, points, and codes that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely

from yiwang.engines.directory import api, loading
from yiwang.engines.directory.models import Division, Organisation
from yiwang.engines.directory.tests.places import SQUARE, TOWNS
from yiwang.engines.geography.api import divide, read_district
from yiwang.kernel.errors import ConfigurationError, InvalidInput


def test_the_load_says_what_it_loaded_and_does_it_once(district: str) -> None:
    assert "3 个镇街" in district and "9 个村居" in district and "示意" in district
    assert loading.load_district("440605") is None


def test_every_outline_is_marked_schematic(district: str) -> None:
    assert not Division.objects.filter(outline__isnull=False, is_schematic=False).exists()


def test_a_point_lies_in_the_town_named_there(district: str) -> None:
    found = api.locate(113.00875, 23.12385)
    assert found is not None and found.startswith("440605124")
    assert len(found) == 16


@pytest.mark.parametrize("point", [(113.5, 23.1), (0.0, 0.0), (float("nan"), 23.1)])
def test_a_point_outside_everything_is_unknown(district: str, point: tuple[float, float]) -> None:
    assert api.locate(*point) is None


@pytest.mark.parametrize("level", ["town", "village", "cell"])
def test_a_level_covers_the_district_without_gap_or_overlap(district: str, level: str) -> None:
    shapes = [shapely.from_wkb(bytes(row.outline)) for row in Division.objects.filter(level=level)]
    whole = shapely.union_all(shapes)
    assert sum(shape.area for shape in shapes) == pytest.approx(SQUARE.area, rel=1e-6)
    assert whole.symmetric_difference(SQUARE).area < SQUARE.area * 1e-6


def test_the_same_list_gives_the_same_map() -> None:
    codes = [code for code, _ in TOWNS]

    def children(code: str, area: object) -> list[str]:
        return codes if code == "440605" else []

    first, second = (divide("440605", SQUARE, children, {}) for _ in range(2))
    assert {code: shape.wkb for code, shape in first.items()} == {code: shape.wkb for code, shape in second.items()}


def test_each_town_has_an_office_of_each_bureau(district: str) -> None:
    assert api.organisation_for("440605124", "water") == Organisation.objects.get(
        division_id="440605124", kind="water"
    ).pk
    assert api.organisation_for("440605124001", "water") == api.organisation_for("440605124", "water")
    assert api.organisation_for("440605", "nothing") is None


def test_an_unknown_district_stops_with_the_nearest(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="440605 南海区"):
        read_district("440609", folder)


def test_an_unknown_code_names_the_nearest(district: str) -> None:
    with pytest.raises(InvalidInput, match="440605124"):
        api.known_code("440605129")
    assert api.known_code("440605124000") == "440605124"


@pytest.mark.parametrize("code", ["44060", "4406051240011", "44060５", "南海区", ""])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput):
        api.level_of(code)


def test_geojson_marks_what_is_schematic(district: str) -> None:
    features = json.loads(api.divisions_geojson("town"))["features"]
    assert {feature["properties"]["name"] for feature in features} == {"桂城街道", "狮山镇", "大沥镇"}
    assert all(feature["properties"]["schematic"] for feature in features)
