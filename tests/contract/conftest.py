"""The cast on its stage, for every contract test."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from tests.stage import Stage, build_stage


@pytest.fixture(scope="module")
def stage(small_district: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """The cast on its stage, once for a file; undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_stage()
        transaction.set_rollback(True)


@pytest.fixture
def staged(stage: Stage, db: None) -> Stage:
    """The stage for one test, whose own changes are undone after it, those in the browsers of the cast included."""
    for name, client in stage.people.items():
        client.cookies = deepcopy(stage.cookies[name])
    return stage
