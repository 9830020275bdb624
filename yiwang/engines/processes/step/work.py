"""The bench one step works on: a fork of the state, the command, and what the step has made so far.

Only primitives live here (place and drop tokens, start and end clocks, variables). What BPMN means by them is in
`movement`, `scopes` and `happenings`; what offices mean by them is in `verbs`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from yiwang.engines.directory.spec import Limit
from yiwang.engines.processes import clocks
from yiwang.engines.processes.errors import TooManySteps
from yiwang.engines.processes.graph import Graph, GraphNode, limit_of
from yiwang.engines.processes.state import ALARMS, ROOT, CaseState, Clock, Command, Effect, Scope, Token
from yiwang.engines.processes.step.plain import plain

if TYPE_CHECKING:
    from yiwang.engines.directory.api import WorkingCalendar

MOST_MOVES = 10_000
"""Nodes one step may enter; beyond it the process is running in a circle."""


class Surroundings(NamedTuple):
    """All a step may know of the world: the calendar, names turned into ids, decisions, and what advisors say."""

    calendar: WorkingCalendar
    organisation: Callable[[str], int | None] = lambda code: None
    user: Callable[[str], int | None] = lambda name: None
    decide: Callable[[Graph, str, Mapping[str, Any]], Any] = lambda graph, table, facts: None
    advise: Callable[[str, Mapping[str, Any], datetime], Mapping[str, Any]] = lambda name, facts, at: {}


class Travel(NamedTuple):
    """A token on its way, keeping its number `no`, in scope `scope`.

    `how`: "flow" (place is a flow to travel), "leave" (a node whose ways out to take), "enter" or "begin" (a node to
    enter; begin is one run of an activity that may run many times).
    """

    how: str
    no: int
    place: int
    scope: int


class Work:
    """State of one step in the making."""

    def __init__(self, graph: Graph, state: CaseState, command: Command, around: Surroundings) -> None:
        self.graph, self.state, self.command, self.around = graph, state, command, around
        self.at: datetime = command.at
        self.queue: deque[Travel] = deque()
        self.path: list[str] = []
        self.opened: list[dict[str, Any]] = []
        self.effects: list[Effect] = []
        self.facts: dict[str, Any] = {}
        self.origin: tuple[int, int | None] = (-1, None)

    # Variables

    def context(self, scope: int) -> Mapping[str, Any]:
        """What FEEL sees in a scope: the case's data, overlaid by the scopes from outside in."""
        if scope == ROOT:
            return self.state.data
        layers: list[dict[str, Any]] = []
        while scope != ROOT:
            row = self.state.scopes[scope]
            layers.append(row.variables)
            scope = row.parent
        merged = dict(self.state.data)
        for layer in reversed(layers):
            merged.update(layer)
        return merged

    def assign(self, scope: int, values: Mapping[str, Any]) -> None:
        """Set variables as plain JSON: in the nearest run of a multi-instance activity, else in the case's data."""
        values = {name: plain(value) for name, value in values.items()}
        while scope != ROOT:
            row = self.state.scopes[scope]
            if row.kind == "one":
                self.state.scopes[scope] = row._replace(variables={**row.variables, **values})
                return
            scope = row.parent
        self.state.data.update(values)

    # Tokens

    def new_no(self) -> int:
        number = self.state.next_token
        self.state.next_token += 1
        return number

    def place(self, no: int, node: GraphNode, scope: int, status: str, **rest: Any) -> Token:
        """Put token `no` at a node."""
        token = Token(no, node.index, scope, status, self.at, came_from=self.origin[0], came_by=self.origin[1], **rest)
        self.state.tokens[no] = token
        return token

    def change(self, token: Token, **columns: Any) -> Token:
        """Replace columns of a token."""
        changed = token._replace(**columns)
        self.state.tokens[token.no] = changed
        return changed

    def drop(self, no: int) -> None:
        """Take a token away with everything that hangs on it: clocks, signers, running scopes."""
        token = self.state.tokens.pop(no)
        self.drop_clocks(no)
        if token.extra is not None and "deferred_until" in token.extra:
            self.run_case_clock()
        for other in [t.no for t in self.state.tokens.values() if t.host == no]:
            if other in self.state.tokens:
                self.drop(other)
        for scope in [s.no for s in self.state.scopes.values() if s.host == no]:
            self.drop_scope(scope)

    def drop_scope(self, no: int) -> None:
        """End a scope at once with all that runs in it; its host stays."""
        if self.state.scopes.pop(no, None) is None:
            return
        for token in [t.no for t in self.state.tokens.values() if t.scope == no]:
            if token in self.state.tokens:
                self.drop(token)
        for child in [s.no for s in self.state.scopes.values() if s.parent == no]:
            self.drop_scope(child)

    def open_scope(self, parent: int, node: GraphNode, kind: str, host: int, variables: dict[str, Any]) -> Scope:
        """Begin a scope under `host`."""
        scope = Scope(self.state.next_scope, parent, node.index, kind, host, variables)
        self.state.next_scope += 1
        self.state.scopes[scope.no] = scope
        return scope

    # Clocks

    def start_clock(self, limit: Limit, *, token: int, kind: str, node: int, **earlier: Any) -> Clock:
        """Start a limit or timer; `earlier` may carry `begun_at`, `ledger` and `mark` of the one it continues."""
        clock = clocks.started(
            self.around.calendar, limit, self.at, no=self.state.next_clock, token=token, kind=kind, node=node,
            marks=self.marks(kind, node), **earlier,
        )  # fmt: skip
        self.state.next_clock += 1
        if self.state.status == "suspended" and kind not in ALARMS:
            clock = clocks.noted(self.around.calendar, clock, self.marks(kind, node), clocks.STOP, self.at)
        self.state.clocks[clock.no] = clock
        return clock

    def earlier_clock(self, node: GraphNode) -> dict[str, Any]:
        """Arguments for `start_clock` that carry on the clock this node had before; none when it had none."""
        performed = self.state.memory.get("visited", {}).get(node.key)
        if performed is None or performed[3] is None:
            return {}
        begun_at, ledger, mark = performed[3]
        steps = (*(tuple(row) for row in ledger), (clocks.RESUME, self.at.isoformat(), "0"))
        return {"begun_at": datetime.fromisoformat(begun_at), "ledger": steps, "mark": mark}

    def limit(self, node: GraphNode, name: str, scope: int) -> Limit | None:
        """Limit `within` or `after` of a node: fixed, or what its FEEL gives now."""
        if name not in node.expressions:
            return node.within if name == "within" else node.after
        value = node.expressions[name].value(self.context(scope))
        return limit_of(value) if isinstance(value, Mapping) else None

    def alarm(self, at: datetime, *, token: int, node: int, kind: str = "timer") -> None:
        """Start a clock that rings at a given instant."""
        no = self.state.next_clock
        self.state.next_clock += 1
        self.state.clocks[no] = Clock(no, token, kind, node, "0", "urgent_hour", self.at, at, False, at)

    def run_case_clock(self) -> None:
        """The whole case's limit runs again, unless a task still stands still or the case is suspended."""
        clock = self.clock_of(0)
        if clock is None or not clock.is_stopped or self.state.status != "open":
            return
        if not any(stands_still(token) for token in self.state.tokens.values()):
            marks = self.marks("case", clock.node)
            changed = clocks.noted(self.around.calendar, clock, marks, clocks.RESUME, self.at)
            self.state.clocks[clock.no] = changed

    def marks(self, kind: str, node: int) -> tuple[int, ...]:
        """Shares of the limit at which a clock of this kind warns."""
        if kind in ALARMS:
            return ()
        return self.graph.warn_at if kind == "case" else self.graph.nodes[node].warn_at

    def clock_of(self, token: int) -> Clock | None:
        """The limit of a task (or of the case, for token 0)."""
        for clock in self.state.clocks.values():
            if clock.token == token and clock.kind not in ALARMS:
                return clock
        return None

    def drop_clocks(self, token: int, *, timers_only: bool = False) -> None:
        """End the clocks that hang on a token."""
        dropped = [c for c in self.state.clocks.values() if c.token == token]
        for clock in dropped:
            if clock.kind == "timer" or not timers_only:
                del self.state.clocks[clock.no]

    # Movement; `movement.drain` carries what is queued here

    def send_along(self, no: int, flow: int, scope: int) -> None:
        """Let a token travel along a flow."""
        if len(self.path) > MOST_MOVES:
            raise TooManySteps
        self.queue.append(Travel("flow", no, flow, scope))

    def go_on(self, no: int, node: GraphNode, scope: int) -> None:
        """Let a token that stands nowhere take the ways out of `node`."""
        self.queue.append(Travel("leave", no, node.index, scope))

    def pass_on(self, token: Token) -> None:
        """An activity or event is over: its token leaves it."""
        self.drop(token.no)
        self.go_on(token.no, self.graph.nodes[token.node], token.scope)

    def go_to(self, no: int, node: GraphNode, scope: int) -> None:
        """Let a token enter `node` without a flow."""
        self.queue.append(Travel("enter", no, node.index, scope))

    def begin(self, no: int, node: GraphNode, scope: int) -> None:
        """Start one run of an activity."""
        self.queue.append(Travel("begin", no, node.index, scope))

    def effect(self, kind: str, **payload: Any) -> None:
        """Ask for something outside the case."""
        self.effects.append(Effect(kind, payload))


def stands_still(token: Token) -> bool:
    """Whether the task's limit waits: for the applicant (补正), or until a day (挂账)."""
    return token.extra is not None and ("answer_to" in token.extra or "deferred_until" in token.extra)


def place_of(graph: Graph, token: Token) -> int:
    """Where the token's work is; one that waits for the applicant stands at the start only to be seen there."""
    answer_to = (token.extra or {}).get("answer_to")
    return token.node if answer_to is None else graph.by_key[answer_to].index
