"""What one evaluation may use, and the reasons it collects for every null it made.

An expression comes from a form, a gateway or an uploaded model, so it must never hang or exhaust a worker. Every loop
and call reports here; past the budget the evaluation ends as null with a reason.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation. `seconds` is wall time; `steps` counts loop rounds, calls and produced list items."""

    steps: int = 1_000_000
    seconds: float = 2.0
    call_depth: int = 60
    reasons: int = 20


DEFAULT_LIMITS = Limits()
TEXT_LIMIT = 65_536
"""Characters of one FEEL text."""
NESTING_LIMIT = 60
"""Brackets, branches and signs inside each other in one FEEL text."""
VALUE_TEXT_LIMIT = 1_000_000
"""Characters of one text made by an expression."""
VALUE_DEPTH_LIMIT = 60
"""Lists and contexts inside each other in one value."""
MODEL_LIMIT = 8_000_000
"""Bytes of one DMN XML document."""


class BudgetExceeded(Exception):
    """Unwinds an evaluation that used its budget up; caught where the evaluation began."""


class Run:
    """The account of one evaluation: steps used, call depth, reasons."""

    __slots__ = ("call_depth", "deadline", "limits", "next_look", "reasons", "steps", "traces")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self.steps = 0
        self.next_look = 0
        self.deadline = 0.0
        self.call_depth = 0
        self.reasons: list[str] = []
        self.traces: list[Any] | None = None

    def tick(self, count: int = 1) -> None:
        """Account for `count` steps; the clock is read only every 2048 steps."""
        self.steps += count
        if self.steps >= self.next_look:
            self.look()

    def look(self) -> None:
        """End the evaluation when it is over its budget; for work that takes long without steps."""
        now = time.monotonic()
        if self.deadline == 0.0:
            self.deadline = now + self.limits.seconds
        if self.steps > self.limits.steps:
            raise BudgetExceeded(f"计算步数超过上限 {self.limits.steps}")
        if now > self.deadline:
            raise BudgetExceeded(f"计算时间超过上限 {self.limits.seconds:g} 秒")
        self.next_look = self.steps + 2048

    def note(self, reason: str) -> None:
        if len(self.reasons) < self.limits.reasons:
            self.reasons.append(reason)

    def enter(self) -> None:
        """One function call deeper."""
        self.call_depth += 1
        self.tick()
        if self.call_depth > self.limits.call_depth:
            raise BudgetExceeded(f"函数调用层数超过上限 {self.limits.call_depth}")

    def leave(self) -> None:
        self.call_depth -= 1


class _Current(threading.local):
    """The account of this thread; outside an evaluation, as when a table is compiled, nothing is limited."""

    def __init__(self) -> None:
        self.run = Run(Limits(steps=10**18, seconds=float("inf")))


current = _Current()


def null(reason: str) -> Any:
    """The FEEL null, with the reason noted for whoever asked."""
    current.run.note(reason)
    return None


def tick(count: int = 1) -> None:
    current.run.tick(count)


def account(value: Any) -> Any:
    """The value itself, its size charged to the budget: memory is bounded as time is."""
    if type(value) is str:
        current.run.tick(len(value) // 64)
    elif type(value) is list:
        current.run.tick(len(value))
    return value
