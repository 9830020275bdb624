"""A centre's queue as columns: every waiting task of its running incidents, read in one statement and counted here.

To count twenty thousand incidents in all the ways a page shows them costs PostgreSQL ten times what it costs to read
them, and a page is not to be older than its rows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from yiwang.apps.governance.dispatch.asked import Asked
from yiwang.apps.governance.dispatch.models import FLAGS
from yiwang.apps.governance.dispatch.selectors.statements import BELOW, COLUMNS, TEXTS, queue
from yiwang.engines.cases.api import open_cursor
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import CHINA, now

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WIDTHS = {"ids": ">u8", "nodes": ">i8", "below": ">i8", "due": ">i8", "marks": ">i2"}
_texts: dict[tuple[str, int], str] = {}
"""By column and number. Keys of steps and units are few and never end; every process learns them as they come."""


def microseconds(at: datetime) -> int:
    """An aware instant as PostgreSQL counts it, from 2000 on."""
    return (at - _EPOCH) // timedelta(microseconds=1)


FAR = microseconds(datetime(9999, 1, 1, tzinfo=UTC))
"""The limit of what has none."""


def instant(at: int) -> datetime:
    """The reverse."""
    return _EPOCH + timedelta(microseconds=int(at))


class Queue:
    """Tasks of a centre in the order of their incidents; `starts` are the places where an incident's tasks begin.

    `due` is far for a task without a limit. An incident's own facts stand beside each of its tasks.
    """

    def __init__(self, columns: dict[str, bytes], at: datetime, below: str | None) -> None:
        read = {name: np.frombuffer(columns[name], dtype=kind) for name, kind in _WIDTHS.items()}
        high, low = read["ids"][0::2].astype(np.uint64), read["ids"][1::2].astype(np.uint64)
        order = np.lexsort((low, high))
        self.high, self.low = high[order], low[order]
        self.nodes, self.below, self.due, marks = (
            read[name][order].astype(np.int64) for name in ("nodes", "below", "due", "marks")
        )
        self.risen: Numbers = marks >> len(FLAGS)
        flags: dict[str, Flags] = {name: (marks & (1 << bit)) != 0 for bit, name in enumerate(FLAGS)}
        self.is_open, self.is_urgent, self.is_returned = flags["is_open"], flags["is_urgent"], flags["is_returned"]
        self.is_ruled, self.is_free = flags["is_ruled"], flags["is_free"]
        self.is_late: Flags = self.is_open & (self.due < microseconds(at))
        midnight = at.astimezone(CHINA).replace(hour=23, minute=59, second=59, microsecond=999_999)
        self.is_today: Flags = self.is_open & ~self.is_late & (self.due <= microseconds(midnight))
        self.column_below = below

    @cached_property
    def steps(self) -> tuple[list[str], Numbers]:
        """Keys of the steps at which tasks stand, and for each task the place of its own among them."""
        numbers, which = np.unique(self.nodes, return_inverse=True)
        return texts("node", numbers), which

    @cached_property
    def starts(self) -> Numbers:
        moved = (self.high[1:] != self.high[:-1]) | (self.low[1:] != self.low[:-1])
        return np.flatnonzero(np.concatenate(([True], moved))[: len(self.high)])

    def any_of(self, tasks: Flags) -> Flags:
        """For each incident, whether this holds for one of its tasks."""
        return np.logical_or.reduceat(tasks, self.starts) if len(self.starts) else tasks

    def least(self, values: Numbers) -> Numbers:
        """For each incident, the least of its tasks' values."""
        return np.minimum.reduceat(values, self.starts) if len(self.starts) else values

    def id_at(self, place: int) -> UUID:
        """The incident of the task at this place."""
        return UUID(int=int(self.high[place]) << 64 | int(self.low[place]))

    def is_at(self, node: str) -> Flags:
        """Tasks that stand at this step."""
        keys, which = self.steps
        found: Flags = which == (keys.index(node) if node in keys else -1)
        return found


def read_queue(actor: Actor, asked: Asked) -> Queue:
    """The queue of the centre and filters of a page. One statement."""
    statement, values = queue(actor, asked)
    (row,) = open_cursor().read(statement, values)  # In binary: as text each byte would be two signs.
    columns = {name: bytes(text or b"") for name, text in zip(COLUMNS, row, strict=True)}
    return Queue(columns, now(), BELOW.get(asked.centre.kind))


def texts(column: str, numbers: Numbers) -> list[str]:
    """The keys these numbers of a column stand for; a statement more when one is new to this process."""
    if any((column, int(number)) not in _texts for number in numbers):
        with connection.cursor() as cursor:
            cursor.execute(TEXTS.format(column=column))
            _texts.update({(column, number): text for number, text in cursor.fetchall()})
    return [_texts.get((column, int(number)), "") for number in numbers]
