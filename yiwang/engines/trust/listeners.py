"""Every write of the directory is journalled, in the stream of the thing that changed and in its transaction."""

from __future__ import annotations

from yiwang.engines.directory.api import DirectoryChanged, PartyRevealed
from yiwang.engines.trust.services import append
from yiwang.kernel.events import subscribe


def connect() -> None:
    """Called once, when all apps are loaded."""
    subscribe(DirectoryChanged, _journal_change)
    subscribe(PartyRevealed, _journal_reveal)


def _journal_change(event: DirectoryChanged) -> None:
    append(event.subject, event.kind, dict(event.payload), actor=event.actor, division=event.division)


def _journal_reveal(event: PartyRevealed) -> None:
    """Who read a citizen's number in the clear, and why; the number itself is not repeated here."""
    facts = {"field": event.field, "reason": event.reason}
    append(f"party/{event.party}", "party.revealed", facts, actor=event.actor, division=event.division)
