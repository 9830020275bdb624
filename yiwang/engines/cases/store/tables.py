"""Set-based writing: one statement for any number of rows, columns as arrays. The screen writes sets of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Self

import psycopg
from django.db import connection

Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True)
class Table:
    """A table as the store writes it: (column, SQL type) pairs, the first `keys` of which identify a row."""

    name: str
    columns: tuple[tuple[str, str], ...]
    keys: int

    def _source(self, columns: Sequence[tuple[str, str]]) -> str:
        arrays = ", ".join(f"%s::{'text' if kind == 'jsonb' else kind}[]" for _, kind in columns)
        names = ", ".join(f'"{name}"' for name, _ in columns)
        return f"unnest({arrays}) AS new({names})"

    def _value(self, name: str, kind: str) -> str:
        return f'new."{name}"::jsonb' if kind == "jsonb" else f'new."{name}"'

    @cached_property
    def insert(self) -> str:
        names = ", ".join(f'"{name}"' for name, _ in self.columns)
        values = ", ".join(self._value(name, kind) for name, kind in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) SELECT {values} FROM {self._source(self.columns)}'

    @cached_property
    def update(self) -> str:
        pairs = ", ".join(f'"{name}" = {self._value(name, kind)}' for name, kind in self.columns[self.keys :])
        return f'UPDATE "{self.name}" AS old SET {pairs} FROM {self._source(self.columns)} WHERE {self._match()}'

    @cached_property
    def delete(self) -> str:
        return f'DELETE FROM "{self.name}" AS old USING {self._source(self.columns[: self.keys])} WHERE {self._match()}'

    def _match(self) -> str:
        return " AND ".join(f'old."{name}" = new."{name}"' for name, _ in self.columns[: self.keys])


_BETWEEN = "\0"
"""Parts texts while they are quoted as one: PostgreSQL has no text with this sign in it."""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _texts(column: Sequence[str]) -> str:
    """A whole column is escaped in three passes, not each of its values in two."""
    joined = _BETWEEN.join(column)
    if joined.count(_BETWEEN) >= len(column):
        raise ValueError("A text to be written has a NUL sign in it, which PostgreSQL cannot keep; take it out.")
    return _quoted(joined).replace(_BETWEEN, '","')


_LITERALS: Mapping[str, Callable[[Any], str]] = {
    "uuid": lambda value: value.hex, "text": _quoted, "jsonb": _quoted, "bool": str, "int2": str, "int4": str,
    "int8": str, "float8": repr, "bytea": lambda value: f'"\\\\x{value.hex()}"',
    "timestamptz": lru_cache(8192)(datetime.isoformat),  # Rows written together share their moments.
}  # fmt: skip
_IN_ONE = {"text", "jsonb"}


def array_literal(kind: str, column: Sequence[Any]) -> str:
    """A column as PostgreSQL's array text, an order of magnitude cheaper than adapting a list element by element."""
    if kind in _IN_ONE and column and None not in column:
        return f"{{{_texts(column)}}}"
    write = _LITERALS[kind]
    return f"{{{','.join(['NULL' if value is None else write(value) for value in column])}}}"


class Cursor(psycopg.Cursor[Any]):
    """A cursor that binds on the server and keeps its statements prepared: the store's texts never change.

    Its errors are Django's, so that a server that is gone is the same outage wherever it is noticed.
    """

    db = connection

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        with connection.wrap_database_errors:
            return super().execute(query, params, **options)

    def write(self, statement: str, columns: Sequence[tuple[str, str]], rows: Rows) -> None:
        """Run a `Table` statement over rows of these columns; no rows, no statement."""
        arrays = [array_literal(kind, c) for (_, kind), c in zip(columns, zip(*rows, strict=True), strict=False)]
        if arrays:
            self.execute(statement, arrays, prepare=True)

    def read(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of a statement, in PostgreSQL's binary format."""
        self.execute(statement, parameters, prepare=True, binary=True)
        return self.fetchall()


def open_cursor() -> Cursor:
    """A cursor on Django's own connection, inside its transaction."""
    connection.ensure_connection()
    return Cursor(connection.connection)
