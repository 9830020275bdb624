"""What happened, told to whoever cares, inside the process and the transaction of the write.

An event is a frozen dataclass. A subscriber that must survive a crash writes to an outbox; this bus only calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")
_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[Event], handler: Callable[[Event], None]) -> None:
    """Call `handler` for each published event of exactly this class; a second registration is ignored."""
    if handler not in _subscribers[kind]:
        _subscribers[kind].append(handler)


def publish(event: object) -> None:
    """Call every subscriber in order of registration; an exception reaches the publisher and undoes its transaction."""
    for handler in _subscribers[type(event)]:
        handler(event)
