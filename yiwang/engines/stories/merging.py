"""A port for reports of one problem: stories merge cases, and the engine that merges them stands above this one.

That engine gives its services here at the start. A story told by people goes through `merge` and `settle_due`, as life
does; a replay has both cases of a batch in hand and uses `merge_in_hand` and `settle_in_hand`, which only then save.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from yiwang.engines.cases.api import Running
from yiwang.engines.directory.api import Actor

MERGE = "merge"
"""The verb of a move by which the case of a sequel is merged into the case it grew out of."""


class Merger(NamedTuple):
    """What the engine above offers.

    `merge(actor, case, main, reason)` and `settle_due()` are whole services; the two in hand take claimed cases under
    a frozen clock and leave saving to the caller. `merge_in_hand(actor, case, main, reason)` refuses as the service
    does but for rights; `settle_in_hand(case, main)` ends a case as its closed main ended.
    """

    merge: Callable[[Actor, UUID, UUID, str], object]
    settle_due: Callable[[], int]
    merge_in_hand: Callable[[Actor, Running, Running, str], None]
    settle_in_hand: Callable[[Running, Running], None]


_offered: list[Merger] = []


def offer_merger(merger: Merger) -> None:
    """Called once at the start by the engine that merges."""
    _offered[:] = [merger]


def merging() -> Merger:
    """What merges cases; a story that merges cannot be told without it."""
    assert _offered, "a story merges cases, and no engine has offered to: see offer_merger"
    return _offered[0]
