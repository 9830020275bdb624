"""Who visits what when: places due in a cell, in the order of a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from yiwang.apps.governance.patrol.intervals import interval_of
from yiwang.apps.governance.patrol.models import CellLead, VisitedPlace
from yiwang.apps.governance.patrol.routes import length, ordered
from yiwang.apps.governance.patrol.selectors.cells import outline_of
from yiwang.apps.governance.patrol.selectors.scoping import PATROL, SUPERVISE, require
from yiwang.engines.directory.api import Actor, name_of, today

MOST_PLACES = 400
"""Places a phone carries; a lead of more is shown those due first. A proposal of ours."""
MOST_STOPS = 60
"""Stops of one round."""


@dataclass(frozen=True, slots=True)
class Round:
    """Places in the order they are walked, and how far that is in metres."""

    places: tuple[VisitedPlace, ...]
    metres: float


def led_cells(actor: Actor) -> list[str]:
    """The cells the actor leads today; one whose end is laid down for a later day is led until then."""
    if actor.user_id is None:
        return []
    on = today()
    standing = Q(to_on=None) | Q(to_on__gt=on)
    rows = CellLead.objects.filter(standing, user_id=actor.user_id, from_on__lte=on).order_by("cell")
    return [cell for cell in rows.values_list("cell", flat=True) if actor.may(PATROL, cell)]


def week_end(on: date) -> date:
    """The Sunday of a day's week."""
    return on + timedelta(days=6 - on.weekday())


def round_of(actor: Actor, cell: str, until: date) -> Round:
    """The round of a cell: places due by `until`, for its supervisors."""
    require(actor, SUPERVISE, cell)
    due = VisitedPlace.objects.filter(cell=cell, closed_on=None, due_on__lte=until).order_by("due_on", "id")
    return walked(list(due[:MOST_STOPS]))


def walked(places: list[VisitedPlace]) -> Round:
    """Put places in the order of a round that begins at the one longest due."""
    points = [(place.longitude, place.latitude) for place in places]
    order = ordered(points)
    return Round(tuple(places[number] for number in order), length(points, order))


def phone_plan(actor: Actor) -> dict[str, Any]:
    """All a phone needs for 72 hours without a net: cells with outlines, places with day and hours, today's round."""
    cells, on = led_cells(actor), today()
    due = VisitedPlace.objects.filter(cell__in=cells, closed_on=None).order_by("due_on", "id")
    places = list(due[:MOST_PLACES])
    day = walked([place for place in places if place.due_on <= on][:MOST_STOPS])
    return {
        "today": on.isoformat(),
        "week_end": week_end(on).isoformat(),
        "cells": [_cell(cell) for cell in cells],
        "places": [_place(place, on) for place in places],
        "round": [str(place.id) for place in day.places],
        "metres": round(day.metres),
    }


def _cell(code: str) -> dict[str, Any]:
    outline = outline_of(code)
    rings = []
    for part in getattr(outline, "geoms", [outline] if outline is not None else []):
        rings.append([[round(x, 5), round(y, 5)] for x, y in part.exterior.coords])
    return {"code": code, "name": f"{name_of(code[:12])} {name_of(code)}", "rings": rings}


def _place(place: VisitedPlace, on: date) -> dict[str, Any]:
    interval = interval_of(place.kind, place.risk, on)
    return {
        "id": str(place.id), "kind": place.kind, "risk": place.risk, "name": place.name, "address": place.address,
        "longitude": place.longitude, "latitude": place.latitude, "cell": place.cell,
        "due_on": place.due_on.isoformat(), "opens": interval.opens, "closes": interval.closes, "people": place.people,
    }  # fmt: skip
