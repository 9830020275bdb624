"""How alike two reports are, by place, time, words and person, with the reasons. Pure: no database.

Every number here is a proposal: no source states when two reports are of one problem (R34 names what is compared).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, floor, hypot, radians

from yiwang.engines.language.api import grams, shared_words, similarity

SIGNATURE_BITS = 256
TILE = 0.003
"""Side of a tile in degrees: 333 m northward, some 305 m eastward in this latitude. No radius may be larger."""
_ROW = 1_000_000
METRES_PER_DEGREE = 111_320.0

_WHERE = re.compile(
    r"[\u4e00-\u9fff0-9]{0,4}?(?:门口|路口|对面|旁边|旁|附近|东侧|西侧|南侧|北侧|东门|西门|南门|北门|路段|交界处|交汇处|牌坊处|[0-9]+号)"
)
"""A place as people name it in a report, with up to four signs before it: 小学门口, 狮山大道1号."""


@dataclass(frozen=True)
class Proposals:
    """What counts, and how much, until somebody says otherwise. Weights add up to 1 without the person's."""

    radius: float = 300.0
    """Metres within which two reports can be of one problem."""
    span: timedelta = timedelta(days=30)
    """Time within which they can be."""
    place: float = 0.30
    time: float = 0.10
    text: float = 0.50
    category: float = 0.10
    other_category: float = 0.15
    """Taken off where both are known and differ within a type: people err in the class, so it decides nothing alone."""
    person: float = 0.20
    least_matter: float = 0.15
    """Words beside those for the place must have so much in common: two problems can stand side by side."""
    threshold: float = 0.50
    candidates: int = 24
    """How many of the nearest in all respects are compared word by word."""
    glances: int = 240
    """Questions for reports nearby that one address may ask in an hour."""
    nearby_step: int = 50
    """Metres to which distances are rounded for the public."""


PROPOSALS = Proposals()


@dataclass(frozen=True, slots=True)
class Facts:
    """A report to be compared: what is known of it, '' or None where nothing is."""

    type: str
    text: str
    at: datetime
    longitude: float | None = None
    latitude: float | None = None
    village: str = ""
    category: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` 0 to 1; `metres` and `shared` words are the reasons, with what else agrees."""

    score: float
    metres: float | None
    apart: timedelta
    shared: tuple[str, ...]
    is_same_category: bool
    is_same_person: bool


def signature(text: str) -> str:
    """The text's pairs of characters as bits: what two have in common is counted before any text is read."""
    bits = bytearray(b"0" * SIGNATURE_BITS)
    for gram in grams(text):
        bits[zlib.crc32(gram.encode()) % SIGNATURE_BITS] = 49
    return bits.decode()


def tile(longitude: float | None, latitude: float | None) -> int:
    """The number of the square a point lies in; 0 without a point."""
    if longitude is None or latitude is None:
        return 0
    return floor(latitude / TILE) * _ROW + floor(longitude / TILE)


def tiles_around(longitude: float | None, latitude: float | None) -> list[int]:
    """The square and its eight neighbours: everything within the radius lies in them."""
    middle = tile(longitude, latitude)
    if not middle:
        return []
    return [middle + row * _ROW + column for row in (-1, 0, 1) for column in (-1, 0, 1)]


def matter(text: str) -> str:
    """The text without the words that only say where: those count by the distance already. Itself when nothing is left.

    >>> matter("小学门口人行道井盖缺失"), matter("公交站旁")
    ('人行道井盖缺失', '公交站旁')
    """
    return _WHERE.sub(" ", text).strip() or text


def metres_between(one: Facts, other: Facts) -> float | None:
    """The distance on the ground, exact enough for a few hundred metres; None when a place is unknown."""
    if one.longitude is None or one.latitude is None or other.longitude is None or other.latitude is None:
        return None
    east = (other.longitude - one.longitude) * cos(radians(one.latitude))
    return hypot(east, other.latitude - one.latitude) * METRES_PER_DEGREE


def likeness(one: Facts, other: Facts, proposals: Proposals = PROPOSALS) -> Likeness | None:
    """How alike they are; None when they cannot be of one problem.

    Without both places, the same village or the same person must stand in for nearness. Classes are compared within
    one type only: two types have each its own. Whether the types may be merged is the caller's to know (`joining`).
    """
    metres, apart = metres_between(one, other), abs(one.at - other.at)
    is_same_person = _agree(one.person, other.person)
    is_beside = is_same_person or _agree(one.village, other.village) if metres is None else metres <= proposals.radius
    if apart > proposals.span or not is_beside:
        return None
    alike = _alike(one.text, other.text, proposals)
    is_same_category = is_same_class(one, other)
    is_other_category = one.type == other.type and bool(one.category and other.category) and not is_same_category
    score = (
        proposals.place * (0.5 if metres is None else 1 - metres / proposals.radius)
        + proposals.time * (1 - apart / proposals.span)
        + proposals.text * alike
        + proposals.category * is_same_category
        - proposals.other_category * is_other_category
        + proposals.person * is_same_person
    )
    if not alike or score < proposals.threshold:
        return None
    shared = shared_words(one.text, other.text)
    return Likeness(min(score, 1.0), metres, apart, shared, is_same_category, is_same_person)


def is_same_class(one: Facts, other: Facts) -> bool:
    """Both of one type, and of the same class in it."""
    return one.type == other.type and _agree(one.category, other.category)


def _agree(one: str, other: str) -> bool:
    """Both known, and the same."""
    return bool(one) and one == other


def _alike(one: str, other: str, proposals: Proposals) -> float:
    """How alike the words are; 0 when only those for the place are."""
    inner = similarity(matter(one), matter(other)).score
    return (inner + similarity(one, other).score) / 2 if inner >= proposals.least_matter else 0.0
