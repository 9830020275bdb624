"""What a centre's queue comes to: by step, by list, and by the centres below it.

The figures follow the filters of the page. The step chosen narrows the list and not these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from yiwang.apps.governance.dispatch.asked import Asked, steps
from yiwang.apps.governance.dispatch.selectors.queue import FAR, Flags, Numbers, Queue, instant, texts

CONDITIONS: Mapping[str, Callable[[Queue, Asked], Flags]] = {
    "all": lambda queue, asked: np.ones(len(queue.due), dtype=np.bool_),
    "urgent": lambda queue, asked: queue.is_urgent,
    "risen": lambda queue, asked: queue.risen >= asked.centre.risen_from,
    "returned": lambda queue, asked: queue.is_returned & ~queue.is_ruled,
    "ruling": lambda queue, asked: queue.is_at("ruling"),
    "ruled": lambda queue, asked: queue.is_ruled,
    "late_helpers": lambda queue, asked: queue.is_at("assist") & queue.is_late,
}
"""What of the tasks each list holds; a case is in a list when one of its tasks is."""


class Step(NamedTuple):
    """Tasks that stand at a step; `due` is the nearest limit, None without one."""

    key: str
    tasks: int
    late: int
    today: int
    free: int
    due: datetime | None


class Below(NamedTuple):
    """Incidents of a centre below: a town's code, or a unit's key ('' while none is chosen)."""

    key: str
    cases: int
    late: int
    risen: int
    returned: int
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Steps in the order of the flow; centres below, most late ones first; incidents of each list."""

    steps: tuple[Step, ...]
    below: tuple[Below, ...]
    lists: Mapping[str, int]


def counts(queue: Queue, asked: Asked) -> Counts:
    """Everything the page counts."""
    order = list(steps())
    found = list(_steps(queue))
    found.sort(key=lambda one: (order.index(one.key) if one.key in order else len(order), one.key))
    below = sorted(_below(queue), key=lambda one: (-one.late, -one.cases, one.key)) if queue.column_below else []
    lists = {name: int(queue.any_of(condition(queue, asked)).sum()) for name, condition in CONDITIONS.items()}
    return Counts(tuple(found), tuple(below), lists)


def _steps(queue: Queue) -> Iterator[Step]:
    keys, which = queue.steps
    for place, key in enumerate(keys):
        here = which == place
        late, today, free = (int((here & flag).sum()) for flag in (queue.is_late, queue.is_today, queue.is_free))
        yield Step(key, int(here.sum()), late, today, free, _nearest(queue.due[here & queue.is_open]))


def _below(queue: Queue) -> Iterator[Below]:
    """By the town or unit of each incident."""
    numbers, which = np.unique(queue.below[queue.starts], return_inverse=True)
    late, returned = queue.any_of(queue.is_late), queue.any_of(queue.is_returned)
    risen, due = queue.risen[queue.starts] > 0, queue.least(np.where(queue.is_open, queue.due, FAR))
    for place, key in enumerate(texts(queue.column_below, numbers) if queue.column_below else ()):
        here = which == place
        are_late, have_risen, are_returned = (int((here & flag).sum()) for flag in (late, risen, returned))
        yield Below(key, int(here.sum()), are_late, have_risen, are_returned, _nearest(due[here]))


def _nearest(due: Numbers) -> datetime | None:
    """None where nothing has a limit."""
    nearest = int(due.min()) if len(due) else FAR
    return instant(nearest) if nearest < FAR else None
