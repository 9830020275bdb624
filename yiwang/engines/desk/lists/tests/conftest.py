"""The cases and people of the work lists' own tests, and browsers logged in as them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.small_district import HERE
from yiwang.engines.directory.api import User
from yiwang.engines.worklists.tests.conftest import _fresh_caches, filled  # noqa: F401


@pytest.fixture
def browser(filled: None, db: None) -> Callable[..., Client]:  # noqa: F811
    """`browser("dispatcher")`: a client logged in as the holder of that post in the first town."""

    def open_as(role: str, town: str = HERE) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=f"{town}-{role}"))
        return client

    return open_as
