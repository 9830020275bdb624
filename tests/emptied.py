"""A database that tests have written to for good is emptied where it was written to, not in its hundred other tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}
"""What Django writes there follows from the code, and is the same for every test."""


def written_tables() -> list[str]:
    """Tables of models with a row in them."""
    quote = connection.ops.quote_name
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {quote(name)})" for name in sorted(names)))
        return [name for (name,) in cursor.fetchall()]


def empty(case: TransactionTestCase) -> None:
    """In the place of Django's `flush`, which makes every table anew and then tells every app of it."""
    names = written_tables()
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, names))} CASCADE")


@pytest.fixture(scope="session", autouse=True)
def _tests_empty_what_they_wrote() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield
