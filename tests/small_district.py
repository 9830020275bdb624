"""A district small enough to be built in a test: two towns with a village and a grid cell each, people for every role.

`small_district` builds it once for a process, and each file has it fresh; `told` carries an app's story through it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
import pytest
import shapely
from django.db import connection, transaction

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


_made: dict[str, str] = {}
"""Databases that hold the district already, by what they hold; each process of a run has its own."""


def _statement(text: str) -> None:
    """One statement beside any database in use."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], password=settings["PASSWORD"] or None,
        dbname="postgres", autocommit=True,
    ) as other:  # fmt: skip
        other.execute(text.encode())


@contextmanager
def _inside(name: str) -> Iterator[None]:
    """Work in the database of this name, then in the one before."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _copy_with_district() -> str:
    """A copy of the empty test database with the district in it, made once for the plain apps and once for all."""
    kind = "plain" if len(registry.apps) == 1 else "whole"
    if kind not in _made:
        empty = connection.settings_dict["NAME"]
        name = f"{empty}_{kind}"
        connection.close()
        _statement(f'DROP DATABASE IF EXISTS "{name}"')
        _statement(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
        with _inside(name):
            build()
        _made[kind] = name
    return _made[kind]


@pytest.fixture(scope="session")
def _copies(django_db_setup: None) -> Iterator[None]:
    yield
    for name in _made.values():
        _statement(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _made.clear()


@pytest.fixture(scope="module")
def small_district(_copies: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The district for all tests of a file. Tests that ask for `db` too have it to themselves."""
    from yiwang.engines.directory.api import forget_cached

    with django_db_blocker.unblock():
        with _inside(_copy_with_district()):
            forget_cached()
            with transaction.atomic():
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
