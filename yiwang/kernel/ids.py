"""Identifiers made by the application, ordered by time so that index pages stay warm (UUID version 7, RFC 9562)."""

from __future__ import annotations

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh id: 48 bits of milliseconds, then 74 random bits. Unique across processes without talking."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    high = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    middle = 0x7000 | (random_bits >> 68 & 0x0FFF)
    low = 0x8000_0000_0000_0000 | (random_bits & 0x3FFF_FFFF_FFFF_FFFF)
    return UUID(int=high | middle << 64 | low)
