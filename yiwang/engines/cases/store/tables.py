"""Set-based writing: one statement for any number of rows, columns as arrays. The screen writes sets of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

    @property
    def insert(self) -> str:
        names = ", ".join(f'"{name}"' for name, _ in self.columns)
        values = ", ".join(self._value(name, kind) for name, kind in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) SELECT {values} FROM {self._source(self.columns)}'

    @property
    def update(self) -> str:
        pairs = ", ".join(f'"{name}" = {self._value(name, kind)}' for name, kind in self.columns[self.keys :])
        return f'UPDATE "{self.name}" AS old SET {pairs} FROM {self._source(self.columns)} WHERE {self._match()}'

    @property
    def delete(self) -> str:
        return f'DELETE FROM "{self.name}" AS old USING {self._source(self.columns[: self.keys])} WHERE {self._match()}'

    def _match(self) -> str:
        return " AND ".join(f'old."{name}" = new."{name}"' for name, _ in self.columns[: self.keys])


class Cursor(psycopg.Cursor[Any]):
    """A cursor that binds on the server and keeps its statements prepared: the store's texts never change."""

    def write(self, statement: str, rows: Rows) -> None:
        """Run a `Table` statement over rows; no rows, no statement."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        if columns:
            self.execute(statement, columns, prepare=True)  # type: ignore[arg-type]

    def read(self, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows of a statement, in PostgreSQL's binary format."""
        self.execute(statement, parameters, prepare=True, binary=True)  # type: ignore[arg-type]
        return self.fetchall()


def open_cursor() -> Cursor:
    """A cursor on Django's own connection, inside its transaction."""
    connection.ensure_connection()
    return Cursor(connection.connection)
