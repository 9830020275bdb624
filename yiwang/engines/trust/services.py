"""Every write to the journal: entries, seals, and the removal of streams whose retention time is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction

from yiwang.engines.trust.chain import GENESIS, Entry, chain_entries
from yiwang.engines.trust.models import DaySeal, JournalEntry, Stream
from yiwang.engines.trust.sealing import write_seal
from yiwang.engines.trust.storage import copy_rows
from yiwang.kernel import clock
from yiwang.kernel.canonical import canonical_json

RETENTION, SEALS = "retention", "seals"
_LOCK_HEAD = """
INSERT INTO trust_stream (stream, name, sequence, hash) VALUES (%s, %s, 0, %s)
ON CONFLICT (stream) DO UPDATE SET name = excluded.name RETURNING sequence, hash
"""


class Author(Protocol):
    """Who writes; `directory.api.Actor` is one."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def name(self) -> str: ...

    @property
    def on_behalf_of(self) -> str | None: ...


def stream_named(name: str) -> UUID:
    """The stream of something that has a name instead of an id, such as "seals" or "account:12"."""
    return uuid5(NAMESPACE_URL, f"yiwang:{name}")


def entry(kind: str, payload: Any, *, actor: Author, division: str = "", at: datetime | None = None) -> Entry:
    """An entry by `actor`, now unless `at` (aware) says otherwise; `payload` is anything canonical JSON can hold."""
    return Entry(
        kind, division, at or clock.now(), actor.user_id, actor.name, actor.on_behalf_of, canonical_json(payload)
    )


@transaction.atomic
def append_entries(stream: UUID | str, items: Sequence[Entry]) -> int:
    """Add entries to a stream whose head the journal keeps itself; returns the last sequence.

    The head row is locked until the transaction ends, so writers of one stream queue and other streams do not notice.
    """
    key, name = (stream_named(stream), stream) if isinstance(stream, str) else (stream, "")
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_HEAD, [key, name, GENESIS])
        sequence, head = cursor.fetchone()
        chain = chain_entries(key, sequence, bytes(head), items)
        copy_rows(cursor, chain.rows)
        cursor.execute(
            "UPDATE trust_stream SET sequence = %s, hash = %s WHERE stream = %s", [chain.sequence, chain.hash, key]
        )
    return chain.sequence


def append(
    stream: UUID | str, kind: str, payload: Any, *, actor: Author, division: str = "", at: datetime | None = None
) -> int:
    """Add one entry to a low-volume stream (`append_entries`); returns its sequence."""
    return append_entries(stream, [entry(kind, payload, actor=actor, division=division, at=at)])


@transaction.atomic
def seal_day(sealed_on: date, *, actor: Author) -> DaySeal:
    """Seal all streams as committed now, as the state of `sealed_on`. Raises NotSealable out of order.

    The seal is journalled in turn, so that a seal cut off the end is missed by the journal.
    """
    with connection.cursor() as cursor:
        seal = write_seal(cursor, sealed_on)
    facts = {"sealed_on": sealed_on.isoformat(), "count": seal.count, "hash": seal.hash.hex()}
    append(SEALS, "day.sealed", facts, actor=actor)
    return seal


@transaction.atomic
def retire_streams(streams: Iterable[UUID], reason: str, *, actor: Author) -> int:
    """Remove whole streams whose retention time is over; returns how many entries went.

    What is removed, its last hash and the reason stay in the journal, so that verification knows of the gap. The owner
    of the streams removes its heads in the same transaction.
    """
    wanted = list(streams)
    last = JournalEntry.objects.filter(stream__in=wanted).order_by("stream", "-sequence").distinct("stream")
    notes = [entry("stream.retired", _retirement(row, reason), actor=actor) for row in last]
    if not notes:
        return 0
    append_entries(RETENTION, notes)
    Stream.objects.filter(stream__in=wanted).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('yiwang.retention', 'on', true)")
        cursor.execute("DELETE FROM trust_journal WHERE stream = ANY(%s)", [wanted])
        removed: int = cursor.rowcount
        cursor.execute("SELECT set_config('yiwang.retention', 'off', true)")
    return removed


def _retirement(last: JournalEntry, reason: str) -> Mapping[str, Any]:
    return {"stream": str(last.stream), "sequence": last.sequence, "hash": bytes(last.hash).hex(), "reason": reason}
