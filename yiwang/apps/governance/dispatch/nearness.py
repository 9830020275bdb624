"""就近派单: who is offered first. No source states a rule; this one is a proposal, kept in one place. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

_METRES_PER_DEGREE = 111_320.0
"""Of latitude; over a district the earth is flat enough."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody was, and when: WGS-84 degrees."""

    longitude: float
    latitude: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody who could be sent: tasks held, and the last place worked at."""

    person: int
    held: int
    last: Spot | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """The same in front of one incident. `metres` is None while either place is unknown or the spot is too old."""

    standing: Standing
    metres: int | None
    is_busy: bool
    age: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """The rule (a proposal): the idle before the busy, then the nearer, an old position counting as farther away.

    Somebody is busy from `busy_from` tasks held. Each hour since the last spot adds `metres_per_hour`, for people move
    on; a spot older than `oldest` says nothing. Equals are told apart by the fewer tasks.
    """

    busy_from: int = 1
    metres_per_hour: float = 1_000.0
    oldest: timedelta = timedelta(hours=12)
    most: int = 8

    def ranked(self, people: list[Standing], place: tuple[float, float] | None, at: datetime) -> list[Ranked]:
        """All of them, the one to send first; `place` is (longitude, latitude) of the incident."""
        return sorted((self._looked_at(one, place, at) for one in people), key=self._order)

    def _looked_at(self, one: Standing, place: tuple[float, float] | None, at: datetime) -> Ranked:
        is_busy = one.held >= self.busy_from
        if one.last is None:
            return Ranked(one, None, is_busy, None)
        age = max(at - one.last.at, timedelta(0))
        if place is None or age > self.oldest:
            return Ranked(one, None, is_busy, age)
        return Ranked(one, round(metres_between((one.last.longitude, one.last.latitude), place)), is_busy, age)

    def _order(self, one: Ranked) -> tuple[bool, bool, float, int, int]:
        hours = one.age.total_seconds() / 3600 if one.age is not None else 0.0
        weighed = (one.metres or 0) + hours * self.metres_per_hour
        return one.is_busy, one.metres is None, weighed, one.standing.held, one.standing.person


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places (longitude, latitude); within 0.5 % inside a district."""
    east = (other[0] - one[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, other[1] - one[1]) * _METRES_PER_DEGREE


NEARNESS = Nearness()
