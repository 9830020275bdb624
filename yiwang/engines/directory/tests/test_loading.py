"""Loading real districts into an empty directory, and the codes that name none."""

from __future__ import annotations

import pytest
import shapely

from yiwang.engines.directory import api, loading
from yiwang.engines.directory.models import Division
from yiwang.engines.geography.api import read_district
from yiwang.kernel.errors import ConfigurationError


def test_vector_d5_with_the_real_list_of_nanhai(db: None) -> None:
    """狮山 lies in 狮山镇 by the schematic map; a point in the South China Sea lies nowhere, in no default town."""
    api.forget_cached()
    loading.load_district("440605")
    assert (api.locate(113.00875, 23.12385) or "").startswith("440605124")
    assert api.locate(114.5, 20.0) is None
    assert Division.objects.filter(level="town").count() == 7
    assert Division.objects.filter(level="village").count() == 307


@pytest.mark.parametrize(
    ("code", "name", "towns"), [("441900", "东莞市", 36), ("659002", "阿拉尔市", 20), ("460321", "西沙群岛", 3)]
)
def test_odd_districts_load_too(db: None, code: str, name: str, towns: int) -> None:
    """A city without districts, a city of the Corps, islands without an outline: every division has its place."""
    api.forget_cached()
    assert name in (loading.load_district(code) or "")
    assert Division.objects.filter(level="town").count() == towns
    assert not Division.objects.filter(outline=None).exists()
    inside = shapely.from_wkb(bytes(Division.objects.filter(level="cell").first().outline)).representative_point()
    assert (api.locate(inside.x, inside.y) or "").startswith(code)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("441901", "441900 东莞市"),
        ("440600", "440605 南海区"),
        ("810000", "mainland"),
        ("44060", "six digits"),
        ("abc", "six digits"),
    ],
)
def test_no_such_district_names_what_was_meant(code: str, hint: str) -> None:
    with pytest.raises(ConfigurationError, match=hint):
        read_district(code, loading.list_folder())
