"""The points in memory: one array a column, so that any filter over a million cases is a few milliseconds.

Each process holds its own, about 40 bytes a case, and asks the table for what is later than it knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from yiwang.engines.cases.api import open_cursor
from yiwang.engines.cockpit.map import statements as sql
from yiwang.engines.cockpit.map.store import catch_up

Numbers = npt.NDArray[np.int32]
FRESH_SECONDS = 1.0
"""How long what is in memory is taken as it is before the table is asked again."""
_ROW = np.dtype(
    [("fields", ">i2")]
    + [part for name in sql.NUMBERS for part in ((f"{name}_length", ">i4"), (name, ">i4"))]
    + [("turn_length", ">i4"), ("turn", ">i8")]
)
"""A row of PostgreSQL's binary COPY; no value is null, so all rows are equally long."""
_STATE = """SELECT generation, turn, (SELECT coalesce(max(number), 0) FROM cockpit_casepoint)
FROM cockpit_pointstate WHERE id = 1"""
_HEAD, _TAIL = 19, 2
_BLOCK = 80_000


@dataclass
class Columns:
    """All cases; place `number - 1` of each array is one case. Whoever has got them reads them unchanged to the end:
    what is newer goes into others, which share the arrays and words that stayed as they were."""

    generation: UUID | None = None
    turn: int = 0
    size: int = 0
    arrays: dict[str, Numbers] = field(default_factory=lambda: _room_for(0))
    words: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=lambda: [""])

    def __getitem__(self, name: str) -> Numbers:
        """A column as far as it is filled."""
        return self.arrays[name][: self.size]

    def text(self, word: int) -> str:
        return self.texts[word]


class Keeper:
    """The columns of this process."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._lock = threading.Lock()
        self._good_until = 0.0

    def get(self, *, at_once: bool = False) -> Columns:
        """The columns as the worker keeps them up, at most a second old; `at_once` catches up first and reads then.

        Inside a transaction they are read anew and not kept: it may be undone, and with it what was read.
        """
        if at_once:
            catch_up()
        if connection.in_atomic_block:
            return _refreshed(Columns())
        if at_once or time.monotonic() >= self._good_until:
            with self._lock:
                self._columns = _refreshed(self._columns)
                self._good_until = time.monotonic() + FRESH_SECONDS
        return self._columns


def _refreshed(known: Columns) -> Columns:
    """The same when nothing is newer, else others; what is `known` is read by other threads and stays as it is."""
    state = _state()
    if state is None:  # Nobody has built the table yet; that is done once, here or in the worker.
        catch_up()
        state = _state()
    generation, turn, highest = state or (None, known.turn, 0)
    if generation != known.generation:
        known = Columns(generation)
    if turn == known.turn:
        return known
    known = _grown(known, highest)
    for rows in _blocks(known.turn):
        _place(known, rows)
    _learn_words(known)
    return known


def _state() -> tuple[UUID, int, int] | None:
    """Generation, last turn and highest number of the table; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        row: tuple[UUID, int, int] | None = cursor.fetchone()
    return row


def _grown(known: Columns, highest: int) -> Columns:
    """Others with the same values and room for `highest` cases; a tenth more when the arrays have to be made anew."""
    arrays = known.arrays
    if highest > len(arrays["x"]):
        arrays = _room_for(highest + highest // 10 + 1000)
        for name, column in arrays.items():
            column[: known.size] = known[name]
    return replace(known, arrays=dict(arrays), words=dict(known.words), texts=list(known.texts))


def _room_for(cases: int) -> dict[str, Numbers]:
    """Columns of cases that are not there."""
    return {name: np.full(cases, sql.GONE if name == "status" else 0, np.int32) for name in sql.NUMBERS[1:]}


def _blocks(turn: int) -> Iterator[npt.NDArray[Any]]:
    """Rows later than `turn`, many at a time."""
    kept, is_first = bytearray(), True
    with open_cursor().copy(sql.READ, [turn]) as copy:
        while piece := copy.read():
            kept += piece
            if is_first and len(kept) >= _HEAD:
                del kept[:_HEAD]
                is_first = False
            if len(kept) > _BLOCK * _ROW.itemsize:
                whole = len(kept) // _ROW.itemsize * _ROW.itemsize
                yield np.frombuffer(bytes(kept[:whole]), _ROW)
                del kept[:whole]
    yield np.frombuffer(bytes(kept[:-_TAIL]), _ROW)


def _place(known: Columns, rows: npt.NDArray[Any]) -> None:
    """New cases go behind what earlier columns show of a shared array; an array whose shown values change is copied."""
    if not len(rows):
        return
    places = rows["number"].astype(np.int64) - 1
    shown = places < known.size
    for name in sql.NUMBERS[1:]:
        column = known.arrays[name]
        if (column[places[shown]] != rows[name][shown]).any():
            column = known.arrays[name] = column.copy()
        column[places] = rows[name]
    known.size = max(known.size, int(places.max()) + 1)
    known.turn = max(known.turn, int(rows["turn"].max()))


def _learn_words(known: Columns) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, text FROM cockpit_word WHERE id >= %s ORDER BY id", [len(known.texts)])
        for number, text in cursor.fetchall():
            known.texts += [""] * (number - len(known.texts) + 1)
            known.texts[number] = text
            known.words[text] = number


_keeper = Keeper()
columns = _keeper.get
