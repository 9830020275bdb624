"""What apps may call of the desk: the counter that limits visitors without an account, and giving advice on cases."""

from __future__ import annotations

from yiwang.engines.desk.advising import Advice, register_advice
from yiwang.engines.desk.public.limits import Counter, TooOften

__all__ = ["Advice", "Counter", "TooOften", "register_advice"]
