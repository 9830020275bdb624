"""A district small enough to be built in a test: two towns with a village and a grid cell each, people for every role.

`small_district` builds it once for a file and rolls it back at its end; `told` carries an app's story through it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import shapely
from django.db import transaction

from yiwang.kernel.app import app_modules, registry
from yiwang.kernel.clock import china

DISTRICT = "440605"
TOWNS = {"440605124": "狮山镇", "440605121": "大沥镇"}
HERE, ELSEWHERE = TOWNS
BEGIN = china(2021, 9, 28, 9)
"""A Tuesday morning; holidays follow three days later."""


def build() -> None:
    """Divisions, calendar, offices, staff and the apps' definitions, through the functions a real start uses."""
    from yiwang.engines.cases.api import register_apps
    from yiwang.engines.directory.api import bump, forget_cached, system_actor
    from yiwang.engines.directory.models import Division
    from yiwang.engines.directory.seed import seed_organisations, seed_staff
    from yiwang.engines.directory.services.calendars import seed_default_calendar

    forget_cached()
    Division.objects.bulk_create(Division(**row) for row in _divisions())
    bump("divisions")
    seed_default_calendar(system_actor("区划导入"))
    seed_organisations(DISTRICT)
    seed_staff(DISTRICT)
    register_apps()
    forget_cached()
    for _, key, module in app_modules("seed"):
        if key in registry.apps:
            module.seed(DISTRICT)


def _divisions() -> Iterator[dict[str, Any]]:
    yield _division(DISTRICT, "南海区", "district", (112.8, 22.8, 113.3, 23.3))
    for place, (code, name) in enumerate(TOWNS.items()):
        left = 112.8 + 0.25 * place
        box = (left, 22.8, left + 0.25, 23.3)
        yield _division(code, name, "town", box)
        yield _division(f"{code}001", f"{name}第一社区", "village", box)
        yield _division(f"{code}0010001", "1号网格", "cell", box)


def _division(code: str, name: str, level: str, box: tuple[float, float, float, float]) -> dict[str, Any]:
    parent = {"town": code[:6], "village": code[:9], "cell": code[:12]}.get(level)
    return {
        "code": code, "name": name, "level": level, "parent_id": parent, "outline": shapely.to_wkb(shapely.box(*box)),
        "is_schematic": True, "outline_source": "test",
    }  # fmt: skip


def cast_of_it() -> Any:
    """The people and a spot of the first town, for scenarios."""
    from yiwang.engines.directory.seed import people_by_role
    from yiwang.engines.stories.scenario import Cast, Spot

    people = {key: tuple(holders) for key, holders in people_by_role().items()}
    return Cast(people, [Spot(112.9, 23.0, f"{HERE}0010001", "狮山大道1号")])


@pytest.fixture(scope="module")
def small_district(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The district for all tests of a file. Tests that ask for `db` too have it to themselves."""
    from yiwang.engines.directory.api import forget_cached

    with django_db_blocker.unblock():
        with transaction.atomic():
            build()
            yield
            transaction.set_rollback(True)
        forget_cached()


@pytest.fixture
def told(small_district: None, db: None) -> Callable[..., Any]:
    """`told("city_incident", story)`: the case after its story, every step through the services by its own people."""
    from yiwang.engines.stories.scenario import World, tell

    def carry(app: str, story: Callable[[World], Any], at: datetime = BEGIN, seed: int = 0) -> Any:
        return tell(World(app, cast_of_it(), random.Random(seed)), story, at)

    return carry
