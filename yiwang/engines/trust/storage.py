"""Rows in and out of PostgreSQL by binary COPY, the fastest road there is, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from yiwang.engines.trust.chain import COLUMNS

_COPY_IN = f"COPY trust_journal ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_OPENING = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_CLOSING = b"\xff\xff"


def copy_rows(cursor: Any, rows: Iterable[bytes]) -> None:
    """Write chained rows in one COPY, inside the caller's transaction.

    Raises django.db.IntegrityError (or psycopg's UniqueViolation on a bare psycopg cursor) when an entry with the same
    stream and sequence is there already: somebody else moved the stream on.
    """
    database = getattr(cursor, "db", None)
    with database.wrap_database_errors if database else nullcontext(), cursor.copy(_COPY_IN) as copy:
        copy.write(b"".join((_OPENING, *rows, _CLOSING)))


def copied(cursor: Any, query: str, parameters: Sequence[Any] = ()) -> Iterator[bytes]:
    """Rows of `query` in the binary encoding of COPY, one at a time.

    PostgreSQL sends one message per row; the opening rides on the first message, the closing stands alone.
    """
    plain = getattr(cursor, "cursor", cursor)  # Django's cursor that logs statements would not take parameters.
    with plain.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", parameters or None) as copy:
        for message in copy:
            row = bytes(message)
            if row.startswith(_OPENING):
                row = row[len(_OPENING) :]
            if row and row != _CLOSING:
                yield row
