"""Surveyed boundaries: what a good file changes, and every fault of a bad one, with nothing written."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.engines.directory import api
from yiwang.engines.directory.actors import ANONYMOUS, SYSTEM
from yiwang.engines.directory.models import Division
from yiwang.engines.directory.services.boundaries import import_boundaries, try_boundaries
from yiwang.engines.directory.tests.places import DALI, SHISHAN, SQUARE, TOWNS, keeper
from yiwang.engines.geography.api import to_gcj02
from yiwang.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.usefixtures("district")
THIRDS = {
    "440605011": shapely.box(113.0, 23.0, 113.06, 23.2),
    SHISHAN: shapely.box(113.06, 23.0, 113.13, 23.2),
    DALI: shapely.box(113.13, 23.0, 113.2, 23.2),
}
NAMES = dict(TOWNS)
POINT = (113.01, 23.1)
"""In 桂城 by the surveyed thirds."""


def collection(shapes: dict[str, BaseGeometry], *, by: str = "code", **more: Any) -> bytes:
    """A file as a land survey might export it."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": code} if by == "code" else {"name": NAMES[code]},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | more, ensure_ascii=False).encode()


def strips(code: str, shape: BaseGeometry, numbers: tuple[int, ...] = (1, 2, 201)) -> dict[str, BaseGeometry]:
    """The villages of a town as strips from south to north."""
    west, south, east, north = shape.bounds
    step = (north - south) / len(numbers)
    return {
        f"{code}{number:03d}": shapely.box(west, south + step * place, east, south + step * (place + 1))
        for place, number in enumerate(numbers)
    }


def faults(content: bytes, **how: str) -> list[tuple[str, str]]:
    return [(fault["code"], fault["message"]) for fault in try_boundaries(SYSTEM, content, **how).faults]


def outline(code: str) -> BaseGeometry:
    return shapely.from_wkb(bytes(Division.objects.get(pk=code).outline or b""))


@pytest.mark.parametrize("by", ["code", "name"])
def test_surveyed_towns_replace_the_schematic_ones(by: str) -> None:
    import_boundaries(keeper("440605"), collection(THIRDS, by=by), source="2026年测绘")
    for code, shape in THIRDS.items():
        row = Division.objects.get(pk=code)
        assert not row.is_schematic and row.outline_source == "2026年测绘（WGS-84）"
        assert outline(code).equals(shape)
    assert not Division.objects.get(pk="440605").is_schematic
    assert (api.locate(*POINT) or "").startswith("440605011")


def test_what_lies_inside_a_surveyed_town_is_divided_anew_and_stays_schematic() -> None:
    cells = set(Division.objects.filter(level="cell").values_list("code", flat=True))
    import_boundaries(SYSTEM, collection(THIRDS), source="测绘")
    assert set(Division.objects.filter(level="cell").values_list("code", flat=True)) == cells
    for row in Division.objects.filter(level__in=["village", "cell"]):
        assert row.is_schematic
        assert outline(row.code).difference(THIRDS[row.code[:9]]).area < 1e-8
    for code, shape in THIRDS.items():
        inside = [outline(row.code) for row in Division.objects.filter(parent=code)]
        assert sum(one.area for one in inside) == pytest.approx(shape.area, rel=1e-6)


def test_gcj02_is_converted_and_said() -> None:
    def shifted(shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda points: shapely.get_coordinates(  # type: ignore[no-any-return]
            shapely.points(*to_gcj02(points[:, 0], points[:, 1]))))  # fmt: skip

    content = collection({code: shifted(shape) for code, shape in THIRDS.items()})
    found = import_boundaries(SYSTEM, content, source="网络地图", coordinates="gcj02")
    assert found.coordinates == "GCJ-02，已转换为 WGS-84"
    for code, shape in THIRDS.items():
        assert shapely.hausdorff_distance(outline(code), shape) < 1e-8
    assert "GCJ-02，已转换为 WGS-84" in Division.objects.get(pk=DALI).outline_source


def test_villages_of_all_towns_make_the_towns() -> None:
    villages = {code: shape for town, third in THIRDS.items() for code, shape in strips(town, third).items()}
    found = import_boundaries(SYSTEM, collection(villages), source="测绘")
    assert found.parents == [*sorted(THIRDS), "440605"]
    assert outline(SHISHAN).symmetric_difference(THIRDS[SHISHAN]).area < 1e-12
    assert Division.objects.get(pk=SHISHAN).outline_source == "由下级界线合并"
    assert (api.locate(113.1, 23.19) or "").startswith(f"{SHISHAN}201")


def test_villages_of_one_surveyed_town_may_come_alone() -> None:
    import_boundaries(SYSTEM, collection(THIRDS), source="测绘")
    found = import_boundaries(SYSTEM, collection(strips(SHISHAN, THIRDS[SHISHAN])), source="测绘")
    assert found.parents == []
    assert not Division.objects.filter(parent=SHISHAN, is_schematic=True).exists()
    assert Division.objects.filter(parent=DALI, is_schematic=True).count() == 3


def test_villages_that_fill_a_town_stay_when_the_town_comes_again() -> None:
    import_boundaries(SYSTEM, collection(THIRDS), source="测绘")
    import_boundaries(SYSTEM, collection(strips(SHISHAN, THIRDS[SHISHAN])), source="测绘")
    found = import_boundaries(SYSTEM, collection(THIRDS), source="复测")
    assert found.kept == {SHISHAN} and not found.notes
    assert not Division.objects.filter(parent=SHISHAN, is_schematic=True).exists()
    moved = {**THIRDS, SHISHAN: shapely.box(113.07, 23.0, 113.13, 23.2), "440605011": shapely.box(113, 23, 113.07, 23.2)}
    found = try_boundaries(SYSTEM, collection(moved))
    assert [code for code, _ in faults(collection(moved))] == []
    assert "恢复为示意" in found.notes[0] and SHISHAN in found.notes[0]


def test_grid_cells_are_made_and_old_ones_end() -> None:
    import_boundaries(SYSTEM, collection(THIRDS), source="测绘")
    villages = strips(SHISHAN, THIRDS[SHISHAN])
    import_boundaries(SYSTEM, collection(villages), source="测绘")
    village, shape = next(iter(villages.items()))
    halves = strips(village, shape)
    cells = {f"{village}{number:04d}": half for number, half in zip((901, 902, 903), halves.values(), strict=True)}
    rows = json.loads(collection(cells))
    for row in rows["features"]:
        row["properties"]["name"] = f"网格{row['properties']['code'][-3:]}"
    found = import_boundaries(SYSTEM, json.dumps(rows).encode(), source="网格办")
    assert found.retired and not Division.objects.filter(parent=village, to_on=None, is_schematic=True).exists()
    assert api.locate(113.1, 23.001) == f"{village}0901"
    assert api.name_of(f"{village}0901") == "网格901"
    assert Division.objects.filter(pk__in=found.retired, to_on=None).count() == 0


BAD: list[tuple[str, dict[str, BaseGeometry], str, str]] = [
    ("overlap", {**THIRDS, DALI: shapely.box(113.1299, 23.0, 113.2, 23.2)}, "BOUNDARY_OVERLAP", "㎡"),
    ("missing", {code: THIRDS[code] for code in (SHISHAN, DALI)}, "BOUNDARY_MISSING", "桂城街道 440605011"),
    ("outside", {**THIRDS, DALI: shapely.box(113.13, 23.0, 113.3, 23.2)}, "BOUNDARY_OUTSIDE", "超出南海区范围"),
    ("unknown", {**THIRDS, "440605126": shapely.box(113.2, 23, 113.21, 23.1)}, "BOUNDARY_MATCH", "440605125 大沥镇"),
    ("hole", {**THIRDS, DALI: THIRDS[DALI].difference(shapely.box(113.15, 23.1, 113.16, 23.11))}, "BOUNDARY_GAP", "㎡"),
    ("bow tie", {**THIRDS, DALI: shapely.Polygon([(113.13, 23), (113.2, 23.2), (113.2, 23), (113.13, 23.2)])},
     "BOUNDARY_SHAPE", "自相交"),
    ("metres", {**THIRDS, DALI: shapely.box(38_400_000, 2_500_000, 38_410_000, 2_510_000)}, "BOUNDARY_SHAPE", "投影"),
    ("swapped", {**THIRDS, DALI: shapely.box(23.0, 113.13, 23.2, 113.2)}, "BOUNDARY_SHAPE", "顺序颠倒"),
    ("sea", {**THIRDS, DALI: shapely.box(113.13, 2.0, 113.2, 2.2)}, "BOUNDARY_SHAPE", "不在中国境内"),
    ("line", {**THIRDS, DALI: shapely.LineString([(113.1, 23), (113.2, 23)])}, "BOUNDARY_SHAPE", "没有面状图形"),
    ("village among towns", {**THIRDS, f"{DALI}001": shapely.box(113.2, 23, 113.201, 23.1)}, "BOUNDARY_MATCH", "层级不同"),
]  # fmt: skip


@pytest.mark.parametrize(("shapes", "code", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_fault_is_named_and_nothing_is_written(shapes: dict[str, BaseGeometry], code: str, words: str) -> None:
    before = dict(Division.objects.values_list("code", "outline_source"))
    found = faults(collection(shapes))
    assert code in {one for one, _ in found}
    assert any(words in message for one, message in found if one == code), found
    with pytest.raises(InvalidInput, match="未写入"):
        import_boundaries(SYSTEM, collection(shapes), source="测绘")
    assert dict(Division.objects.values_list("code", "outline_source")) == before


def test_an_overlap_is_measured_in_square_metres() -> None:
    """0.0001° by 0.2° at 23.1° north: 10.24 m by 22,152 m."""
    [(_, message)] = faults(collection({**THIRDS, DALI: shapely.box(113.1299, 23.0, 113.2, 23.2)}))
    area = float(message.partition("重叠")[2].partition("㎡")[0].replace(",", ""))
    assert area == pytest.approx(10.24 * 22_152, rel=0.002)


def test_a_sliver_below_the_tolerance_is_let_through() -> None:
    """A corner of 50 m², which is how hand-drawn borders meet."""
    corner = shapely.Polygon([(113.13, 23.0), (113.1299, 23.0), (113.13, 23.00009)])
    assert faults(collection({**THIRDS, DALI: THIRDS[DALI].union(corner)})) == []


def test_two_features_of_one_town_are_told_to_be_joined() -> None:
    rows = json.loads(collection(THIRDS))
    rows["features"].append(rows["features"][0])
    found = faults(json.dumps(rows).encode())
    assert ("BOUNDARY_MATCH", "第4个要素（440605011）：与第1个要素（440605011）是同一个区划，请合并为一个多面或删去一个。") in found


def test_code_and_name_that_contradict_are_refused() -> None:
    rows = json.loads(collection(THIRDS))
    rows["features"][1]["properties"]["name"] = "大沥镇"
    [(_, message)] = [one for one in faults(json.dumps(rows).encode()) if one[0] == "BOUNDARY_MATCH"]
    assert "狮山镇" in message and "大沥镇" in message


def test_a_name_nearly_right_gets_a_hint() -> None:
    rows = json.loads(collection(THIRDS, by="name"))
    rows["features"][1]["properties"]["name"] = "师山镇"
    [(_, message)] = [one for one in faults(json.dumps(rows).encode()) if one[0] == "BOUNDARY_MATCH"]
    assert "440605124 狮山镇" in message


def test_parts_stick_out_of_a_surveyed_town() -> None:
    import_boundaries(SYSTEM, collection(THIRDS), source="测绘")
    wide = strips(SHISHAN, shapely.box(113.06, 23.0, 113.14, 23.2))
    assert {code for code, _ in faults(collection(wide))} == {"BOUNDARY_BEYOND"}
    narrow = strips(SHISHAN, shapely.box(113.06, 23.0, 113.12, 23.2))
    assert {code for code, _ in faults(collection(narrow))} == {"BOUNDARY_GAP"}


def test_villages_of_one_schematic_town_alone_are_refused() -> None:
    found = faults(collection(strips(SHISHAN, THIRDS[SHISHAN])))
    assert any(code == "BOUNDARY_MISSING" and "先导入上级界线" in message for code, message in found)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"type": "FeatureCollection", "features": []}', b"PK\x03\x04", b"[" * 5000],
)
def test_what_is_no_geojson_is_a_sentence(content: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        try_boundaries(SYSTEM, content)
    assert refused.value.errors[0]["path"] == "file"


def test_a_file_in_other_coordinates_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
    with pytest.raises(InvalidInput) as refused:
        try_boundaries(SYSTEM, collection(THIRDS, crs=crs))
    assert refused.value.errors[0]["code"] == "BOUNDARY_CRS"
    assert faults(collection(THIRDS, crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4490"}})) == []


def test_only_who_edits_divisions_of_the_whole_district_may() -> None:
    for actor in (ANONYMOUS, keeper(SHISHAN)):
        with pytest.raises(NotAllowed):
            import_boundaries(actor, collection(THIRDS), source="测绘")


def test_the_district_itself_may_be_surveyed() -> None:
    found = import_boundaries(SYSTEM, collection({"440605": SQUARE.buffer(0.001)}), source="勘界")
    assert found.level == "district"
    assert not Division.objects.get(pk="440605").is_schematic
    assert Division.objects.filter(level="town", is_schematic=True).count() == 3


def test_an_enclave_of_another_district_is_no_gap() -> None:
    """Where the known outline of the district has a hole too, the ground belongs to somebody else."""
    hole = shapely.box(113.15, 23.1, 113.16, 23.11)
    Division.objects.filter(pk="440605").update(outline=shapely.to_wkb(SQUARE.difference(hole)))
    assert faults(collection({**THIRDS, DALI: THIRDS[DALI].difference(hole)})) == []


def test_strips_no_wider_than_a_metre_are_let_through_however_long() -> None:
    """Borders rounded to five decimals: 22 km long, half a metre wide, 11,000 m²."""
    assert faults(collection({**THIRDS, DALI: shapely.box(113.129995, 23.0, 113.2, 23.2)})) == []
