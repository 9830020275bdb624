"""GCJ-02 there and back, against positions whose shift is known from public comparisons."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from yiwang.engines.geography.coordinates import geometry_to_wgs84, to_gcj02, to_wgs84

METRE = 1 / 111_320


def test_there_and_back_is_below_a_millimetre_all_over_china() -> None:
    rng = np.random.default_rng(440605)
    x, y = rng.uniform(73.5, 135.0, 20_000), rng.uniform(3.9, 53.5, 20_000)
    back_x, back_y = to_wgs84(*to_gcj02(x, y))
    assert np.abs(back_x - x).max() < METRE / 1000
    assert np.abs(back_y - y).max() < METRE / 1000


def test_the_shift_in_nanhai_is_some_hundred_metres_to_the_south_east() -> None:
    x, y = to_gcj02(113.14, 23.03)
    assert 400 < (float(x) - 113.14) / METRE * np.cos(np.radians(23.03)) < 650
    assert -400 < (float(y) - 23.03) / METRE < -150


@pytest.mark.parametrize("place", [(0.0, 0.0), (151.2, -33.9), (-0.1, 51.5)])
def test_outside_china_nothing_moves(place: tuple[float, float]) -> None:
    assert tuple(map(float, to_gcj02(*place))) == place


def test_a_polygon_with_a_hole_keeps_its_shape() -> None:
    square = shapely.box(113.0, 23.0, 113.1, 23.1).difference(shapely.box(113.04, 23.04, 113.06, 23.06))
    moved = geometry_to_wgs84(square)
    assert len(moved.interiors) == 1 and moved.is_valid
    assert moved.area == pytest.approx(square.area, rel=5e-3)
