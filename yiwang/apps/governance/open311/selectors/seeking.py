"""Requests as anybody may read them: place, service, state and times; never who reported, nor what staff wrote.

Text and pictures are shown only of reports that came by this interface, whose programs say so to their people; and,
unless the book says otherwise, only after a person accepted the report (a proposal).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from yiwang.apps.governance.open311.asking import MOST_ROWS, Asked, Circle
from yiwang.apps.governance.open311.offer import INCIDENT, offices, option
from yiwang.apps.governance.open311.states import ENDED, STATE_SQL
from yiwang.engines.directory.api import Actor, children, district_code

PUBLIC_TYPES = (INCIDENT,)
"""Kinds of case that are public at all."""
_EARTH = 6_371_008.8
_DEGREE = 111_195.0
"""Metres of a degree of latitude, a little short, so that the box holds the circle."""
_CODE = "COALESCE(s.service_code, NULLIF(c.data ->> 'class_code', ''), c.category)"
_READ = f"""SELECT c.id, c.number, {_CODE}, {STATE_SQL}, c.opened_at, c.changed_at, c.due_at, c.closed_at,
    c.latitude, c.longitude, c.data ->> 'unit', c.category,
    COALESCE(c.data ->> 'accepted', 'no') <> 'no', s.id IS NOT NULL, s.description, s.address, s.media_url
FROM cases_case AS c LEFT JOIN open311_submission AS s ON s.case_id = c.id WHERE """
_ORDER = " ORDER BY c.opened_at DESC, c.id DESC LIMIT %s"
_EACH = """SELECT found.* FROM unnest(%s::text[]) AS place(code) CROSS JOIN unnest(%s::text[]) AS kind(key)
CROSS JOIN LATERAL ({read} c.division = place.code AND c.type = kind.key {more} {order}) AS found
ORDER BY found.opened_at DESC, found.id DESC LIMIT %s OFFSET %s"""
"""The newest of each division by its index, then the newest of those: no more rows are read than may be shown."""
_DISTANCE = f"""{2 * _EARTH} * asin(LEAST(1, sqrt(sin(radians(c.latitude - %s) / 2) ^ 2
    + cos(radians(%s)) * cos(radians(c.latitude)) * sin(radians(c.longitude - %s) / 2) ^ 2))) <= %s"""
"""Metres between two points of a sphere; without an extension PostgreSQL has no function for it."""


class Found(NamedTuple):
    """A request. `description`, `address`, `media_url` are '' when they are not public."""

    id: UUID
    number: str
    service_code: str
    state: str
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    latitude: float | None
    longitude: float | None
    agency: str
    category: str
    description: str
    address: str
    media_url: str


def requests(actor: Actor, asked: Asked) -> list[Found]:
    """What was asked for, newest first: one statement however many there are. Everybody reads the same."""
    types = list(PUBLIC_TYPES)
    if asked.numbers:
        return _read("c.number = ANY(%s) AND c.type = ANY(%s)", [list(asked.numbers), types, MOST_ROWS])
    begin = (asked.page - 1) * asked.page_size
    conditions = list(_conditions(asked))
    more = "".join(f" AND {condition}" for condition, _ in conditions)
    values = [value for _, values in conditions for value in values]
    divisions = [district_code(), *(one.code for one in children(district_code()))]
    statement = _EACH.format(read=_READ, more=more, order=_ORDER)
    return _rows(statement, [divisions, types, *values, begin + asked.page_size, asked.page_size, begin])


def request_of(actor: Actor, case_id: UUID) -> Found | None:
    """One public case by its id."""
    return next(iter(_read("c.id = %s AND c.type = ANY(%s)", [case_id, list(PUBLIC_TYPES), 1])), None)


def _read(condition: str, values: list[Any]) -> list[Found]:
    return _rows(_READ + condition + _ORDER, values)


def _rows(statement: str, values: list[Any]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    digits, is_early, agencies = option("coordinate_digits"), bool(option("publish_unreviewed")), offices()
    return [_found(row, digits, is_early, agencies) for row in rows]


def _found(row: tuple[Any, ...], digits: int, is_early: bool, agencies: Mapping[str, str]) -> Found:
    *facts, latitude, longitude, unit, category, is_accepted, is_ours, description, address, media_url = row
    shown = (description, address, media_url) if is_ours and (is_accepted or is_early) else ("", "", "")
    where = [None if one is None else round(one, digits) for one in (latitude, longitude)]
    return Found._make((*facts, *where, agencies.get(unit or "", ""), category, *shown))


def _conditions(asked: Asked) -> Iterator[tuple[str, list[Any]]]:
    for condition, value in (
        ("c.opened_at >= %s", asked.begins), ("c.opened_at <= %s", asked.ends),
        ("c.changed_at >= %s", asked.updated_after), ("c.changed_at <= %s", asked.updated_before),
    ):  # fmt: skip
        if value is not None:
            yield condition, [value]
    if asked.service_codes:
        yield f"{_CODE} = ANY(%s)", [list(asked.service_codes)]
    if asked.has_photo is not None:
        yield "(jsonb_array_length(COALESCE(NULLIF(c.data -> 'before', 'null'), '[]')) > 0) = %s", [asked.has_photo]
    if asked.states:
        yield _of_states(asked.states)
    if asked.circle is not None:
        yield from _inside(asked.circle)


def _of_states(states: Sequence[str]) -> tuple[str, list[Any]]:
    """The standard's two words take in all finer ones."""
    parts, values = [f"{STATE_SQL} = ANY(%s)"], [list(states)]
    for word, condition in (("open", "c.status <> ALL(%s)"), ("closed", "c.status = ANY(%s)")):
        if word in states:
            parts.append(condition)
            values.append(list(ENDED))
    return f"({' OR '.join(parts)})", values


def _inside(circle: Circle) -> Iterator[tuple[str, list[Any]]]:
    """A box first, then the circle."""
    high = circle.metres / _DEGREE
    wide = high / max(math.cos(math.radians(circle.latitude)), 0.01)
    yield "c.latitude BETWEEN %s AND %s", [circle.latitude - high, circle.latitude + high]
    yield "c.longitude BETWEEN %s AND %s", [circle.longitude - wide, circle.longitude + wide]
    yield _DISTANCE, [circle.latitude, circle.latitude, circle.longitude, circle.metres]
