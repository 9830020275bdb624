"""What the directory tells: others journal it, recompute their deadlines, redraw their maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from yiwang.engines.directory.actors import Actor


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """A write happened. `kind` like `posting.opened`, `subject` like `user/12`; `payload` is plain data."""

    kind: str
    subject: str
    actor: Actor
    division: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Days or office hours of a calendar changed: deadlines that touch `from_on`..`to_on` must be recomputed."""

    calendar: str
    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class DivisionsChanged:
    """Divisions under a district were loaded, renamed, merged or got other outlines."""

    district: str


@dataclass(frozen=True, slots=True)
class PartyRevealed:
    """Somebody read the clear value of `field` (`id_number` or `phone`) of a party, and said why."""

    party: UUID
    field: str
    actor: Actor
    reason: str
    division: str = ""
