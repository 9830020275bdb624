"""A year of visits, written in sets: 530,000 at scale 1, with misses, duplicates, refusals and late replays.

Not through the phone's door one by one, but with the same judgements kept: what is written here is what the services
would have written, down to digests, records and the chained history (one entry for a village and day). A share of the
year is whole villages, so that their coverage is real; the order is the towns with most villages first.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, transaction

from yiwang.apps.governance.patrol import ledger
from yiwang.apps.governance.patrol.intervals import Interval, interval_of
from yiwang.apps.governance.patrol.models import Visit, VisitedPlace
from yiwang.apps.governance.patrol.selectors.cells import leads_of
from yiwang.apps.governance.patrol.services.cell_months import month_of, write_months
from yiwang.apps.governance.patrol.told import drawn, record_rows, visit_row
from yiwang.engines.directory.api import system_actor
from yiwang.engines.trust.api import Entry, entry
from yiwang.kernel.clock import CHINA

PER_YEAR = 530_000
CHUNK = 5_000
SKIPPED = 0.04
"""Share of due visits nobody makes."""
WRITER = system_actor("巡查年度演示")
VISIT_COLUMNS = (
    "id, place_id, cell, inspector_id, inspector, status, reason, taken_at, said_at, received_at, skew, is_late,"
    " longitude, latitude, accuracy, finding, rectify_by, form, digest"
)
RECORD_COLUMNS = "visit_id, system, cell, at, status, reference, content"
_DUE = """
UPDATE patrol_visitedplace AS place SET visited_at = last.taken_at,
    due_on = least((last.taken_at AT TIME ZONE 'Asia/Shanghai')::date + term.days, last.rectify_by)
FROM (SELECT DISTINCT ON (place_id) place_id, taken_at, rectify_by FROM patrol_visit
      WHERE status = 'done' AND cell LIKE %s ORDER BY place_id, taken_at DESC) AS last,
    unnest(%s::uuid[], %s::int[]) AS term (id, days)
WHERE place.id = last.place_id AND term.id = place.id
    AND (place.visited_at IS NULL OR place.visited_at < last.taken_at)
"""


class Stop(NamedTuple):
    """A place with what a year needs of it."""

    id: str
    kind: str
    name: str
    address: str
    cell: str
    longitude: float
    latitude: float
    people: int
    interval: Interval
    inspector_id: int | None
    inspector: str


def write_year(district: str, begin: datetime, end: datetime, scale: float) -> Iterator[int]:
    """Write the visits from `begin` to before `end` (aware) at `scale` of 530,000 a year; yields how many so far.

    Nothing is written when the district has visits in that time already.
    """
    if Visit.objects.filter(cell__startswith=district, taken_at__gte=begin, taken_at__lt=end).exists():
        return
    days = (end - begin).total_seconds() / 86_400
    stops, speed = _stops(district, round(PER_YEAR * scale * days / 365), days)
    if not stops:
        return
    rng = random.Random(f"patrol:{district}:{begin:%Y}")
    written = 0
    for batch in _batches(_moments(stops, begin, days, speed)):
        written += _write(stops, batch, rng)
        yield written
    terms = ([stop.id for stop in stops], [stop.interval.days for stop in stops])
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [f"{district}%", *terms])
    write_months(month_of(begin), month_of(end - timedelta(seconds=1)), recent=month_of(begin))


def _stops(district: str, wanted: int, days: float) -> tuple[list[Stop], float]:
    """Places of whole villages until they bring the wanted visits, and by how much faster than due they are visited."""
    rows = VisitedPlace.objects.filter(cell__startswith=district, closed_on=None).order_by("cell", "id")
    villages: dict[str, list[VisitedPlace]] = defaultdict(list)
    for row in rows:
        villages[row.cell[:12]].append(row)
    sizes: dict[str, int] = defaultdict(int)
    for village in villages:
        sizes[village[:9]] += 1
    found: list[Stop] = []
    expected = 0.0
    for village in sorted(villages, key=lambda code: (-sizes[code[:9]], code)):
        if expected >= wanted:
            break
        inside = _village_stops(villages[village])
        found += inside
        expected += sum(days / stop.interval.days for stop in inside) * (1 - SKIPPED)
    return found, (wanted / expected if expected else 1.0)


def _village_stops(rows: Sequence[VisitedPlace]) -> list[Stop]:
    leads, on = leads_of({row.cell for row in rows}), date(2021, 1, 1)
    return [
        Stop(
            str(row.id), row.kind, row.name, row.address, row.cell, row.longitude, row.latitude, row.people or 2,
            interval_of(row.kind, row.risk, on), *leads.get(row.cell, (None, "网格员")),
        )
        for row in rows
    ]  # fmt: skip


def _moments(stops: Sequence[Stop], begin: datetime, days: float, speed: float) -> np.ndarray[Any, Any]:
    """(day, index of the place) of every visit, in order of days: each interval drawn a little early or late."""
    generator = np.random.default_rng(530)
    parts = []
    for index, stop in enumerate(stops):
        step = max(stop.interval.days / speed, 0.6)
        count = int(days / step) + 2
        at = np.cumsum(generator.uniform(0.82, 1.06, count) * step * (1 / 0.94)) - step * generator.random()
        at = at[(at >= 0) & (at < days - 0.001) & (generator.random(count) >= SKIPPED)]
        parts.append(np.column_stack((np.floor(at), np.full(len(at), index))))
    moments = np.concatenate(parts).astype(np.int64)
    ordered: np.ndarray[Any, Any] = moments[np.lexsort((moments[:, 1], moments[:, 0]))]
    first = begin.astimezone(CHINA).date().toordinal()
    ordered[:, 0] += first
    return ordered


def _batches(moments: np.ndarray[Any, Any]) -> Iterator[list[tuple[int, int]]]:
    """Whole days together, about `CHUNK` visits at a time."""
    edges = np.flatnonzero(np.diff(moments[:, 0])) + 1
    start = 0
    for edge in [*edges.tolist(), len(moments)]:
        if edge - start >= CHUNK or edge == len(moments):
            yield [(day, index) for day, index in moments[start:edge].tolist()]
            start = edge


def _write(stops: Sequence[Stop], batch: list[tuple[int, int]], rng: random.Random) -> int:
    """One transaction: visits, records and history of some days."""
    visits: list[str] = []
    records: list[str] = []
    vouched: dict[tuple[str, int], list[list[str]]] = defaultdict(list)
    for day, index in batch:
        for outcome in drawn(stops[index], date.fromordinal(day), rng):
            row, digest = visit_row(stops[index], outcome)
            visits.append(row)
            records += record_rows(stops[index], outcome)
            vouched[stops[index].cell[:12], day].append([outcome.id, digest])
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, "patrol_visit", VISIT_COLUMNS, visits)
        _copy(cursor, "patrol_patrolrecord", RECORD_COLUMNS, records)
        ledger.append_all(_entries(vouched))
    return len(visits)


def _copy(cursor: Any, table: str, columns: str, rows: list[str]) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        copy.write("".join(rows))


def _entries(vouched: dict[tuple[str, int], list[list[str]]]) -> dict[str, list[Entry]]:
    """One entry for each village and day, written at the end of that day."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for (village, day), visits in sorted(vouched.items()):
        at = datetime.combine(date.fromordinal(day) + timedelta(days=1), time(), CHINA).astimezone(UTC)
        entries[village].append(entry(ledger.VISITS, {"visits": visits}, actor=WRITER, division=village, at=at))
    return entries
