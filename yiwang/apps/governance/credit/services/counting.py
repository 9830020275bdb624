"""Scores and lists brought up to date: the same function as everywhere, over all subjects, once a day and after news.

What is stored is for lists to sort by; `selectors.standing.scored` computes any score again from the entries.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from yiwang.apps.governance.credit.kinds import REPAIR, WITHDRAW
from yiwang.apps.governance.credit.models import Entry, Listing, Subject
from yiwang.apps.governance.credit.rules import BASE, Level, Rule, level_of, rule_of
from yiwang.apps.governance.credit.scoring import Fact, Ruled, day_of, score_of
from yiwang.engines.directory.api import Actor
from yiwang.engines.trust.api import append
from yiwang.kernel.clock import CHINA, now

BATCH = 2_000


def ruler() -> Ruled:
    """The rules, each asked once: a year's entries ask the same few questions again and again."""

    @lru_cache(maxsize=100_000)
    def ruled(event: str, kind: str, on: date) -> Rule | None:
        return rule_of(event, kind, on)

    return ruled


def count(actor: Actor, at: datetime | None = None) -> int:
    """Bring up to date every subject that was told of something since, or was not counted today; how many."""
    at = at or now()
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    stale = Q(counted_at=None) | Q(counted_at__lt=midnight) | Q(counted_at__gt=at)
    stale |= Q(entries__recorded_at__gte=F("counted_at"))
    ids = list(Subject.objects.filter(stale).distinct().values_list("pk", flat=True))
    ruled = ruler()
    for begin in range(0, len(ids), BATCH):
        _count_some(actor, ids[begin : begin + BATCH], at, ruled)
    return len(ids)


def facts_of(ids: Iterable[UUID]) -> Iterator[tuple[UUID, list[Fact]]]:
    """The entries of subjects as the score reads them, subject by subject."""
    rows = Entry.objects.filter(subject__in=list(ids)).order_by("subject_id", "sequence")
    told = rows.values_list("subject_id", "id", "event", "at", "target_id").iterator(chunk_size=5000)
    for subject, some in groupby(told, key=itemgetter(0)):
        yield subject, [Fact(*row[1:]) for row in some]


@transaction.atomic
def _count_some(actor: Actor, ids: list[UUID], at: datetime, ruled: Ruled) -> None:
    subjects = list(Subject.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    known = dict(facts_of(ids))  # After the lock: what was being entered until then is counted too.
    levels = {}
    for one in subjects:
        facts = known.get(one.pk, [])
        one.score = score_of(facts, one.kind, at, ruled).score if facts else BASE
        levels[one.pk] = level_of(one.score, one.kind, day_of(at))
        one.level, one.counted_at = levels[one.pk].key, at
    Subject.objects.bulk_update(subjects, ["score", "level", "counted_at"], batch_size=500)
    _list(actor, subjects, levels, known, day_of(at), ruled)


def _list(
    actor: Actor, subjects: list[Subject], levels: dict[UUID, Level], known: dict[UUID, list[Fact]], on: date,
    ruled: Ruled,
) -> None:  # fmt: skip
    """Who comes on a list, who leaves it. A bad mark stays until it expires, is repaired or turns out to rest on what
    was taken back; a good one only while it is earned."""
    standing: dict[UUID, list[Listing]] = {}
    for row in Listing.objects.filter(subject__in=[one.pk for one in subjects], ended_on=None):
        standing.setdefault(row.subject_id, []).append(row)
    for subject in subjects:
        level, kept = levels[subject.pk], []
        for row in standing.get(subject.pk, []):
            facts = known.get(subject.pk, [])
            why = _ends(row, level, facts, on) or _falls(row, level, subject.kind, facts, ruled)
            if why:
                _end(actor, row, why, on, subject)
            else:
                kept.append(row.listed)
        if level.listed and level.listed not in kept and level.months:
            _begin(actor, subject, level, on)


def _ends(row: Listing, level: Level, facts: list[Fact], on: date) -> str:
    if row.until_on <= on:
        return "到期"
    if row.listed == level.listed:
        return ""
    if row.listed == "trusted":
        return "等级下降"
    repaired = any(one.event == REPAIR and day_of(one.at) >= row.from_on for one in facts)
    return "信用修复" if repaired else ""


def _falls(row: Listing, level: Level, kind: str, facts: list[Fact], ruled: Ruled) -> str:
    """Why a listing falls that is judged again: without the entries taken back since, its level was reached neither on
    its day nor by anything after. What else brought it about keeps it standing; '' then."""
    gone = {one.target for one in facts if one.event == WITHDRAW}
    if not gone or row.listed == level.listed:
        return ""
    rest = [one for one in facts if one.id not in gone and one.target not in gone]
    begin = datetime.combine(row.from_on, time(), CHINA)
    moments = [begin, begin + timedelta(days=1), *(one.at for one in rest if one.at >= begin)]
    levels = (level_of(score_of(rest, kind, at, ruled).score, kind, day_of(at)) for at in moments)
    return "" if any(one.listed == row.listed for one in levels) else "所依据的记录已撤销"


def _end(actor: Actor, row: Listing, why: str, on: date, subject: Subject) -> None:
    row.ended_on, row.end_reason = on, why
    row.save(update_fields=["ended_on", "end_reason"])
    _tell(actor, "credit.list.left", subject, {"listed": row.listed, "reason": why, "on": on})


def _begin(actor: Actor, subject: Subject, level: Level, on: date) -> None:
    until = later(on, level.months)
    Listing.objects.create(subject=subject, listed=level.listed, score=subject.score, from_on=on, until_on=until)
    _tell(actor, "credit.list.entered", subject, {"listed": level.listed, "until": until, "score": subject.score})


def _tell(actor: Actor, kind: str, subject: Subject, facts: dict[str, Any]) -> None:
    append("credit.lists", kind, {"subject": subject.pk, **facts}, actor=actor, division=subject.division)


def later(on: date, months: int) -> date:
    """The same day some months on; the last day of a shorter month."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
