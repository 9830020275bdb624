"""Adding entries: chained behind the head of their subject's history in the journal, and written beside it.

`append` is the only way an entry comes into being. The journal holds every word of it, so that an entry changed,
removed or slipped in past this program is told by `faults_in`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext

from yiwang.apps.governance.credit.models import Entry, Subject
from yiwang.engines.directory.api import Actor
from yiwang.engines.trust.api import Entry as Told
from yiwang.engines.trust.api import chain_entries, copy_rows, entry, register_heads, told
from yiwang.kernel.canonical import canonical_json
from yiwang.kernel.clock import now

KIND = "credit.entry"
_COLUMNS = (
    "subject_id", "sequence", "event", "source", "at", "recorded_at", "evidence_kind", "evidence", "number", "step",
    "target_id", "reason", "by",
)  # fmt: skip
_COPY = f"COPY credit_entry ({', '.join(_COLUMNS)}) FROM STDIN"
_MOVE_HEADS = """
UPDATE credit_subject AS head SET sequence = moved.sequence, hash = moved.hash
FROM unnest(%s::uuid[], %s::int[], %s::bytea[]) AS moved (id, sequence, hash) WHERE head.id = moved.id
"""


class New(NamedTuple):
    """An entry to be added; the fields are those of `models.Entry`."""

    subject: UUID
    event: str
    source: str
    at: datetime
    evidence_kind: str = ""
    evidence: UUID | None = None
    number: str = ""
    step: str = ""
    target: int | None = None
    reason: str = ""


def register() -> None:
    """Tell the journal where our heads are; called once at start."""
    register_heads("credit", "SELECT stream, sequence, hash FROM credit_subject")


@transaction.atomic
def append(actor: Actor, entries: Iterable[New]) -> int:
    """Add those that are not there yet, in order of time; how many were new.

    The subjects are locked until the transaction ends, so the same thing told twice at once is still entered once.
    """
    waiting: dict[UUID, list[New]] = defaultdict(list)
    for one in entries:
        waiting[one.subject].append(one)
    heads = list(Subject.objects.select_for_update().filter(pk__in=list(waiting)).order_by("pk"))
    known = _known(waiting)
    at, rows, chained, moved = now(), [], [], []
    for head in heads:
        fresh = {(one.event, one.source): one for one in waiting[head.pk]}
        kept = sorted(
            (one for key, one in fresh.items() if (head.pk, *key) not in known), key=lambda one: (one.at, one.source)
        )
        lines = [_row(one, head.sequence + place, at, actor) for place, one in enumerate(kept, start=1)]
        chain = chain_entries(
            head.stream, head.sequence, bytes(head.hash), [_told(line, head, actor) for line in lines]
        )
        rows += lines
        chained += chain.rows
        moved += [(head.pk, chain.sequence, chain.hash)] if lines else []
    if rows:
        _write(rows, chained, moved)
    return len(rows)


def _known(waiting: Mapping[UUID, Collection[New]]) -> set[tuple[UUID, str, str]]:
    sources = list({one.source for some in waiting.values() for one in some})
    return set(
        Entry.objects.filter(subject__in=list(waiting), source__in=sources).values_list("subject_id", "event", "source")
    )


def _row(one: New, sequence: int, at: datetime, actor: Actor) -> dict[str, Any]:
    """The columns of an entry; instants in UTC, as they come back from the database."""
    return {
        "subject_id": one.subject, "sequence": sequence, "event": one.event, "source": one.source,
        "at": one.at.astimezone(UTC), "recorded_at": at.astimezone(UTC), "evidence_kind": one.evidence_kind,
        "evidence": one.evidence, "number": one.number, "step": one.step, "target_id": one.target,
        "reason": one.reason[:300], "by": actor.name,
    }  # fmt: skip


def _told(row: Mapping[str, Any], head: Subject, actor: Actor) -> Told:
    return entry(KIND, row, actor=actor, division=head.division, at=row["recorded_at"])


def _write(rows: list[dict[str, Any]], chained: list[bytes], moved: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        copy_rows(cursor, chained)
        with cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row([row[name] for name in _COLUMNS])
        cursor.execute(_MOVE_HEADS, [list(column) for column in zip(*moved, strict=True)])


def faults_in(subject: Subject) -> list[str]:
    """Entries of a subject that are not as its history has them; [] when all is well."""
    written = {row["sequence"]: row for row in subject.entries.values(*_COLUMNS)}
    faults = []
    for line in told(subject.stream):
        facts = orjson.loads(line.payload)
        row = written.pop(facts["sequence"], None)
        if row is None:
            faults.append(gettext("第 {number} 条已被删除").format(number=facts["sequence"]))
        elif _plain(row) != facts:
            faults.append(gettext("第 {number} 条与账本不符").format(number=facts["sequence"]))
    return [*faults, *(gettext("第 {number} 条不在账本中").format(number=number) for number in written)]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = orjson.loads(canonical_json(row))
    return plain
