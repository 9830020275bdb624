"""What apps may call of the desk: the counter that limits visitors without an account."""

from __future__ import annotations

from yiwang.engines.desk.public.limits import Counter, TooOften

__all__ = ["Counter", "TooOften"]
