"""Small marks inside shapes, as SVG path data around a middle at (0, 0)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_ENVELOPE = "M-8 -5.5H8V5.5H-8ZM-8 -5.5L0 1L8 -5.5"
MARKS: Mapping[str, str] = MappingProxyType(
    {
        "exclusive": "M-7 -8L7 8M7 -8L-7 8",
        "parallel": "M0 -10V10M-10 0H10",
        "inclusive": "M-9 0A9 9 0 1 1 9 0A9 9 0 1 1 -9 0",
        "event_gateway": "M0 -8L7.6 -2.5L4.7 6.5H-4.7L-7.6 -2.5ZM-12 0A12 12 0 1 1 12 0A12 12 0 1 1 -12 0",
        "timer": "M-9 0A9 9 0 1 1 9 0A9 9 0 1 1 -9 0M0 -6V0L4 2.5",
        "message": _ENVELOPE,
        "signal": "M0 -8L8.5 6.5H-8.5Z",
        "error": "M-8 7L-3 -7L2.5 2L8 -7L3.5 7L-2.5 -2.5Z",
        "escalation": "M0 -8L6.5 8L0 2.5L-6.5 8Z",
        "terminate": "M-8 0A8 8 0 1 1 8 0A8 8 0 1 1 -8 0",
        "user_task": "M0 -1A3.5 3.5 0 1 1 0.1 -1M-6.5 8C-6.5 3 -3.5 1.5 0 1.5S6.5 3 6.5 8Z",
        "service_task": "M-3 0A3 3 0 1 1 3 0A3 3 0 1 1 -3 0M0 -8V-5M0 5V8M-8 0H-5M5 0H8"
        "M-5.6 -5.6L-3.6 -3.6M3.6 3.6L5.6 5.6M-5.6 5.6L-3.6 3.6M3.6 -3.6L5.6 -5.6",
        "rule_task": "M-8 -6H8V6H-8ZM-8 -2H8M-3 -2V6M-8 2H8",
        "send_task": _ENVELOPE,
        "receive_task": _ENVELOPE,
        "many": "M-5 -5V5M0 -5V5M5 -5V5",
        "many_sequential": "M-5 -5H5M-5 0H5M-5 5H5",
        "closed": "M-6 -6H6V6H-6ZM0 -4V4M-4 0H4",
        "done": "M-5 0L-1.5 4L5 -4.5",
    }
)
FILLED = frozenset({"send_task", "terminate"})
"""Marks that are dark inside; so are those of events that are thrown."""
