"""Who holds a task, and what its clocks note: what several verbs share."""

from __future__ import annotations

from typing import Any

from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import NotYours
from yiwang.engines.processes.state import Clock, Token
from yiwang.engines.processes.step.work import Work, stands_still


def must_hold(work: Work, token: Token) -> None:
    """Only the assignee may act on an assigned task; the system may always."""
    if token.assignee is not None and work.command.actor not in (None, token.assignee):
        raise NotYours(facts={"assignee": token.assignee})


def is_with_applicant(token: Token) -> bool:
    """Whether the task waits for the applicant to make up what is missing (补正)."""
    return token.extra is not None and "answer_to" in token.extra


def run_on(work: Work, token: Token) -> None:
    """What the task waited for is over: its limit runs again, the case's too unless another still stands still."""
    others = any(stands_still(other) for other in work.state.tokens.values() if other.no != token.no)
    for clock in list(work.state.clocks.values()):
        if clock.is_stopped and (clock.token == token.no or (clock.token == 0 and not others)):
            work.facts.setdefault("due_at", note(work, clock, clocks.RESUME).due_at)


def note(work: Work, clock: Clock, operation: str, amount: str = "0") -> Clock:
    """Write an operation in a clock's ledger."""
    marks = work.marks(clock.kind, clock.node)
    changed = clocks.noted(work.around.calendar, clock, marks, operation, work.at, amount)
    work.state.clocks[clock.no] = changed
    return changed


def without(extra: Any, *names: str) -> dict[str, Any] | None:
    """`extra` less some names; None when nothing is left."""
    left = {name: value for name, value in (extra or {}).items() if name not in names}
    return left or None
