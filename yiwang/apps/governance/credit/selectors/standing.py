"""A subject's standing: what lists show, what other systems may ask, and the score computed anew with all its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.governance.credit.models import Entry, Listing, Subject
from yiwang.apps.governance.credit.rules import effect_of
from yiwang.apps.governance.credit.scoring import Fact, Line, Scored, day_of, score_of
from yiwang.apps.governance.credit.selectors.seeing import PAGE
from yiwang.apps.governance.credit.services.counting import later, ruler
from yiwang.apps.governance.credit.services.months import end_of
from yiwang.engines.directory.api import today


@dataclass(frozen=True)
class Explained:
    """One line of a score with its entry, and what was entered about it since."""

    line: Line
    entry: Entry
    changes: tuple[Entry, ...]


def facts_of(subject: Subject) -> list[Fact]:
    """All entries of a subject as the score reads them."""
    rows = subject.entries.order_by("sequence").values_list("id", "event", "at", "target_id")
    return [Fact(*row) for row in rows]


def scored(subject: Subject, at: datetime) -> Scored:
    """The score of a subject at an instant, computed from its entries and the rules of their days."""
    return score_of(facts_of(subject), subject.kind, at, ruler())


def curve(subject: Subject, at: datetime, months: int = 12) -> list[tuple[str, float]]:
    """(month, score) at the end of each of the last months, and now."""
    facts, ruled, points = facts_of(subject), ruler(), []
    first = day_of(at).replace(day=1)
    for day in (later(first, -back) for back in range(months, 0, -1)):
        points.append((f"{day:%Y-%m}", score_of(facts, subject.kind, end_of(day), ruled).score))
    return [*points, (f"{first:%Y-%m}", score_of(facts, subject.kind, at, ruled).score)]


def explained(found: Scored, after: int = 0) -> tuple[list[Explained], int]:
    """A page of the lines, newest first, each with its entry; and the key to go on after."""
    lines = sorted((one for one in found.lines if not after or one.id < after), key=lambda one: -one.id)[: PAGE + 1]
    entries = {one.pk: one for one in Entry.objects.filter(pk__in=[line.id for line in lines])}
    about: dict[int, list[Entry]] = {}
    for change in Entry.objects.filter(target__in=list(entries)).order_by("pk"):
        about.setdefault(change.target_id or 0, []).append(change)
    shown = [Explained(line, entries[line.id], tuple(about.get(line.id, ()))) for line in lines[:PAGE]]
    return shown, lines[PAGE - 1].id if len(lines) > PAGE else 0


def standing(subject: str, at: datetime) -> Mapping[str, Any]:
    """What other systems ask: `subject` is "<kind>:<key>" (or the key of a firm). {level, score, factor, green_channel,
    listed}; an unknown subject has no level and the plain frequency."""
    kind, _, key = subject.rpartition(":")
    row = Subject.objects.filter(kind=kind or "firm", key=key).first()
    effect = effect_of(row.level if row else "", row.kind if row else "firm", day_of(at))
    lists = {one.listed for one in listings(row)} if row else set()
    listed = next((one for one in ("distrusted", "trusted") if one in lists), "")
    return {
        "level": row.level if row else "", "score": row.score if row else None, "factor": effect.factor,
        "green_channel": effect.green_channel, "listed": listed,
    }  # fmt: skip


def listings(subject: Subject) -> list[Listing]:
    """The lists a subject is on today."""
    return list(Listing.objects.filter(subject=subject, ended_on=None, until_on__gt=today()))


def ended_listings(subject: Subject) -> list[Listing]:
    """The lists a subject left within a year, the latest first: whoever was listed reads when it ended, and why."""
    since = today() - timedelta(days=365)
    return list(Listing.objects.filter(subject=subject, ended_on__gt=since).order_by("-ended_on", "-id"))
