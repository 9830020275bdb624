"""What a running case is in memory: tokens, scopes and clocks as small immutable rows, as they stand in the tables.

`CaseState.fork()` is shallow: rows are never changed in place, so two states can share them and the difference
between before and after is a comparison of identities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

ROOT = 0
"""Number of the outermost scope; its variables are the case's data."""


class Token(NamedTuple):
    """One place where work stands. `status` says what it waits for:

    open (a task nobody took) · claimed · delegated (another works, the owner waits) ·
    signing (a countersigner's part) · countersigning (owner waits for signers) · waiting (an event) ·
    called (a handler or another case) · joined (parked at a join, came by `flow`) · inside (host of a running scope).
    """

    no: int
    node: int
    scope: int
    status: str
    since: datetime
    flow: int = -1
    role: str = ""
    assignee: int | None = None
    organisation: int | None = None
    host: int = 0
    came_from: int = -1
    came_by: int | None = None
    extra: Mapping[str, Any] | None = None


class Scope(NamedTuple):
    """A running sub-process (`body`), multi-instance activity (`many`) or a run of it (`one`); `host` is its token."""

    no: int
    parent: int
    node: int
    kind: str
    host: int
    variables: dict[str, Any]


class Clock(NamedTuple):
    """A running limit or timer. `token` 0 is the whole case. `ledger` holds (operation, ISO instant, amount) in order.

    `next_at` is the instant the sweep must look at next; `mark` counts the warnings already raised.
    """

    no: int
    token: int
    kind: str
    node: int
    amount: str
    unit: str
    started_at: datetime
    due_at: datetime
    is_provisional: bool
    next_at: datetime | None
    mark: int = 0
    ledger: tuple[tuple[str, str, str], ...] = ()
    is_stopped: bool = False


ALARMS = frozenset({"timer", "deferral"})
"""Kinds of clock that ring once and count no limit: timers of events, and the day a deferred task runs on."""


@dataclass(slots=True)
class CaseState:
    """A case between two steps."""

    id: UUID
    status: str = "new"
    outcome: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    scopes: dict[int, Scope] = field(default_factory=dict)
    clocks: dict[int, Clock] = field(default_factory=dict)
    next_token: int = 1
    next_scope: int = 1
    next_clock: int = 1
    opened_by: int | None = None

    def fork(self) -> CaseState:
        """A copy a step may change while this one stays as it is."""
        return CaseState(
            self.id, self.status, self.outcome, dict(self.data), dict(self.memory), dict(self.tokens),
            dict(self.scopes), dict(self.clocks), self.next_token, self.next_scope, self.next_clock, self.opened_by,
        )  # fmt: skip

    def open_tasks(self) -> list[Token]:
        """Tokens at which a person can work now, oldest first."""
        return [token for token in self.tokens.values() if token.status in PERSONAL]


PERSONAL = frozenset({"open", "claimed", "delegated", "countersigning", "signing"})
"""Statuses of tokens that stand in somebody's work list."""


class Command(NamedTuple):
    """One thing somebody (or the clock) does to a case. `token` 0 means the case as a whole."""

    verb: str
    at: datetime
    actor: int | None = None
    actor_name: str = ""
    on_behalf_of: str | None = None
    token: int = 0
    arguments: Mapping[str, Any] = {}


class Effect(NamedTuple):
    """Something to do outside the case after the step is stored: goes through the outbox."""

    kind: str
    payload: Mapping[str, Any]


class Outcome(NamedTuple):
    """What one step made: the new state, facts for the history, effects for the outbox."""

    state: CaseState
    facts: dict[str, Any]
    effects: list[Effect]
