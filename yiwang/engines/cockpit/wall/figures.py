"""What the wall says for one reach: numbers from the columns in memory, queues and deadlines from the tasks.

No person, text or address is read, only types, classes, stages, towns, case numbers and instants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import numpy as np
from django.db import connection

from yiwang.engines.cockpit.map.choosing import CANCELLED, CLOSED, OPEN, SUSPENDED, Mask, overdue, seconds, seen
from yiwang.engines.cockpit.map.columns import Columns
from yiwang.engines.processes.api import PERSONAL
from yiwang.engines.worklists.api import Sight, catalogue
from yiwang.kernel.clock import CHINA, now

WEEK, DAY, RATE_DAYS, CLASS_DAYS = 7 * 86_400, 86_400, 30, 7
MOST_CLOCKS, MOST_EVENTS, MOST_CLASSES, MOST_QUEUES = 6, 6, 6, 6
_WORKED = sorted(PERSONAL - {"signing"})
"""A countersigned step is one piece of work, however many sign it."""
_REACHED = """EXISTS (SELECT 1 FROM unnest(%(prefixes)s::text[], %(types)s::text[], %(versions)s::uuid[])
AS given(prefix, type, version) WHERE given.type = {row}.type AND starts_with({row}.division, given.prefix)
AND (given.version IS NULL OR given.version = {version}))"""
_TASKS = f"""cases_token AS t JOIN cases_case AS c ON c.id = t.case_id
WHERE t.status = ANY(%(worked)s) AND {_REACHED.format(row="t", version="c.version_id")}"""
_QUEUES = f"""SELECT t.type, t.node, count(*), count(*) FILTER (WHERE t.due_at < %(now)s AND c.status = 'open')
FROM {_TASKS} AND c.status IN ('open', 'suspended') GROUP BY t.type, t.node"""
_CLOCKS = f"""WITH near AS MATERIALIZED (
    SELECT t.case_id, t.no, t.type, t.node, t.due_at, c.number, c.category, c.division
    FROM {_TASKS} AND c.status = 'open' AND t.due_at >= %(now)s ORDER BY t.due_at LIMIT 50
) SELECT type, node, due_at, number, category, division FROM near WHERE NOT EXISTS (SELECT 1 FROM cases_due AS stopped
    WHERE stopped.case_id = near.case_id AND stopped.token = near.no AND stopped.is_stopped)
ORDER BY due_at, number LIMIT {MOST_CLOCKS}"""
"""The deadlines that come next, but for tasks whose clock stands still."""
_EVENTS = f"""SELECT m.at, m.number, m.division, m.type, m.category, m.verb, m.status, m.stage, m.outcome
FROM cockpit_movement AS m WHERE {_REACHED.format(row="m", version="m.version")}
ORDER BY m.id DESC LIMIT {MOST_EVENTS}"""


class Hour(NamedTuple):
    """Reports of one hour: today (None while it has not come) and on the same weekday a week before."""

    hour: int
    today: int | None
    before: int


class Queue(NamedTuple):
    """Work that stands at a stage; titles are Chinese."""

    kind: str
    stage: str
    cases: int
    late: int


class Burst(NamedTuple):
    """A deadline of a task that comes next."""

    number: str
    category: str
    stage: str
    division: str
    due_at: datetime


class Happened(NamedTuple):
    """A step somebody took: the key of its verb, and where the case stands after it."""

    at: datetime
    number: str
    category: str
    division: str
    verb: str
    status: str
    standing: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The wall's numbers. `before` counts reports up to the same minute a week ago; `rate` is None without a base:
    of the cases of thirty days that were closed or whose limit is over, how many in percent are closed."""

    opened: int
    before: int
    closed: int
    running: int
    late: int
    due_today: int
    rate: Decimal | None
    hours: tuple[Hour, ...]
    classes: tuple[tuple[str, int], ...]
    queues: tuple[Queue, ...]
    clocks: tuple[Burst, ...]
    events: tuple[Happened, ...]


def figures(reach: Sight, known: Columns) -> Figures:
    """All of it for whoever has this reach."""
    mask, at = seen(known, reach), now()
    midnight = seconds(at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0))
    opened, closed, due, status = known["opened"], known["closed"], known["due"], known["status"]
    running = mask & (status <= SUSPENDED)
    a_week_ago = mask & (opened >= midnight - WEEK)
    parameters = _parameters(reach, at)
    return Figures(
        _count(mask & (opened >= midnight)),
        _count(a_week_ago & (opened <= seconds(at) - WEEK)),
        _count(mask & (status == CLOSED) & (closed >= midnight)),
        _count(running),
        _count(mask & overdue(known, at)),
        _count(running & (status == OPEN) & (due >= seconds(at)) & (due < midnight + DAY)),
        _rate(known, mask, seconds(at)),
        _hours(opened[a_week_ago], midnight, at.astimezone(CHINA).hour),
        _classes(known, mask & (opened >= midnight - (CLASS_DAYS - 1) * DAY)),
        _queues(parameters), _clocks(parameters), _events(parameters),
    )  # fmt: skip


def _count(mask: Mask) -> int:
    return int(np.count_nonzero(mask))


def _parameters(reach: Sight, at: datetime) -> dict[str, Any]:
    prefixes, types, versions = zip(*reach.rows, strict=True) if reach.rows else ((), (), ())
    return {"prefixes": list(prefixes), "types": list(types), "versions": list(versions), "worked": _WORKED, "now": at}


def _rate(known: Columns, mask: Mask, at: int) -> Decimal | None:
    status = known["status"]
    recent = mask & (known["opened"] >= at - RATE_DAYS * DAY) & (status != CANCELLED)
    ended = _count(recent & (status == CLOSED))
    should = ended + _count(recent & (status < CLOSED) & (known["due"] <= at))
    if not should:
        return None
    return (Decimal(ended * 100) / should).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _hours(opened: np.ndarray[Any, Any], midnight: int, present: int) -> tuple[Hour, ...]:
    today = np.bincount((opened[opened >= midnight] - midnight) // 3600, minlength=24)
    gone = opened[opened < midnight - WEEK + DAY]
    before = np.bincount((gone - midnight + WEEK) // 3600, minlength=24)
    return tuple(Hour(hour, int(today[hour]) if hour <= present else None, int(before[hour])) for hour in range(24))


def _classes(known: Columns, mask: Mask) -> tuple[tuple[str, int], ...]:
    """The classes most reported in seven days, today among them."""
    versions, categories = known["version"][mask].astype(np.int64), known["category"][mask]
    pairs, counts = np.unique(versions << 32 | categories, return_counts=True)
    types = {str(version): type for type, found in catalogue().roles.items() for version in found}
    totals: dict[str, int] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        title = _category(types.get(known.text(pair >> 32), ""), known.text(pair & 0xFFFFFFFF))
        totals[title] = totals.get(title, 0) + count
    return tuple(sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_CLASSES])


def _category(type: str, key: str) -> str:
    """The title of a class; of its type where it has none."""
    kind = catalogue().kinds.get(type)
    return catalogue().category_title(type, key) if key else (kind.title if kind else type)


def _read(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _queues(parameters: dict[str, Any]) -> tuple[Queue, ...]:
    """In the order of work, type by type; the fullest when there are too many."""
    found: dict[tuple[str, str], tuple[int, int]] = {
        (type, node): (count, late) for type, node, count, late in _read(_QUEUES, parameters)
    }
    kinds = catalogue().kinds
    fullest = set(sorted(found, key=lambda key: -found[key][0])[:MOST_QUEUES])
    return tuple(
        Queue(kind.title, title, *found[type, node])
        for type, kind in kinds.items()
        for node, title in kind.stages.items()
        if (type, node) in fullest
    )


def _clocks(parameters: dict[str, Any]) -> tuple[Burst, ...]:
    return tuple(
        Burst(number, _category(type, category), catalogue().stage_title(type, node), division, due_at)
        for type, node, due_at, number, category, division in _read(_CLOCKS, parameters)
    )


def _events(parameters: dict[str, Any]) -> tuple[Happened, ...]:
    return tuple(
        Happened(at, number, _category(type, category), division, verb, status, _standing(type, status, stage, outcome))
        for at, number, division, type, category, verb, status, stage, outcome in _read(_EVENTS, parameters)
    )


def _standing(type: str, status: str, stage: str, outcome: str) -> str:
    """Titles of the stages a case stands at, or of the end it came to."""
    if status == "closed":
        return catalogue().outcome_title(type, outcome)
    return "、".join(catalogue().stage_title(type, key) for key in stage.split(",") if key)
