"""The state of a case in the new version: same tokens, scopes and data; clocks derived anew where limits changed.

A limit that changed keeps its start, its stops and its extensions: the new amount is laid on the time already used.
Warnings already raised stay raised. A step that had no limit gets one that starts now; one that lost its limit loses
its clock. Timers on edges follow the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from yiwang.engines.directory.spec import Limit
from yiwang.engines.processes import clocks
from yiwang.engines.processes.graph import Graph, GraphNode
from yiwang.engines.processes.migration.moves import Moves
from yiwang.engines.processes.state import PERSONAL, CaseState, Clock, Command, Token
from yiwang.engines.processes.step.holding import is_with_applicant, note
from yiwang.engines.processes.step.movement import start_timer
from yiwang.engines.processes.step.scopes import is_run
from yiwang.engines.processes.step.work import Surroundings, Work, place_of


def carried(old: Graph, new: Graph, moves: Moves, state: CaseState, at: datetime, around: Surroundings) -> CaseState:
    """The case in the new version at instant `at`. Only for cases without obstacles."""
    return _Carrier(old, new, moves, state, at, around).done()


class _Carrier:
    def __init__(
        self, old: Graph, new: Graph, moves: Moves, state: CaseState, at: datetime, around: Surroundings
    ) -> None:
        self.old, self.new, self.moves, self.before = old, new, moves, state
        self.work = Work(new, state.fork(), Command("migrate", at), around)

    def done(self) -> CaseState:
        state = self.work.state
        state.tokens = {token.no: self._token(token) for token in self.before.tokens.values()}
        state.scopes = {s.no: s._replace(node=self._node(s.node)) for s in self.before.scopes.values()}
        visited = self.before.memory.get("visited")
        if visited:
            names = self.moves.nodes
            state.memory["visited"] = {names[key]: told for key, told in visited.items() if key in names}
        kept = (self._clock(clock) for clock in self.before.clocks.values())
        state.clocks = {clock.no: clock for clock in kept if clock is not None}
        self._start_missing()
        return state

    def _node(self, index: int) -> int:
        """Number of the new node; -1 when there is none, which only places long left can have."""
        key = self.moves.nodes.get(self.old.nodes[index].key) if index >= 0 else None
        return self.new.by_key[key].index if key is not None else -1

    def _token(self, token: Token) -> Token:
        asks = (token.extra or {}).get("answer_to")
        node = self.new.start if asks else self._node(token.node)
        flow = self.moves.flows.get(self.old.flows[token.flow].key) if token.flow >= 0 else None
        return token._replace(
            node=node,
            flow=self.new.flow_by_key[flow] if flow is not None else -1,
            came_from=self._node(token.came_from),
            role=self.new.nodes[node].role if token.role else "",
            extra={**(token.extra or {}), "answer_to": self.moves.nodes[asks]} if asks else token.extra,
        )

    # Clocks

    def _clock(self, clock: Clock) -> Clock | None:
        node = self.new.start if clock.kind == "case" else self._node(clock.node)
        if node < 0 or (clock.kind == "timer" and node not in self._timers_at(self.work.state.tokens[clock.token])):
            return None
        if clock.kind == "deferral":
            return clock._replace(node=node)
        limit = self._limit(clock, self.new.nodes[node])
        if limit is None:
            return clock._replace(node=node) if clock.kind == "timer" and clock.amount == "0" else None
        moved = clock._replace(node=node, amount=str(limit.amount), unit=limit.unit, mark=self._mark(clock, node))
        marks = self.work.marks(clock.kind, node)
        if moved == clock._replace(node=node) and marks == self._old_marks(clock):
            return moved
        return clocks.timed(self.work.around.calendar, moved, marks)

    def _limit(self, clock: Clock, node: GraphNode) -> Limit | None:
        """The limit a clock has from now on; one that the case's data decided stays as it was decided."""
        if clock.kind == "timer":
            return node.after
        is_decided = self.new.decides_limit if clock.kind == "case" else "within" in node.expressions
        if is_decided:
            return Limit(Decimal(clock.amount), clock.unit)
        return self.new.within if clock.kind == "case" else node.within

    def _old_marks(self, clock: Clock) -> tuple[int, ...]:
        if clock.kind == "timer":
            return ()
        return self.old.warn_at if clock.kind == "case" else self.old.nodes[clock.node].warn_at

    def _mark(self, clock: Clock, node: int) -> int:
        """How many of the new warnings count as raised: those up to the share that was raised last."""
        if not clock.mark:
            return 0
        last = self._old_marks(clock)[clock.mark - 1]
        return sum(share <= last for share in self.work.marks(clock.kind, node))

    def _timers_at(self, token: Token) -> Iterator[int]:
        """Nodes of the events whose timers a token keeps running in the new version."""
        node = self.new.nodes[place_of(self.new, token)]
        if token.status == "waiting" and node.kind == "event_gateway":
            nodes = [self.new.nodes[self.new.flows[flow].target] for flow in node.outgoing]
        else:
            nodes = [node, *(self.new.nodes[index] for index in node.boundaries)]
        if token.status not in ("joined", "signing") and not is_run(self.work, token):
            yield from (one.index for one in nodes if one.kind in ("catch", "boundary") and one.on == "timer")

    def _start_missing(self) -> None:
        work = self.work
        known = {self._node(node.index) for node in self.old.nodes if node.on == "timer"}
        if self.new.within is not None and work.clock_of(0) is None:
            work.start_clock(self.new.within, token=0, kind="case", node=self.new.start)
        for token in list(work.state.tokens.values()):
            for event in self._timers_at(token):
                if event not in known:  # One that was known and does not run has rung already.
                    start_timer(work, token.no, self.new.nodes[event], token.scope)
            self._start_limit(token)

    def _start_limit(self, token: Token) -> None:
        node = self.new.nodes[place_of(self.new, token)]
        is_task = token.status in PERSONAL and token.status != "signing"
        if not is_task or self.work.clock_of(token.no) is not None:
            return
        limit = self.work.limit(node, "within", token.scope)
        if limit is None:
            return
        clock = self.work.start_clock(limit, token=token.no, kind="task", node=node.index)
        if is_with_applicant(token) and not clock.is_stopped:
            note(self.work, clock, clocks.STOP)
