"""A small journal: three streams with entries, kept by the journal itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from yiwang.engines.trust import api

TABLES = ("trust_journal", "trust_day_seal", "trust_sealed_head")


@dataclass(frozen=True)
class Person:
    user_id: int | None = 7
    name: str = "老周"
    on_behalf_of: str | None = None
    is_system: bool = False
    prefixes: tuple[str, ...] = ("440605",)

    def scopes(self, verb: str) -> tuple[str, ...]:
        return self.prefixes


@contextmanager
def guard_down() -> Iterator[Any]:
    """What an intruder with the database's own password can do."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def clerk() -> Person:
    return Person()


@pytest.fixture
def journal(db: None, clerk: Person) -> dict[str, Any]:
    """Streams by name; each holds four entries in two towns."""
    streams = {name: api.stream_named(name) for name in ("well", "lamp", "tree")}
    for number in range(4):
        for name in streams:
            facts = {"number": number, "what": name, "地点": "桂城"}
            division = "440605121" if number < 2 else "440605122"
            api.append(name, "case.moved", facts, actor=clerk, division=division)
    return streams
