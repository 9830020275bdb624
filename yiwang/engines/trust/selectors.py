"""Reading history. The actor comes first; entries outside the actor's divisions are left out."""

from __future__ import annotations

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q

from yiwang.engines.trust import sealing
from yiwang.engines.trust.models import DaySeal, JournalEntry
from yiwang.engines.trust.services import stream_named
from yiwang.engines.trust.sql import statement

VIEW = "journal.view"


class Reader(Protocol):
    """Who reads; `directory.api.Actor` is one."""

    @property
    def is_system(self) -> bool: ...

    def scopes(self, verb: str) -> tuple[str, ...]: ...


class Told(NamedTuple):
    """An entry without its place in the chain: enough to tell what happened."""

    sequence: int
    kind: str
    at: datetime
    actor_id: int | None
    actor_name: str
    on_behalf_of: str | None
    payload: str
    hash: bytes


def told(stream: UUID) -> list[Told]:
    """All entries of a stream in order, at a fifth of the cost of `history`. Rights to the stream are the caller's."""
    with connection.cursor() as cursor:
        cursor.execute(statement("stream"), [stream])
        return [Told(*row) for row in cursor.fetchall()]


def history(actor: Reader, stream: UUID | str, *, verb: str = VIEW) -> list[JournalEntry]:
    """Entries of a stream in order, of the divisions in which the actor holds `verb`."""
    key = stream_named(stream) if isinstance(stream, str) else stream
    entries = JournalEntry.objects.filter(stream=key).order_by("sequence")
    if actor.is_system:
        return list(entries)
    prefixes = actor.scopes(verb)
    if not prefixes:
        return []
    return list(entries.filter(reduce(or_, (Q(division__startswith=prefix) for prefix in prefixes))))


def seals(limit: int = 31) -> list[DaySeal]:
    """The latest seals, newest first. Seals hold nothing personal and are meant to be published."""
    return list(DaySeal.objects.order_by("-sealed_on")[:limit])


def prove(stream: UUID | str, sealed_on: date) -> sealing.Proof:
    """Proof that a stream's head is under the seal of a day. Raises NotSealed."""
    key = stream_named(stream) if isinstance(stream, str) else stream
    with connection.cursor() as cursor:
        return sealing.prove(cursor, key, sealed_on)
