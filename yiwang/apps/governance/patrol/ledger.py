"""The tamper-evident history of visits: one chain for each village, heads in our own table, entries in the journal.

An entry lists the visits it vouches for as [id, digest] pairs: one when a phone sends one, a whole day of the village
when a year is written. A visit changed, removed or slipped in behind the services' back is told by `faults_in`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.utils.translation import gettext

from yiwang.apps.governance.patrol.models import VillageLedger, Visit
from yiwang.engines.trust.api import GENESIS, Entry, chain_entries, copy_rows, register_heads, stream_named, told
from yiwang.kernel.canonical import canonical_json

VISITS = "patrol.visits"
HASHED = (
    "id", "place_id", "cell", "inspector_id", "inspector", "status", "reason", "taken_at", "said_at", "received_at",
    "skew", "is_late", "longitude", "latitude", "accuracy", "finding", "rectify_by", "form", "case_id",
)  # fmt: skip
_MOVE_HEADS = """
UPDATE patrol_villageledger AS head SET sequence = moved.sequence, hash = moved.hash
FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS moved (village, sequence, hash) WHERE head.village = moved.village
"""


def register() -> None:
    """Tell the journal where our heads are; called once at start."""
    register_heads("patrol", "SELECT stream, sequence, hash FROM patrol_villageledger")


def digest_of(facts: Mapping[str, Any]) -> bytes:
    """SHA-256 of the facts of a visit, by the names in `HASHED`."""
    return hashlib.sha256(canonical_json([facts[name] for name in HASHED])).digest()


def facts_of(visit: Visit) -> dict[str, Any]:
    """The facts of a stored visit."""
    return {name: getattr(visit, name) for name in HASHED}


def append_all(entries: Mapping[str, Iterable[Entry]]) -> None:
    """Chain entries behind the heads of their villages, in the caller's transaction, which locks the heads."""
    villages = sorted(entries)
    fresh = (VillageLedger(village=one, stream=stream_named(f"patrol/{one}"), hash=GENESIS) for one in villages)
    VillageLedger.objects.bulk_create(fresh, ignore_conflicts=True)
    heads = VillageLedger.objects.select_for_update().filter(village__in=villages).order_by("village")
    rows: list[bytes] = []
    moved: list[tuple[str, int, bytes]] = []
    for head in heads:
        chain = chain_entries(head.stream, head.sequence, bytes(head.hash), entries[head.village])
        rows += chain.rows
        moved.append((head.village, chain.sequence, chain.hash))
    with connection.cursor() as cursor:
        copy_rows(cursor, rows)
        cursor.execute(_MOVE_HEADS, [list(column) for column in zip(*moved, strict=True)])


def faults_in(village: str) -> list[str]:
    """Visits of a village that are not as its history vouches for them: ids with what is wrong; [] when all is well."""
    vouched: dict[str, str] = {}
    for entry in told(stream_named(f"patrol/{village}")):
        if entry.kind == VISITS:
            vouched.update(orjson.loads(entry.payload)["visits"])
    faults = []
    for visit in Visit.objects.filter(cell__startswith=village).iterator():
        known = vouched.pop(str(visit.id), None)
        if known is None:
            faults.append(gettext("{visit} 不在账本中").format(visit=visit.id))
        elif known != digest_of(facts_of(visit)).hex():
            faults.append(gettext("{visit} 与账本不符").format(visit=visit.id))
    return [*faults, *(gettext("{visit} 已被删除").format(visit=missing) for missing in vouched)]


def vouching(visits: Iterable[tuple[UUID, bytes]]) -> dict[str, Any]:
    """The payload of an entry that vouches for these visits."""
    return {"visits": [[str(key), digest.hex()] for key, digest in visits]}
