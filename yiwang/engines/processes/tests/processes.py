"""A process in hand for tests: build it from words, do verbs by node key, with purity checked at every step."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from yiwang.engines.directory.spec import Role
from yiwang.engines.processes.bundle import bundle_of
from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.spec import CaseType, End, Node, Start, UserTask
from yiwang.engines.processes.state import CaseState, Clock, Command, Outcome, Token
from yiwang.engines.processes.step import Surroundings, step
from yiwang.engines.working_time.seed import seed_calendar
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import UserError

CLERK = Role(key="clerk", title="经办人")
MONDAY = datetime(2021, 3, 1, 10, 0, tzinfo=CHINA)
CITIZEN, LAN, ZHOU, WU = 7, 11, 12, 13


def task(key: str, **rest: Any) -> UserTask:
    return UserTask(key, f"步骤{key}", by=CLERK, **rest)


def graph_of(*nodes: Node, **head: Any) -> Graph:
    """A compiled process; `Start` is put before it and, unless an `End` is among them, an `End` behind."""
    ends = () if any(isinstance(node, End) for node in nodes) else (End(),)
    return Graph(bundle_of("trial", CaseType(key="sample", title="样例", nodes=(Start(), *nodes, *ends), **head)))


class Run:
    """One case, moved on by `do`."""

    def __init__(
        self, *nodes: Node, graph: Graph | None = None, around: Surroundings | None = None, **head: Any
    ) -> None:
        self.graph = graph or graph_of(*nodes, **head)
        self.around = around or Surroundings(seed_calendar())
        self.state = CaseState(UUID(int=1))
        self.at = MONDAY
        self.last: Outcome | None = None

    def open(self, data: dict[str, Any] | None = None, actor: int | None = CITIZEN, **arguments: Any) -> Run:
        self.command("open", actor=actor, data=data or {}, **arguments)
        return self

    def command(self, verb: str, token: int = 0, actor: int | None = None, **arguments: Any) -> Outcome:
        """Do a verb; whether it is refused or not, the given state stays as it was."""
        before, kept = self.state, deepcopy(self.state)
        try:
            self.last = step(self.graph, before, Command(verb, self.at, actor, "", None, token, arguments), self.around)
        finally:
            assert before == kept, f"{verb} changed the state it was given"
        self.state = self.last.state
        return self.last

    def do(self, verb: str, node: str, actor: int | None = None, **arguments: Any) -> Run:
        """Do a verb on the oldest token at `node`."""
        self.command(verb, self.token(node).no, actor, **arguments)
        return self

    def complete(self, *nodes: str, actor: int | None = None, **data: Any) -> Run:
        for node in nodes:
            self.do("complete", node, actor, data=data)
        return self

    def refused(self, verb: str, node: str = "", actor: int | None = None, **arguments: Any) -> UserError:
        """The error a verb is refused with."""
        try:
            self.command(verb, self.token(node).no if node else 0, actor, **arguments)
        except UserError as error:
            return error
        raise AssertionError(f"{verb} was not refused")

    def token(self, node: str) -> Token:
        """The oldest token that works or waits at `node`."""
        index = self.graph.by_key[node].index
        found = [token for token in self.state.tokens.values() if token.node == index and token.status != "inside"]
        assert found, f"nothing stands at {node}: {self.standing}"
        return min(found)

    def clock(self, node: str) -> Clock:
        """The limit of the task at `node`, or of the case for ''."""
        number = self.token(node).no if node else 0
        return next(c for c in self.state.clocks.values() if c.token == number and c.kind != "timer")

    def wait(self, **span: float) -> Run:
        self.at += timedelta(**span)
        return self

    def ring(self) -> Run:
        """Let the clock that rings first ring."""
        clock = min((c for c in self.state.clocks.values() if c.next_at), key=lambda c: (c.next_at, c.no))
        assert clock.next_at is not None
        self.at = max(self.at, clock.next_at)
        self.command("fire", clock=clock.no)
        return self

    @property
    def standing(self) -> list[str]:
        """Keys of nodes where tokens stand, parked and signing ones included."""
        return sorted(self.graph.nodes[token.node].key for token in self.state.tokens.values())

    @property
    def tasks(self) -> list[str]:
        """Keys of the tasks in work lists."""
        return sorted(self.graph.nodes[token.node].key for token in self.state.open_tasks())
