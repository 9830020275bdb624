"""Reading the ledger: a page of it, one component, what stands near a point, marks for a map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Power

from yiwang.apps.governance.catalogue.book import catalogue_on
from yiwang.apps.governance.catalogue.ledger.rights import seen_prefixes, within
from yiwang.apps.governance.catalogue.models import STATES, Component, Import
from yiwang.apps.governance.catalogue.rights import EDIT_CLASSES, EDIT_COMPONENTS
from yiwang.engines.directory.api import Actor, district_code
from yiwang.kernel.errors import NotFound

SIZE = 50
MOST_MARKS = 300
"""Marks on one map before they hide it."""
NEAR_METRES = 150
"""How far from a report its component may stand; positions of phones are worse in narrow lanes. A proposal."""
_METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters; '' leaves one open. `q`: the beginning of a code, or words of a class."""

    q: str = ""
    class_code: str = ""
    state: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Component, ...]
    after: str
    """Code to go on after; '' on the last page."""


class Nearest(NamedTuple):
    """What stands next to a point, for whoever reports: no office, no note."""

    code: str
    name: str
    class_code: str
    metres: int


def _asked(actor: Actor, asked: Asked) -> QuerySet[Component]:
    rows = Component.objects.filter(within(seen_prefixes(actor)))
    if asked.class_code:
        rows = rows.filter(class_code=asked.class_code)
    if asked.state in dict(STATES):
        rows = rows.filter(state=asked.state)
    if asked.division:
        rows = rows.filter(cell__startswith=asked.division)
    return rows.filter(_words(asked.q)) if asked.q else rows


def _words(text: str) -> Q:
    """Digits begin a code; words name a class."""
    if text.isascii() and text.isdigit():
        return Q(code__startswith=text)
    found = [rows[0].class_code for rows in catalogue_on().search(text)]
    return Q(class_code__in=[code for code in found if code.startswith("C")])


def page(actor: Actor, asked: Asked, *, after: str = "", size: int = SIZE) -> Page:
    """A page of the ledger in the order of codes, beginning behind `after`; one statement."""
    rows = _asked(actor, asked)
    if after:
        rows = rows.filter(code__gt=after)
    found = list(rows[: size + 1])
    return Page(tuple(found[:size]), found[size - 1].code if len(found) > size else "")


def every(actor: Actor, asked: Asked, most: int) -> Sequence[Component]:
    """Up to `most` components in the order of codes, for an export."""
    return list(_asked(actor, asked)[:most])


def marks(actor: Actor, asked: Asked) -> tuple[list[Component], bool]:
    """Components for a map, and whether there are more than it shows."""
    found = list(_asked(actor, asked)[: MOST_MARKS + 1])
    return found[:MOST_MARKS], len(found) > MOST_MARKS


def component(actor: Actor, code: str) -> Component:
    """One component the actor may look at; NotFound otherwise."""
    found = Component.objects.filter(within(seen_prefixes(actor)), pk=code).first()
    if found is None:
        raise NotFound
    return found


def near(longitude: float, latitude: float, class_code: str, within_metres: float, most: int) -> list[Nearest]:
    """Components in use around a WGS-84 point (of a class, when one is given), nearest first.

    What stands in public places is public, so nobody is asked who asks.
    """
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        return []
    tall = within_metres / _METRES_PER_DEGREE
    shrink = max(math.cos(math.radians(latitude)), 0.01)
    rows = Component.objects.filter(
        ~Q(state="retired"),
        latitude__range=(latitude - tall, latitude + tall),
        longitude__range=(longitude - tall / shrink, longitude + tall / shrink),
    )
    if class_code:
        rows = rows.filter(class_code=class_code)
    distance = Power((F("longitude") - longitude) * shrink, 2) + Power(F("latitude") - latitude, 2)
    found = [
        Nearest(row.code, row.name, row.class_code, round(metres(longitude, latitude, row.longitude, row.latitude)))
        for row in rows.order_by(distance, "code")[:most]
    ]
    return [one for one in found if one.metres <= within_metres]


def metres(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Distance of two points of one city: a plane is exact to the metre there."""
    east = (other_longitude - longitude) * math.cos(math.radians(latitude))
    return math.hypot(east, other_latitude - latitude) * _METRES_PER_DEGREE


def imports(actor: Actor, kind: str, most: int = 20) -> list[Import]:
    """The latest imports of a kind that the actor may look at."""
    verb = EDIT_CLASSES if kind == "classes" else EDIT_COMPONENTS
    rows = Import.objects.filter(within(actor.scopes(verb), "division"), kind=kind)
    return list(rows.defer("facts")[:most])


def one_import(actor: Actor, import_id: int) -> Import:
    """The report of one import; NotFound when it is not the actor's."""
    row = Import.objects.filter(pk=import_id).first()
    verb = EDIT_CLASSES if row is not None and row.kind == "classes" else EDIT_COMPONENTS
    if row is None or not actor.may(verb, row.division):
        raise NotFound
    return row


def is_empty() -> bool:
    """Whether the district has no ledger yet."""
    return not Component.objects.filter(code__startswith=district_code()).exists()
