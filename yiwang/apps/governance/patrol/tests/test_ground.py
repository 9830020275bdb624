"""Geometry, routes, clocks and the declared form: pure, without a database."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import permutations

import pytest
import shapely

from yiwang.apps.governance.patrol.cell_check import check_cells
from yiwang.apps.governance.patrol.check_in import LARGEST_TOLERANCE, metres_outside, settled, tolerance
from yiwang.apps.governance.patrol.checklist import FIELDS, VISIT, asked_of
from yiwang.apps.governance.patrol.kinds import PLACE_KINDS
from yiwang.apps.governance.patrol.routes import length, nearest, ordered
from yiwang.apps.governance.patrol.systems import SYSTEMS, content_for, systems_for
from yiwang.apps.governance.patrol.told import _answers, _hazards
from yiwang.engines.forms.api import compile_form
from yiwang.kernel.clock import china

VILLAGE = shapely.box(113.00, 23.00, 113.02, 23.01)
WEST, EAST = shapely.box(113.00, 23.00, 113.01, 23.01), shapely.box(113.01, 23.00, 113.02, 23.01)
DEGREE = 111_132.954 - 559.822 * 0.6947  # metres of latitude at 23°: cos(46°) = 0.6947


def test_cells_that_divide_the_village_are_whole():
    found = check_cells(VILLAGE, {"a": WEST, "b": EAST})
    assert found.is_whole
    assert sum(found.areas.values()) == pytest.approx(found.village_area)


@pytest.mark.parametrize(
    ("west", "kind", "codes", "share"),
    [
        (shapely.box(113.00, 23.00, 113.011, 23.01), "overlap", ("a", "b"), 0.001),
        (shapely.box(113.00, 23.00, 113.009, 23.01), "gap", (), 0.001),
        (WEST.difference(shapely.box(113.004, 23.004, 113.006, 23.006)), "gap", (), 0.002 * 0.2),
        (shapely.box(112.999, 23.00, 113.01, 23.01), "beyond", ("a",), 0.001),
    ],
)
def test_a_flaw_is_named_and_measured(west, kind, codes, share):
    (flaw,) = check_cells(VILLAGE, {"a": west, "b": EAST}).flaws
    assert (flaw.kind, flaw.codes) == (kind, codes)
    assert flaw.square_metres == pytest.approx(share * 102_500 * 0.01 * DEGREE, rel=2e-3)
    assert flaw.shape.area == pytest.approx(share * 0.01, rel=1e-6)


def test_slivers_of_drawing_are_no_flaws():
    assert check_cells(VILLAGE, {"a": shapely.box(113.00, 23.00, 113.01 + 4e-6, 23.01), "b": EAST}).is_whole


def test_a_point_outside_is_as_far_as_the_tape_says():
    assert metres_outside(WEST, 113.005, 23.005) == 0
    assert metres_outside(WEST, 113.005, 23.011) == pytest.approx(0.001 * DEGREE, rel=1e-3)
    assert (tolerance(None), tolerance(60.0), tolerance(5_000.0)) == (15.0, 60.0, LARGEST_TOLERANCE)


def test_a_round_is_never_longer_than_nearest_neighbour_and_for_few_places_the_best():
    for seed in range(40):
        rng = random.Random(seed)
        points = [(113 + rng.random() / 50, 23 + rng.random() / 50) for _ in range(7)]
        order = ordered(points)
        assert sorted(order) == list(range(7)) and order[0] == 0
        assert length(points, order) <= length(points, nearest(points)) + 1e-6
        best = min(length(points, (0, *rest)) for rest in permutations(range(1, 7)))
        assert length(points, order) <= best * 1.25
    assert (ordered([]), ordered([(113.0, 23.0)])) == ([], [0])


@pytest.mark.parametrize(
    ("off", "delay", "skew", "is_late"),
    [
        (timedelta(0), timedelta(minutes=5), 0, False),
        (timedelta(seconds=90), timedelta(minutes=5), 0, False),
        (timedelta(hours=-2), timedelta(minutes=5), 7200, False),
        (timedelta(days=1), timedelta(days=3), -86_400, True),
    ],
)
def test_a_wrong_clock_is_corrected_by_the_moment_of_sending(off, delay, skew, is_late):
    happened = china(2021, 9, 28, 10)
    received = happened + delay
    instant = settled(happened + off, received + off, received)
    assert (instant.skew, instant.is_late) == (skew, is_late)
    assert abs(instant.at - happened) <= timedelta(seconds=90)
    assert instant.said_at == happened + off


def test_what_would_be_in_the_future_is_now():
    received = china(2021, 9, 28, 10)
    assert settled(received + timedelta(hours=1), received, received).at == received


def test_every_shared_field_is_asked_once_and_every_answer_has_a_system():
    asked = [key for system in SYSTEMS.values() for key in system.asks()]
    assert len(asked) > len(set(asked)), "systems share fields"
    keys = [item.key for item in FIELDS]
    assert len(keys) == len(set(keys))
    assert set(asked) == set(keys) - {"kind"}


@pytest.mark.parametrize("kind", PLACE_KINDS)
def test_the_form_asks_what_the_systems_of_the_kind_need(kind):
    form = compile_form(VISIT)
    missing = {one.path for one in form.validate({"kind": kind, "presence": "open"}).errors}
    needed = set().union(*(system.asks() for system in systems_for(kind)))
    always = {"presence", "people", "hazards", "severity", "rectify_by", "photos", "note"}
    assert missing == needed - always
    assert needed <= set(asked_of(kind))
    assert not form.validate({"kind": kind, "presence": "closed"}).errors
    for hazard in _hazards(kind):
        told = _answers(kind, "open", "ordinary", china(2021, 9, 30).date(), 3, hazard)
        checked = form.validate(told)
        assert (checked.errors, checked.clean) == ([], told)


def test_one_answer_fills_a_field_of_each_system():
    place, visit = {"name": "顺兴五金", "address": "大道1号", "cell": "c"}, {"taken_at": "t", "inspector": "甲"}
    form = {"presence": "open", "wiring_good": False, "people": 9}
    records = {system.key: content_for(system, place, visit, form) for system in systems_for("enterprise")}
    assert set(records) == {"fire", "safety", "grid"}
    assert records["fire"]["wiring_good"] is False and records["safety"]["electric_safe"] is False
    assert (records["safety"]["staff_count"], records["grid"]["people"]) == (9, 9)
    assert all(record["unit_name"] == "顺兴五金" for record in records.values())
    assert [system.key for system in systems_for("public_area")] == ["grid"]
