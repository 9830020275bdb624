"""The door to exchange: what the desk, the cockpit and apps may call."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.engines.exchange.models import Link, System
from yiwang.engines.exchange.rights import EDIT_EXCHANGE
from yiwang.engines.exchange.selectors import links_of, systems
from yiwang.engines.exchange.services.keeping import Entry, add_system
from yiwang.engines.exchange.services.sending import send_due
from yiwang.engines.exchange.services.telling import catch_up, hand_over
from yiwang.engines.exchange.spec import STATUSES, Participation

__all__ = [
    "EDIT_EXCHANGE", "STATUSES", "Entry", "Link", "Participation", "System", "add_system", "catch_up", "duties",
    "hand_over", "links_of", "send_due", "systems",
]  # fmt: skip


def duties() -> list[tuple[str, Callable[[], int], float]]:
    """What the worker does for exchange: title, a portion of work, pause in seconds when there was none."""
    return [
        ("events to other systems", send_due, 1.0),
        ("moves nobody announced", catch_up, 10.0),
    ]
