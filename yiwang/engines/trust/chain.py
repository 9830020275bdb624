"""How an entry becomes bytes, a hash and a row. Pure: no database, no clock.

The hashed bytes are the entry's columns in the order of `COLUMNS`, each preceded by its length as a 32-bit big-endian
number (0xFFFFFFFF and nothing behind it for null): texts in UTF-8, numbers big-endian, the instant as microseconds
since 2000-01-01 UTC. This is also how PostgreSQL's binary COPY writes a row, so the same bytes are hashed, stored, and
hashed again when they come back: nothing is converted twice, and no two different entries share an encoding.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import NamedTuple
from uuid import UUID

from yiwang.engines.trust.digest import sm3

COLUMNS = (
    "stream",
    "sequence",
    "kind",
    "division",
    "at",
    "actor_id",
    "actor_name",
    "on_behalf_of",
    "payload",
    "previous_hash",
    "hash",
)
GENESIS = bytes(32)
"""What stands as the previous hash of a stream's first entry, and as the head of a stream without entries."""

NULL = b"\xff\xff\xff\xff"
_HASH_LENGTH = b"\x00\x00\x00\x20"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_start = Struct(">HI16sIi").pack
_start_of = Struct(">HI16sIi").unpack_from
_length = Struct(">I").pack
_number = Struct(">Iq").pack


class Entry(NamedTuple):
    """One fact before it is chained. `payload` is canonical JSON (`kernel.canonical`); `at` is aware."""

    kind: str
    division: str
    at: datetime
    actor_id: int | None
    actor_name: str
    on_behalf_of: str | None
    payload: bytes


class Chain(NamedTuple):
    """Rows ready for `copy_rows`, and the stream's head after them."""

    rows: list[bytes]
    sequence: int
    hash: bytes


class Position(NamedTuple):
    """What a row says about its place: all that a walk along the chain needs."""

    stream: bytes
    sequence: int
    previous_hash: bytes
    hash: bytes


@lru_cache(maxsize=4096)
def _text(value: str | None) -> bytes:
    """Kinds, divisions and names repeat, hence the cache; payloads never come here."""
    if value is None:
        return NULL
    encoded = value.encode()
    return _length(len(encoded)) + encoded


def microseconds(at: datetime) -> int:
    """Microseconds from 2000-01-01 UTC to `at` (aware), exact."""
    gone = at - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def entry_bytes(stream: bytes, sequence: int, previous_hash: bytes, entry: Entry) -> bytes:
    """The row without its own hash: a field count, then everything that is hashed."""
    kind, division, at, actor_id, actor_name, on_behalf_of, payload = entry
    return b"".join((
        _start(11, 16, stream, 4, sequence),
        _text(kind),
        _text(division),
        _number(8, microseconds(at)),
        NULL if actor_id is None else _number(8, actor_id),
        _text(actor_name),
        _text(on_behalf_of),
        _length(len(payload)),
        payload,
        _HASH_LENGTH,
        previous_hash,
    ))  # fmt: skip


def row_hash(row: bytes) -> bytes:
    """SM3 over a row's encoded columns, given with or without its own hash at the end."""
    return sm3(row[2:])


def chain_entries(stream: UUID, sequence: int, previous_hash: bytes, items: Iterable[Entry]) -> Chain:
    """Chain `items` behind the head (`sequence`, `previous_hash`) of `stream`; a new stream's head is (0, GENESIS)."""
    key, rows = stream.bytes, []
    for entry in items:
        sequence += 1
        body = entry_bytes(key, sequence, previous_hash, entry)
        previous_hash = sm3(body[2:])
        rows.append(body + _HASH_LENGTH + previous_hash)
    return Chain(rows, sequence, previous_hash)


def position(row: bytes) -> Position:
    """Read a row's place from its fixed ends."""
    _, _, stream, _, sequence = _start_of(row)
    return Position(stream, sequence, row[-68:-36], row[-32:])


def is_whole(row: bytes) -> bool:
    """Whether the row's hash belongs to the row's content."""
    return sm3(row[2:-36]) == row[-32:]


def moved_to(row: bytes, sequence: int) -> bytes:
    """The same row as if it had stood at `sequence`."""
    return row[:26] + sequence.to_bytes(4, "big", signed=True) + row[30:]
