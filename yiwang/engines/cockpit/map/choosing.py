"""Which of the columns' cases an actor sees and a search means, as one mask; `worklists` says what both words mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from yiwang.engines.cockpit.map.columns import Columns
from yiwang.engines.cockpit.map.statements import GONE, NEVER, SECONDS_ZERO, STATUSES
from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.api import Search, Sight, catalogue, sight_of
from yiwang.kernel.clock import CHINA, now

Mask = npt.NDArray[np.bool_]
OPEN, SUSPENDED, CLOSED, CANCELLED = range(len(STATUSES))
_RUNNING = (OPEN, SUSPENDED)


class Box(NamedTuple):
    """A piece of the map in Mercator's whole numbers; `west <= x < east`, `north <= y < south`."""

    west: int
    north: int
    east: int
    south: int


def sight(actor: Actor) -> Sight:
    """What the actor's posts reach. Whoever only took part in a case finds it in the lists, not on the map."""
    return sight_of(actor, catalogue())


def seconds(at: datetime) -> int:
    """An instant as the columns have it."""
    return min(int(at.timestamp()) - SECONDS_ZERO, NEVER)


def seen(columns: Columns, reach: Sight) -> Mask:
    """Cases in reach. Versions that are reached in the same divisions are looked for together, usually all of them."""
    found: Mask = np.zeros(columns.size, np.bool_)
    by_divisions: dict[frozenset[str], list[int]] = defaultdict(list)
    for version, prefixes in _prefixes(columns, reach).items():
        by_divisions[prefixes].append(version)
    for prefixes, versions in by_divisions.items():
        inside = _words(columns, (word for text, word in columns.words.items() if text.startswith(tuple(prefixes))))
        found |= inside[columns["division"]] & _words(columns, versions)[columns["version"]]
    found &= columns["status"] != GONE
    return found


def _prefixes(columns: Columns, reach: Sight) -> dict[int, frozenset[str]]:
    """Division prefixes by the word of each version that cases in the columns have."""
    known, gathered = catalogue().roles, defaultdict(set)
    for prefix, type, version in reach.rows:
        for one in (version,) if version else known.get(type, ()):
            word = columns.words.get(str(one))
            if word is not None:
                gathered[word].add(prefix)
    return {word: frozenset(prefixes) for word, prefixes in gathered.items()}


def _words(columns: Columns, chosen: Iterable[int]) -> Mask:
    """A table that says of each word whether it is one of these."""
    table: Mask = np.zeros(len(columns.texts), np.bool_)
    table[list(chosen)] = True
    return table


def narrowed(columns: Columns, mask: Mask, search: Search) -> Mask:
    """The mask with the search's filters on it; the same cases as the list of this search shows."""
    if search.type:
        mask &= _words(columns, versions_of(columns, search.type))[columns["version"]]
    if search.category:
        mask &= columns["category"] == columns.words.get(search.category, -1)
    if search.area:
        mask &= _in_area(columns, search.area)
    mask &= _of_status(columns["status"], search)
    if search.due:
        mask &= _of_due(columns, search.due)
    return _of_days(columns, mask, search)


def versions_of(columns: Columns, type: str) -> list[int]:
    """Words of the versions of a type."""
    return [columns.words[str(one)] for one in catalogue().roles.get(type, ()) if str(one) in columns.words]


def _in_area(columns: Columns, area: str) -> Mask:
    """By the finest division kept, the village; of an area inside one its village is taken."""
    inside = (word for text, word in columns.words.items() if text.startswith(area[:12]))
    return _words(columns, inside)[columns["village"]]


def _of_status(status: npt.NDArray[np.int32], search: Search) -> Mask:
    if search.status and search.status != "running":
        found: Mask = status == STATUSES.index(search.status)
        return found
    running: Mask = status <= SUSPENDED
    return running if search.is_running else status < GONE


def overdue(columns: Columns, at: datetime) -> Mask:
    """Cases in work whose whole limit is over; a case that stands still is not late."""
    late: Mask = (columns["status"] == OPEN) & (columns["due"] < seconds(at))
    return late


def _of_due(columns: Columns, due: str) -> Mask:
    at = now()
    if due == "overdue":
        return overdue(columns, at)
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0).timestamp() + 86_400
    found: Mask = (columns["due"] >= seconds(at)) & (columns["due"] < int(midnight) - SECONDS_ZERO)
    return found & (columns["status"] <= SUSPENDED)


def _of_days(columns: Columns, mask: Mask, search: Search) -> Mask:
    """Both days inclusive, in Chinese time."""
    if search.opened_from:
        begin = datetime(*search.opened_from.timetuple()[:3], tzinfo=CHINA)
        mask &= columns["opened"] >= seconds(begin)
    if search.opened_to:
        end = datetime(*search.opened_to.timetuple()[:3], tzinfo=CHINA)
        mask &= columns["opened"] < seconds(end) + 86_400
    return mask


def in_box(columns: Columns, mask: Mask, box: Box) -> Mask:
    """The mask with a piece of the map on it; what has no coordinates is in none."""
    x, y = columns["x"], columns["y"]
    return mask & (x >= box.west) & (x < box.east) & (y >= box.north) & (y < box.south)
