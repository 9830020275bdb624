"""The October every test of credit looks at."""

from __future__ import annotations

import random
from datetime import date

import pytest

from tests.small_district import cast_of_it
from yiwang.apps.governance.credit.services.building import BUILDER, build
from yiwang.apps.governance.credit.services.counting import count
from yiwang.apps.governance.credit.tests.october import (
    BEGIN,
    CELL,
    NOON,
    Case,
    VisitedPlace,
    failed_check,
    late,
    late_co_handler,
    rated_badly,
    ruled_against,
    told,
    visited,
)
from yiwang.engines.datahub.api import refresh
from yiwang.engines.stories.scenario import World, tell
from yiwang.kernel.clock import china, frozen


@pytest.fixture(scope="module")
def october(small_district):
    """One of each story that concerns credit, a patrolled firm, and the entries the worker makes of them."""
    cases = {}
    for story in (late, late_co_handler, ruled_against, failed_check, rated_badly):
        cases[story.__name__] = tell(World("city_incident", cast_of_it(), random.Random(1)), story, BEGIN)
    for seed in range(9):
        cases["appealed"] = tell(World("city_incident", cast_of_it(), random.Random(seed)), told.appealed, BEGIN)
        if Case.objects.filter(outcome="granted").exists():
            break
    place = VisitedPlace.objects.create(
        kind="enterprise", risk="high", name="顺兴铝材厂", longitude=112.9, latitude=23.0, cell=CELL,
        registered_on=date(2021, 1, 1), due_on=date(2021, 12, 1),
    )  # fmt: skip
    for day, finding in ((11, "serious"), (20, "ordinary"), (22, "")):
        visited(place, china(2021, 10, day, 10), finding)
    refresh()
    with frozen(NOON):
        build()
        count(BUILDER)
    return cases


@pytest.fixture
def told_of(october, db):
    """The same, to be changed and rolled back, on the first of November."""
    with frozen(NOON):
        yield october
