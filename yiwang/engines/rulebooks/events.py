"""What rulebooks tell, inside the transaction of the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yiwang.engines.directory.api import Actor


@dataclass(frozen=True, slots=True)
class EditionPublished:
    """An edition of `book` ("<app>.<book>") was published and comes into force on `effective_on`."""

    book: str
    number: int
    effective_on: date
    actor: Actor


@dataclass(frozen=True, slots=True)
class EditionWithdrawn:
    """A published edition was taken back before it came into force."""

    book: str
    number: int
    actor: Actor
