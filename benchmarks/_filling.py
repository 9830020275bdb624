"""How benchmarks of lists fill their tables: rows first, then the indexes in one go, several times faster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

_INDEXES = "SELECT indexdef, indexname FROM pg_indexes WHERE indexname = ANY(%s)"


@contextmanager
def rows_first(indexes: Sequence[str]) -> Iterator[None]:
    """Without these indexes, and with nobody who listens to single cases told."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'; ALTER TABLE cases_case DISABLE TRIGGER USER")
        cursor.execute(_INDEXES, [list(indexes)])
        definitions = cursor.fetchall()
        for _, name in definitions:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for definition, _ in definitions:
            cursor.execute(definition)
        cursor.execute("ALTER TABLE cases_case ENABLE TRIGGER USER")
