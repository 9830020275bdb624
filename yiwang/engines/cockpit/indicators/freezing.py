"""Figures of a period that is over are frozen: written to the journal, where nothing is ever changed.

What comes later, such as an approved appeal against a timeout, does not move them. Whoever may freeze publishes the
difference as a signed entry beside them, with a reason. A frozen period is one stream of the journal, so it is chained
and sealed like everything else; an index stream names them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import orjson
from django.db import transaction

from yiwang.engines.cockpit.indicators.asking import Question
from yiwang.engines.cockpit.indicators.catalogue import indicators
from yiwang.engines.cockpit.indicators.figures import Answer, Figure, answer, require_facts
from yiwang.engines.cockpit.indicators.periods import Period, read_period
from yiwang.engines.cockpit.spec import LEVELS
from yiwang.engines.datahub.api import READ_FACTS
from yiwang.engines.directory.api import SYSTEM, Actor, district_code
from yiwang.engines.trust.api import append, stream_named, told
from yiwang.kernel.errors import Conflict, NotAllowed, Unavailable, UserError

FREEZE = "figures.freeze"
"""The verb of whoever freezes periods, publishes corrections and league tables, for the whole district."""
FROZEN, CORRECTED, PUBLISHED = "figures.frozen", "figures.corrected", "figures.published"


class NotOver(UserError):
    """A period still running cannot be frozen."""

    code, status = "PERIOD_RUNNING", 409
    message, next_step = "这个时段还没有结束，不能冻结。", "请选择已经结束的时段。"


class Change(NamedTuple):
    """A difference of one figure: what its numerator and denominator gain (or lose)."""

    group: str
    value: str
    indicator: str
    numerator: Decimal
    denominator: Decimal


Counted = Mapping[tuple[str, str, str], tuple[Decimal, Decimal]]
"""Numerator and denominator by group, value of the group, and indicator."""


@dataclass(frozen=True)
class Correction:
    """One published entry: its place in the stream, who, when, why, and what it changes."""

    sequence: int
    at: datetime
    who: str
    reason: str
    hash: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Frozen:
    """A frozen period as the journal has it. `values` never change; `corrections` stand beside them, oldest first.

    Figures of an indicator nobody declares any more stay in the journal and are not read.
    """

    sheet: str
    period: Period
    indicators: tuple[str, ...]
    groups: tuple[str, ...]
    cutoff: datetime
    at: datetime
    who: str
    hash: str
    values: Counted
    corrections: tuple[Correction, ...] = field(default=())

    def figure(self, key: str, group: str = "", value: str = "", *, is_corrected: bool = True) -> Figure:
        """As frozen, or with the corrections published since."""
        indicator = indicators()[key].indicator
        counted = self.values.get((group, value, key))
        changes = [
            change for one in (self.corrections if is_corrected else ()) for change in one.changes
            if (change.group, change.value, change.indicator) == (group, value, key)
        ]  # fmt: skip
        if counted is None and not changes:
            return Figure(indicator)
        above, below = counted or (Decimal(0), Decimal(0))
        return Figure(
            indicator, above + sum(change.numerator for change in changes),
            below + sum(change.denominator for change in changes),
        )  # fmt: skip

    def places(self) -> set[tuple[str, str, str]]:
        """Every figure there is."""
        return set(self.values) | {change[:3] for one in self.corrections for change in one.changes}


def _stream(sheet: str, period: Period | None = None) -> str:
    return f"figures:{sheet}:{period.code}" if period else f"figures:{sheet}"


def _require_freezer(actor: Actor) -> None:
    if not actor.may(FREEZE, district_code()):
        raise NotAllowed


def _counted(found: Answer) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
    return {
        (group, value, key): (figure.numerator, figure.denominator)
        for (_, group, value), row in found.figures.items()
        for key, figure in row.items()
        if figure.numerator is not None and figure.denominator is not None
    }


def _recount(keys: Iterable[str], groups: Iterable[str], period: Period, cutoff: datetime) -> Answer:
    """The whole district's figures as of the same cut-off."""
    question = Question(tuple(keys), (period,), tuple(groups), cutoff=cutoff)
    found = answer(SYSTEM, question)
    if not all(found.is_counted(key) for key in question.indicators if indicators()[key].dataset is not None):
        raise Unavailable("统计数据还没有准备好，没有冻结。", next_step="请稍后再试。")
    return found


@transaction.atomic
def freeze(actor: Actor, sheet: str, keys: tuple[str, ...], groups: tuple[str, ...], period: Period) -> Frozen:
    """Freeze the figures of `keys` for a period that is over, counted as of its end for the whole district.

    `sheet` is the app whose figures they are. Conflict when the period is frozen already.
    """
    _require_freezer(actor)
    if not period.is_over:
        raise NotOver
    found = _recount(keys, groups, period, period.cutoff)
    facts = {
        "period": period.code, "cutoff": period.cutoff.isoformat(), "indicators": list(keys), "groups": list(groups),
        "statement": found.statement,
        "values": [[*place, str(above), str(below)] for place, (above, below) in sorted(_counted(found).items())],
    }  # fmt: skip
    write = partial(append, actor=actor, division=district_code())
    if write(_stream(sheet, period), FROZEN, facts) != 1:
        raise Conflict("这个时段已经冻结。", next_step="请刷新页面查看冻结值。")
    write(_stream(sheet), FROZEN, {"period": period.code})
    frozen = _read(sheet, period)
    assert frozen is not None
    return frozen


def frozen_periods(actor: Actor, sheet: str) -> list[Period]:
    """Periods frozen so far, the latest first."""
    require_facts(actor)
    entries = told(stream_named(_stream(sheet)))
    found = [read_period(orjson.loads(entry.payload)["period"]) for entry in entries if entry.kind == FROZEN]
    return sorted(found, key=lambda period: (period.last, period.first), reverse=True)


def frozen_figures(actor: Actor, sheet: str, period: Period) -> Frozen | None:
    """The frozen period as far as the actor reaches; None while it is not frozen."""
    require_facts(actor)
    found = _read(sheet, period)
    return None if found is None else _within_reach(found, actor.scopes(READ_FACTS))


def _read(sheet: str, period: Period) -> Frozen | None:
    entries = told(stream_named(_stream(sheet, period)))
    if not entries:
        return None
    first, facts = entries[0], orjson.loads(entries[0].payload)
    asked = tuple(key for key in facts["indicators"] if key in indicators())
    values = {(one.group, one.value, one.indicator): (one.numerator, one.denominator) for one in _told(facts["values"])}
    corrections = tuple(_correction(entry) for entry in entries[1:] if entry.kind == CORRECTED)
    return Frozen(
        sheet, period, asked, tuple(facts["groups"]), datetime.fromisoformat(facts["cutoff"]), first.at,
        first.actor_name, first.hash.hex(), values, corrections,
    )  # fmt: skip


def _told(rows: Iterable[tuple[str, str, str, str, str]]) -> Iterator[Change]:
    for group, value, key, above, below in rows:
        if key in indicators():
            yield Change(group, value, key, Decimal(above), Decimal(below))


def _correction(entry: Any) -> Correction:
    facts = orjson.loads(entry.payload)
    changes = tuple(_told(facts["changes"]))
    return Correction(entry.sequence, entry.at, entry.actor_name, facts["reason"], entry.hash.hex(), changes)


def _is_within(group: str, value: str, scopes: tuple[str, ...]) -> bool:
    """Whether a frozen figure may be shown to whoever reads these divisions; what mixes them is for the whole only."""
    if district_code().startswith(scopes or ("none",)):
        return True
    return group in LEVELS and group != "district" and value.startswith(scopes or ("none",))


def _within_reach(found: Frozen, scopes: tuple[str, ...]) -> Frozen:
    values = {place: counted for place, counted in found.values.items() if _is_within(place[0], place[1], scopes)}
    corrections = []
    for one in found.corrections:
        changes = tuple(change for change in one.changes if _is_within(change.group, change.value, scopes))
        corrections += [replace(one, changes=changes)] if changes else []
    return replace(found, values=values, corrections=tuple(corrections))


def differences(actor: Actor, sheet: str, period: Period) -> list[Change]:
    """What the facts of today say differently of a frozen period, counted as of the same cut-off."""
    _require_freezer(actor)
    found = _read(sheet, period)
    if found is None:
        return []
    present = _counted(_recount(found.indicators, found.groups, period, found.cutoff))
    changes = []
    for group, value, key in sorted(found.places() | set(present)):
        published, counted = found.figure(key, group, value), present.get((group, value, key), (Decimal(0), Decimal(0)))
        above = counted[0] - (published.numerator or 0)
        below = counted[1] - (published.denominator or 0)
        if above or below:
            changes.append(Change(group, value, key, Decimal(above), Decimal(below)))
    return changes


@transaction.atomic
def correct(actor: Actor, sheet: str, period: Period, reason: str) -> Frozen:
    """Publish the differences of today beside the frozen figures, signed by entry and chain. Conflict without any."""
    _require_freezer(actor)
    if not reason.strip():
        raise UserError("请填写更正的理由。", next_step="写明因何更正，例如申诉成立的编号。")
    changes = differences(actor, sheet, period)
    if not changes:
        raise Conflict("冻结值与现有记录一致，没有要更正的。", next_step="")
    facts = {"reason": reason.strip(), "changes": [[*one[:3], str(one[3]), str(one[4])] for one in changes]}
    append(_stream(sheet, period), CORRECTED, facts, actor=actor, division=district_code())
    found = _read(sheet, period)
    assert found is not None
    return found


def publish_league(actor: Actor, sheet: str, is_published: bool) -> None:
    """Let everybody who reads figures see the towns' table of the district, or no longer. The rows stay their own."""
    _require_freezer(actor)
    facts = {"is_published": is_published}
    append(f"{_stream(sheet)}:league", PUBLISHED, facts, actor=actor, division=district_code())


def is_league_published(actor: Actor, sheet: str) -> bool:
    """What was chosen last; closed until somebody chooses."""
    require_facts(actor)
    entries = told(stream_named(f"{_stream(sheet)}:league"))
    return bool(entries) and bool(orjson.loads(entries[-1].payload)["is_published"])
