"""The builder: what the fact tables say and no entry tells yet becomes entries. Run as often as one likes.

`Progress` remembers up to which refreshing of a fact table was read; a table that has not changed since is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yiwang.apps.governance.credit.kinds import WITHDRAW
from yiwang.apps.governance.credit.models import Entry, Progress
from yiwang.apps.governance.credit.services import ledger, subjects
from yiwang.apps.governance.credit.services.ledger import New
from yiwang.apps.governance.credit.sql import statement
from yiwang.engines.datahub.api import DatasetState
from yiwang.engines.directory.api import system_actor, today
from yiwang.kernel.clock import CHINA, now

BUILDER = system_actor("信用记账")
EVENTS, FINDINGS, EXCUSES = "credit.events", "credit.findings", "credit.excuses"
MOST = 20_000
"""Entries of one transaction: enough to be set-based, few enough for the memory of a small server."""
_LOCK = 4_216_001
_LATE_HANDLING = "handle"


def build() -> int:
    """Enter what is new, then take back what an appeal or a late upload has excused; how many entries were made."""
    made = 0
    for dataset in (EVENTS, FINDINGS, EXCUSES):
        reached = _reached(dataset)
        if reached is None:
            continue
        made += _excuse() if dataset == EXCUSES else _enter(dataset)
        made += _settle() if dataset == FINDINGS else 0
        Progress.objects.update_or_create(dataset=dataset, defaults={"reached_at": reached})
    return made


def _reached(dataset: str) -> datetime | None:
    """The instant a fact table was brought up to date, when it has not been read since; None when it has.

    The limits of rectifying pass without anything being changed: findings are read again on a new day.
    """
    state = DatasetState.objects.filter(key=dataset).exclude(built_at=None).first()
    fresh = state.refreshed_at if state is not None else None
    known = Progress.objects.filter(pk=dataset).values_list("reached_at", flat=True).first()
    if fresh is None or known is None:
        return fresh
    if dataset == FINDINGS and known.astimezone(CHINA).date() < today():
        return max(fresh, now())
    return fresh if fresh > known else None


def _enter(dataset: str) -> int:
    made = 0
    while True:
        with transaction.atomic():
            rows = _unentered(dataset)
            ids = subjects.keep([(kind, key, name, division) for kind, key, name, division, *_ in rows])
            found = ledger.append(BUILDER, _new(dataset, rows, ids))
        made += found
        if not found:
            return made


def _unentered(dataset: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(statement(dataset.partition(".")[2]), {"now": now(), "most": MOST})
        return list(cursor.fetchall())


def _new(dataset: str, rows: list[tuple[Any, ...]], ids: dict[tuple[str, str], Any]) -> Iterator[New]:
    kind = "case" if dataset == EVENTS else "visit"
    for subject_kind, key, _, _, event, source, at, evidence, number, step in rows:
        if (subject_kind, key) in ids:
            yield New(ids[subject_kind, key], event, source, at, kind, evidence, number, step)


@transaction.atomic
def _excuse() -> int:
    """A granted appeal takes back the late points of who handled, of the town too; late co-handlers keep theirs."""
    with connection.cursor() as cursor:
        cursor.execute(statement("excuses"))
        granted = cursor.fetchall()
    late = {
        case: list(Entry.objects.filter(evidence=case, event="late", step__startswith=_LATE_HANDLING))
        for case in {row[1] for row in granted}
    }
    entries = [
        New(
            one.subject_id, WITHDRAW, f"appeal:{appeal}:{one.pk}", max(granted_at, one.at), "case", appeal, number,
            target=one.pk, reason=f"超时申诉 {number} 成立",
        )
        for appeal, case, number, granted_at in granted
        for one in late[case]
    ]  # fmt: skip
    return ledger.append(BUILDER, entries)


@transaction.atomic
def _settle() -> int:
    """A clean visit made within the limit but uploaded after it takes back the deduction for letting it pass, from the
    instant the upload was received: what was counted before stays as it was."""
    with connection.cursor() as cursor:
        cursor.execute(statement("settled"))
        late = cursor.fetchall()
    entries = [
        New(
            subject, WITHDRAW, f"visit:{shown_by}:{entry}", max(known_at, at), "visit", shown_by, number, target=entry,
            reason="限期内的复查后来才上传",
        )
        for entry, subject, at, number, shown_by, known_at in late
    ]  # fmt: skip
    return ledger.append(BUILDER, entries)
