"""Walking all of history: the first entry that is altered, missing or out of order is named.

Everything is read in one snapshot, so work may go on meanwhile; memory does not grow with history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from yiwang.engines.trust.chain import GENESIS, Position, is_whole, moved_to, position
from yiwang.engines.trust.heads import heads_sql
from yiwang.engines.trust.seal_checks import SealFault, check_seals
from yiwang.engines.trust.sql import statement
from yiwang.engines.trust.storage import copied

Progress = Callable[[int, int], None]
_PROGRESS_EVERY = 50_000
_FAR = 10_000  # how far from its place a moved entry is looked for


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing wrong. `kind`: altered, missing, reordered, head (head and history disagree) or seal.

    `sentence` is Chinese, without a full stop.
    """

    kind: str
    stream: str
    sequence: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a walk saw; whole when `fault` is None."""

    entry_count: int
    stream_count: int
    seal_count: int
    seconds: float
    fault: Fault | None

    @property
    def is_whole(self) -> bool:
        return self.fault is None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"is_whole": self.is_whole}


class _Broken(Exception):  # ends the walk; not an error of the program
    def __init__(self, kind: str, stream: UUID, sequence: int, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = Fault(kind, str(stream), sequence, sentence)


class _Walk:
    """The walk's place: which stream, what must come next, how much was seen."""

    def __init__(self, cursor: Any, streams: Sequence[UUID] | None, progress: Progress | None) -> None:
        self.cursor, self.progress = cursor, progress
        self.where = "WHERE stream = ANY(%s)" if streams is not None else ""
        self.parameters: tuple[Any, ...] = (list(streams),) if streams is not None else ()
        self.entry_count = self.stream_count = self.seal_count = self.expected = 0

    def entries(self) -> None:
        """Every entry: content against hash, hash against the entry before, sequence against 1, 2, 3 …"""
        here, sequence, head = b"", 0, GENESIS
        for row in copied(self.cursor, self._filled("entries"), self.parameters):
            place = position(row)
            if place.stream != here:
                here, sequence, head = place.stream, 0, GENESIS
                self.stream_count += 1
            sequence += 1
            if place.sequence != sequence or place.previous_hash != head or not is_whole(row):
                raise _name_fault(row, place, sequence)
            head = place.hash
            self.entry_count += 1
            if self.progress and self.entry_count % _PROGRESS_EVERY == 0:
                self.progress(self.entry_count, self.expected)

    def heads(self) -> None:
        """Every stream's head against its last entry, which the walk has found to be sound."""
        query = self._filled("unmatched_heads").replace("{heads}", heads_sql())
        self.cursor.execute(query, self.parameters * 2 or None)
        found = self.cursor.fetchone()
        if not found:
            return
        stream, head, last = found
        if last is None or (head or 0) > last:
            raise _missing(stream, (last or 0) + 1, head)
        if head is None:
            raise _Broken("head", stream, last, "没有谁保管这个流的头：它是从系统之外添加的")
        sentence = f"头指向第 {head} 条，历史却止于第 {last} 条"
        if head == last:
            sentence = "头的哈希不是最后一条的哈希"
        raise _Broken("head", stream, last, sentence)

    def estimate(self) -> None:
        self.cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'trust_journal'::regclass")
        self.expected = self.cursor.fetchone()[0]

    def _filled(self, name: str) -> str:
        return statement(name).replace("{where}", self.where)


def _missing(stream: UUID, first: int, last: int) -> _Broken:
    entries = f"第 {first} 条" if first == last else f"第 {first} 至 {last} 条"
    return _Broken("missing", stream, first, f"缺少{entries}")


def _name_fault(row: bytes, place: Position, wanted: int) -> _Broken:
    """What kind of fault this row shows, where entry `wanted` should stand in one piece."""
    stream = UUID(bytes=place.stream)
    if not is_whole(row):
        origin = _origin(row, place)
        if origin:
            return _Broken("reordered", stream, place.sequence, f"写入时它是第 {origin} 条")
        return _Broken("altered", stream, place.sequence, "内容与写入时的哈希不符")
    if place.sequence > wanted:
        return _missing(stream, wanted, place.sequence - 1)
    if place.sequence < wanted:
        return _Broken("reordered", stream, place.sequence, f"它站在第 {wanted} 条的位置上")
    sentence = f"它是重写的：第 {wanted} 条当初接在别的内容之后"
    return _Broken("altered", stream, max(wanted - 1, 1), sentence)


def _origin(row: bytes, place: Position) -> int | None:
    """The sequence under which the row's hash holds, if it was only moved."""
    nearby = range(max(1, place.sequence - _FAR), place.sequence + _FAR)
    return next((number for number in nearby if is_whole(moved_to(row, number))), None)


@contextmanager
def _snapshot() -> Iterator[Any]:
    """A cursor that sees one moment, unless the caller's transaction is already open."""
    is_ours = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_ours:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield cursor


def verify(streams: Sequence[UUID] | None = None, progress: Progress | None = None) -> Report:
    """Check entries, heads and seals, or only the entries and heads of `streams`.

    `progress(entries so far, entries expected)` is called now and then; the expectation is PostgreSQL's estimate.
    """
    began, fault = monotonic(), None
    with _snapshot() as cursor:
        walk = _Walk(cursor, streams, progress)
        walk.estimate()
        try:
            walk.entries()
            walk.heads()
            if streams is None:
                walk.seal_count = check_seals(cursor)
        except _Broken as broken:
            fault = broken.fault
        except SealFault as broken:
            fault = Fault("seal", str(broken.stream or ""), broken.sequence, broken.sentence)
    return Report(walk.entry_count, walk.stream_count, walk.seal_count, monotonic() - began, fault)
