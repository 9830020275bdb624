"""What happens at one due visit of the written year, and the rows it leaves. Pure, and quick: half a million a year.

Shares are proposals, but for findings: 130,000 of 530,000 visits find something, as the report says.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Protocol

import orjson

from yiwang.apps.governance.patrol.checklist import asked_of
from yiwang.apps.governance.patrol.intervals import Interval
from yiwang.apps.governance.patrol.systems import content_for, systems_for
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import CHINA

FINDS = 130_000 / 530_000
SERIOUS = 0.02
LATE, SKEWED, TWICE, REFUSED, CLOSED = 0.03, 0.004, 0.01, 0.012, 0.05
_GOOD = {"vehicles_indoors": False, "living_inside": False}
_SPOILT = {
    "exit_blocked": ("exits_clear", False), "equipment_faulty": ("equipment_good", False),
    "wiring": ("wiring_good", False), "vehicle_indoors": ("vehicles_indoors", True),
    "living_inside": ("living_inside", True),
    "chemicals": ("chemicals_stored", False), "machine": ("machines_guarded", False),
    "waste": ("surroundings_clean", False),
}  # fmt: skip
_NULL = "\\N"


class Visited(Protocol):
    """What is needed of a place (`year.Stop`)."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def cell(self) -> str: ...
    @property
    def longitude(self) -> float: ...
    @property
    def latitude(self) -> float: ...
    @property
    def people(self) -> int: ...
    @property
    def interval(self) -> Interval: ...
    @property
    def inspector_id(self) -> int | None: ...
    @property
    def inspector(self) -> str: ...


@dataclass(slots=True)
class Outcome:
    """One visit as it came out."""

    id: str
    taken_at: datetime
    received_at: datetime
    status: str = "done"
    reason: str = ""
    skew: int = 0
    shift: tuple[float, float] = (0.0, 0.0)
    accuracy: float = 10.0
    finding: str = ""
    rectify_by: date | None = None
    form: dict[str, Any] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        return self.received_at - self.taken_at > timedelta(hours=24)


def drawn(stop: Visited, day: date, rng: random.Random) -> Iterator[Outcome]:
    """The visit of a day, and now and then a second one by mistake."""
    first = _one(stop, _moment(stop.interval, day, rng), rng)
    chance = rng.random()
    if chance < REFUSED:
        first.status, first.reason, first.shift = "refused", "outside", (0.03, 0.02)
    yield first
    if REFUSED <= chance < REFUSED + TWICE:
        second = _one(stop, first.taken_at + timedelta(minutes=rng.randint(40, 300)), rng)
        second.status, second.reason = "duplicate", "twice"
        second.form, second.finding, second.rectify_by = _answers(stop.kind, "open", "", None, stop.people), "", None
        yield second


def _moment(interval: Interval, day: date, rng: random.Random) -> datetime:
    """An instant inside the place's hours, mostly by day."""
    hour = min(max(rng.gauss(13.0, 3.0), interval.opens, 8.0), min(interval.closes, 20) - 0.05)
    midnight = datetime.combine(day, time(), CHINA).astimezone(UTC)
    return midnight + timedelta(seconds=int(hour * 3600))


def _one(stop: Visited, at: datetime, rng: random.Random) -> Outcome:
    chance = rng.random()
    delay = rng.randint(1560, 4800) if chance < LATE else rng.randint(0, 90)
    bits = f"{rng.getrandbits(128):032x}"
    key = f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-8{bits[17:20]}-{bits[20:]}"
    outcome = Outcome(key, at, at + timedelta(minutes=delay), accuracy=float(rng.randint(4, 40)))
    if 0.5 < chance < 0.5 + SKEWED:
        outcome.skew = rng.choice((-5400, -900, 600, 3600))
    if 0.6 < chance < 0.6 + CLOSED:
        outcome.form = _answers(stop.kind, "closed", "", None, 0)
        return outcome
    if rng.random() < FINDS / (1 - CLOSED):
        outcome.finding = "serious" if rng.random() < SERIOUS else "ordinary"
        outcome.rectify_by = at.date() + timedelta(days=7 if outcome.finding == "ordinary" else 2)
    outcome.form = _answers(
        stop.kind, "open", outcome.finding, outcome.rectify_by, stop.people, rng.choice(_hazards(stop.kind))
    )
    return outcome


@cache
def _hazards(kind: str) -> tuple[str, ...]:
    """Hazards that may be met at such a place."""
    asked = set(asked_of(kind))
    return (*(hazard for hazard, (key, _) in _SPOILT.items() if key in asked), "other")


def _answers(
    kind: str, presence: str, finding: str, rectify_by: date | None, people: int, hazard: str = ""
) -> dict[str, Any]:
    """Answers the form accepts."""
    form: dict[str, Any] = {"kind": kind, "presence": presence}
    if presence != "open":
        return form
    form.update(_good(kind))
    form["people"] = people
    if finding and rectify_by is not None:
        form |= {"hazards": [hazard], "severity": finding, "rectify_by": rectify_by.isoformat()}
        if hazard in _SPOILT:
            form[_SPOILT[hazard][0]] = _SPOILT[hazard][1]
    return form


@cache
def _good(kind: str) -> dict[str, bool]:
    keys = {key for key, _ in _SPOILT.values()}
    return {key: _GOOD.get(key, True) for key in asked_of(kind) if key in keys}


def visit_row(stop: Visited, outcome: Outcome) -> tuple[str, str]:
    """A line for COPY and the digest in hex; the order of the digest is `ledger.HASHED`."""
    x, y = stop.longitude + outcome.shift[0], stop.latitude + outcome.shift[1]
    said = outcome.taken_at - timedelta(seconds=outcome.skew)
    facts = [
        outcome.id, stop.id, stop.cell, stop.inspector_id, stop.inspector, outcome.status, outcome.reason,
        outcome.taken_at, said, outcome.received_at, outcome.skew, outcome.is_late, x, y, outcome.accuracy,
        outcome.finding, outcome.rectify_by, outcome.form, None,
    ]  # fmt: skip
    digest = hashlib.sha256(canonical_json(facts)).hexdigest()
    row = "\t".join((
        outcome.id, stop.id, stop.cell, _NULL if stop.inspector_id is None else str(stop.inspector_id),
        _escaped(stop.inspector), outcome.status, outcome.reason, outcome.taken_at.isoformat(), said.isoformat(),
        outcome.received_at.isoformat(), str(outcome.skew), "t" if outcome.is_late else "f", repr(x), repr(y),
        repr(outcome.accuracy), outcome.finding, outcome.rectify_by.isoformat() if outcome.rectify_by else _NULL,
        _escaped(orjson.dumps(outcome.form).decode()), f"\\\\x{digest}\n",
    ))  # fmt: skip
    return row, digest


def record_rows(stop: Visited, outcome: Outcome) -> list[str]:
    """Lines for COPY of the records of each system; none for what was refused or counted before."""
    if outcome.status != "done":
        return []
    at = outcome.taken_at.isoformat()
    register = {"name": stop.name, "address": stop.address, "cell": stop.cell}
    visit = {"taken_at": at, "inspector": stop.inspector}
    rows = []
    for system in systems_for(stop.kind):
        content = orjson.dumps(content_for(system, register, visit, outcome.form)).decode()
        rows.append(f"{outcome.id}\t{system.key}\t{stop.cell}\t{at}\tsent\t\t{_escaped(content)}\n")
    return rows


def _escaped(text: str) -> str:
    """Text as COPY reads it."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
