"""Settings of the whole suite: small generated examples by default, more with HYPOTHESIS_PROFILE=thorough.

The small district and its stories are there for every test, those in an app's folder included.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.small_district", "tests.chromium", "tests.emptied"]

settings.register_profile("quick", max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_configure() -> None:
    """Passwords of tests are hashed by the real method at its least cost: the cost itself is the library's."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers and servers first: two processes that share the short rest end together."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None and not LONG & set(item.path.parts))


def pytest_collection_finish() -> None:
    """What collecting made stays to the end: the garbage collector need not walk through it again and again."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


LONG = {"running", "test_new_app.py"}
"""Folders and files of tests that start whole programs."""

PLAIN = ("access", "cases", "desk", "directory", "evidence", "forms", "gathering", "registry", "stories", "worklists")
"""Engines whose tests try the engine on the plain incident, whatever the systems of the report have become."""

PLAIN_FILES = ("test_workers.py", "test_process_command.py")


@pytest.fixture(scope="module", autouse=True)
def _engines_run_the_plain_incident(request: pytest.FixtureRequest) -> Iterator[None]:
    from tests.plain_incident import plain_apps

    place = request.path.as_posix()
    is_plain = any(f"/yiwang/engines/{engine}/" in place for engine in PLAIN) or request.path.name in PLAIN_FILES
    with plain_apps() if is_plain else nullcontext():
        yield


@pytest.fixture(autouse=True)
def _each_test_begins_in_chinese() -> Iterator[None]:
    """A page answered in English leaves the thread in English until its next request."""
    translation.deactivate()
    yield
