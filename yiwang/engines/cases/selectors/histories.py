"""The history of a case, read from its journal stream."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from yiwang.engines.trust.api import Told, told


def entries_of(case: UUID) -> list[Told]:
    """All entries of a case in order. Internal: callers have checked that the actor may see the case."""
    return told(case)


def _concerns(entry: Told, token: int) -> bool:
    facts: dict[str, Any] = orjson.loads(entry.payload)
    return facts.get("token") == token


def latest_of_token(case: UUID, token: int) -> Told | None:
    """The last entry about a token; None when there never was one."""
    return next((entry for entry in reversed(entries_of(case)) if _concerns(entry, token)), None)


def moved_since(case: UUID, seen: int, token: int) -> bool:
    """Whether anything happened to a token after entry number `seen`."""
    return any(entry.sequence > seen and _concerns(entry, token) for entry in entries_of(case))
