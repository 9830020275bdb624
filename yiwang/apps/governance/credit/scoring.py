"""The score, as a pure function of entries and the rules of their days: the same entries give the same score for ever.

score(t) = BASE + sum of points x what time has left of them, over the entries that count at t. An entry does not count
while an objection freezes it, nor ever again after it was withdrawn or repaired. Of one event in one calendar month at
most the cap of its rule counts, the earliest first; what does not count does not use up the cap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from yiwang.apps.governance.credit.kinds import FREEZE, RELEASE, REPAIR, WITHDRAW
from yiwang.apps.governance.credit.rules import BASE, Rule
from yiwang.kernel.clock import CHINA

Ruled = Callable[[str, str, date], Rule | None]
_DAY = 86_400.0
_STATES = {FREEZE: "frozen", RELEASE: "counts", WITHDRAW: "withdrawn", REPAIR: "repaired"}
_FINAL = frozenset({"withdrawn", "repaired"})


class Fact(NamedTuple):
    """An entry as the score reads it; `target` is the entry it is about, None for an event."""

    id: int
    event: str
    at: datetime
    target: int | None


class Line(NamedTuple):
    """What one event does to the score. `state`: counts, frozen, withdrawn, repaired or unruled; `counted` is what the
    cap left of `points`, `left` the share time left of it, `effect` their product, 0 unless it counts."""

    id: int
    event: str
    at: datetime
    state: str
    points: float
    counted: float
    left: float

    @property
    def effect(self) -> float:
        return self.counted * self.left if self.state == "counts" else 0.0


class Scored(NamedTuple):
    """A score with the lines it is the sum of, in order of time."""

    score: float
    lines: Sequence[Line]


def score_of(facts: Iterable[Fact], kind: str, at: datetime, ruled: Ruled) -> Scored:
    """The score of a subject of `kind` at an instant, from all its entries up to then."""
    known = sorted((one for one in facts if one.at <= at), key=lambda one: (one.at, one.id))
    states = _states(known)
    used: dict[tuple[str, int, int], float] = defaultdict(float)
    lines = [_line(one, states.get(one.id, "counts"), kind, at, ruled, used) for one in known if one.target is None]
    return Scored(round(BASE + sum(line.effect for line in lines), 2), lines)


def _states(known: Iterable[Fact]) -> Mapping[int, str]:
    """What stands of each entry that was changed. An objection that ends later brings nothing back that is gone."""
    states: dict[int, str] = {}
    for one in known:
        if one.target is not None and (_STATES[one.event] in _FINAL or states.get(one.target) not in _FINAL):
            states[one.target] = _STATES[one.event]
    return states


def _line(
    one: Fact, state: str, kind: str, at: datetime, ruled: Ruled, used: dict[tuple[str, int, int], float]
) -> Line:
    day = day_of(one.at)
    rule = ruled(one.event, kind, day)
    if rule is None:
        return Line(one.id, one.event, one.at, "unruled", 0.0, 0.0, 0.0)
    left = rule.left((at - one.at).total_seconds() / _DAY)
    if state != "counts":
        return Line(one.id, one.event, one.at, state, rule.points, 0.0, left)
    month = (one.event, day.year, day.month)
    counted = _capped(rule, used[month])
    used[month] += counted
    return Line(one.id, one.event, one.at, state, rule.points, counted, left)


def _capped(rule: Rule, used: float) -> float:
    """What is left for one more within the cap; without a cap, all of it."""
    if not rule.cap:
        return rule.points
    room = max(0.0, rule.cap - abs(used))
    return max(-room, min(room, rule.points))


@lru_cache(maxsize=65_536)
def _day(hour: int) -> date:
    return datetime.fromtimestamp(hour * 3600, CHINA).date()


def day_of(at: datetime) -> date:
    """The day in China; kept by the hour, since a year asks a million times."""
    return _day(int(at.timestamp()) // 3600)
