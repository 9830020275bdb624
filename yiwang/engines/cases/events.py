"""What the engine tells others inside the process; frozen facts, published inside the transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A step was stored."""

    case: UUID
    type: str
    verb: str
    status: str


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something people should hear of: kind is warning, urged or supervised."""

    case: UUID
    kind: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A case sent a message that no case here waits for: for adapters to the outside."""

    case: UUID | None
    name: str
    payload: Mapping[str, Any]
