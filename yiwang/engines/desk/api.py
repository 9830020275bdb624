"""What apps may call of the desk: advice on cases, parts of the case page, and the counter that limits visitors."""

from __future__ import annotations

from yiwang.engines.desk.advising import Advice, register_advice
from yiwang.engines.desk.cases.beside import CasePart, add_case_part
from yiwang.engines.desk.public.limits import Counter, TooOften

__all__ = ["Advice", "CasePart", "Counter", "TooOften", "add_case_part", "register_advice"]
