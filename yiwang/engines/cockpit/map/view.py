"""One view of the map for one actor: marks, places and the cases to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
from django.db import connection

from yiwang.engines.cockpit.map.choosing import Box, Mask, in_box, narrowed, overdue, seen, sight
from yiwang.engines.cockpit.map.clusters import (
    Mark,
    Place,
    latitude_of,
    longitude_of,
    marks,
    nearest_due,
    places,
)
from yiwang.engines.cockpit.map.columns import Columns, columns
from yiwang.engines.cockpit.map.statements import WORLD
from yiwang.engines.directory.api import Actor
from yiwang.engines.worklists.api import Search, Sight, catalogue
from yiwang.kernel.clock import now

WHOLE = Box(0, 0, WORLD, WORLD)
MOST_PLACES, MOST_CASES, MOST_POINTS = 12, 20, 300
_CASES = """SELECT p.number, c.id, c.number, c.type, c.version_id, c.division, c.category, c.area, c.status, c.stage,
c.due_at FROM cockpit_casepoint AS p JOIN cases_case AS c ON c.id = p.case_id WHERE p.number = ANY(%s)"""
"""What points and the list say of single cases: no titles, people or addresses."""


class Shown(NamedTuple):
    """A case as the map shows it; titles of its type, category and stages are Chinese."""

    id: UUID
    number: str
    kind: str
    category: str
    stages: tuple[str, ...]
    area: str
    status: str
    due_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class View:
    """What a piece of the map shows. `singles` are the cases of marks that hold only one, by the mark's `place`;
    `unplaced` counts what the same filters find without coordinates, wherever the map is."""

    total: int
    late: int
    unplaced: int
    marks: tuple[Mark, ...]
    singles: dict[int, Shown]
    places: tuple[Place, ...]
    more_places: int
    first: tuple[Shown, ...]


def view(actor: Actor, search: Search, box: Box = WHOLE, zoom: float = 0) -> View:
    """The map for one actor; sums of marks and of places are the number of cases in the view."""
    reach, known = sight(actor), columns()
    mask = narrowed(known, seen(known, reach), search)
    inside, late = in_box(known, mask, box), overdue(known, now())
    here = np.flatnonzero(inside)
    found = marks(known, here, late, box, zoom)
    listed, more = places(known, here, late, MOST_PLACES)
    urgent = nearest_due(known, here, MOST_CASES)
    alone = [mark.place for mark in found if mark.place >= 0]
    shown = _cases({*urgent, *alone[:MOST_POINTS]}, reach)
    return View(
        len(here), int(np.count_nonzero(late[here])), _unplaced(known, mask), tuple(found),
        {place: shown[place] for place in alone if place in shown}, tuple(listed), more,
        tuple(shown[place] for place in urgent if place in shown),
    )  # fmt: skip


def _unplaced(known: Columns, mask: Mask) -> int:
    return int(np.count_nonzero(mask & (known["x"] < 0)))


def box_of_all(actor: Actor, search: Search) -> tuple[float, float, float, float] | None:
    """West, south, east, north of everything a search finds with coordinates: for a district without outlines."""
    known = columns()
    found = in_box(known, narrowed(known, seen(known, sight(actor)), search), WHOLE)
    if not found.any():
        return None
    x, y = known["x"][found], known["y"][found]
    edges = (longitude_of(x.min()), latitude_of(y.max()), longitude_of(x.max()), latitude_of(y.min()))
    return edges[0], edges[1], edges[2], edges[3]


def _cases(chosen: set[int], reach: Sight) -> dict[int, Shown]:
    """Single cases by their place; asked again whether they are in reach, for what is in memory may be a second old."""
    if not chosen:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [[place + 1 for place in chosen]])
        return {row[0] - 1: _shown(row[1:]) for row in cursor.fetchall() if is_reached(reach, *row[3:6])}


def is_reached(reach: Sight, type: str, version: UUID, division: str) -> bool:
    """Whether one case of this type, version and division is in reach."""
    return any(
        division.startswith(prefix) and kind == type and one in (None, version) for prefix, kind, one in reach.rows
    )


def _shown(row: Sequence[object]) -> Shown:
    id, number, type, _, _, category, area, status, stage, due = row
    known, at = catalogue(), now()
    kind = known.kinds.get(str(type))
    stages = tuple(known.stage_title(str(type), key) for key in str(stage).split(",") if key)
    is_late = status == "open" and isinstance(due, datetime) and due.astimezone(UTC) < at
    title = kind.title if kind else str(type)
    return Shown(
        id, str(number), title, known.category_title(str(type), str(category)) if category else title,  # type: ignore[arg-type]
        stages, str(area), str(status), due, is_late,  # type: ignore[arg-type]
    )  # fmt: skip
