"""A case tried out: the pure step of processes, clocks that ring in their order, nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.bpmn.simulating.choosing import Choices
from yiwang.engines.bpmn.simulating.persons import Persons
from yiwang.engines.bpmn.simulating.report import Names, report
from yiwang.engines.bpmn.simulating.runnable import runnable_graph
from yiwang.engines.bpmn.simulating.script import Script, ScriptError, Step, moment, read_script
from yiwang.engines.directory.spec import Limit
from yiwang.engines.processes.api import PERSONAL, CaseState, Command, Graph, GraphNode, Surroundings, Token, step
from yiwang.engines.rules.spec import decision_table_from_json
from yiwang.engines.working_time.api import seed_calendar
from yiwang.kernel.errors import InvalidInput, SpecError, UserError

if TYPE_CHECKING:
    from yiwang.engines.directory.api import WorkingCalendar

MOST_RINGS = 10_000
"""Clocks that may ring in one advance; more is a circle of timers."""


def simulate(
    bundle: Mapping[str, Any], script: Any, calendar: WorkingCalendar | None = None, *, is_foreign: bool = False
) -> dict[str, Any]:
    """Run a script (see `script.read_script`) on a case of the bundle: status, open tasks, what waits, events, data.

    ScriptError names the step that cannot be done, BpmnError what keeps the process from running. `is_foreign`: it was
    drawn elsewhere; conditions that are no FEEL are listed in `notes`, and the script's `choose` decides there.
    """
    read = read_script(script)
    graph, unread = runnable_graph(bundle, is_foreign=is_foreign)
    simulation = Simulation(graph, read, calendar or seed_calendar())
    simulation.run()
    names = Names(simulation.persons, simulation.organisations)
    found = report(simulation.graph, simulation.state, simulation.at, names, simulation.events)
    return found | ({"notes": [str(note) for note in unread]} if unread else {})


class Simulation:
    """One case, moved on by the steps of a script."""

    def __init__(self, graph: Graph, script: Script, calendar: WorkingCalendar) -> None:
        self.graph, self.script, self.calendar = graph, script, calendar
        self.persons, self.organisations = Persons(), Persons()
        self.around = Surroundings(calendar, self.organisations.number, self.persons.number, _decide)
        self.choices = Choices(graph)
        self.state = CaseState(UUID(int=0))
        self.at = script.at
        self.events: list[dict[str, Any]] = []

    def run(self) -> None:
        """Open the case and do every step."""
        opening = Step(0, "open", None, self.script.data, self.script.person)
        if self.script.start:
            begin = self._node(opening, self.script.start, [n for n in self.graph.nodes if n.kind == "start"])
            self.graph.start = begin.index
        self.choices.choose(opening, self.script.choose)
        self._do(opening, "open", 0, {"data": dict(self.script.data)})
        for step_ in self.script.steps:
            self.choices.choose(step_, step_.choose)
            self._take(step_)
            self._ring_until(step_, self.at)

    def _take(self, step_: Step) -> None:
        acts: Mapping[str, Callable[[Step], None]] = {
            "complete": self._complete, "verb": self._verb, "answer": self._answer, "fail": self._fail,
            "message": self._deliver, "signal": self._deliver, "advance": self._advance, "until": self._advance,
        }  # fmt: skip
        acts[step_.action](step_)

    def _complete(self, step_: Step) -> None:
        token = self._token(step_, step_.what, PERSONAL, "可办理")
        self._do(step_, "complete", token.no, {"data": dict(step_.data)})

    def _verb(self, step_: Step) -> None:
        token = self._token(step_, step_.task, PERSONAL, "可办理").no if step_.task else 0
        arguments = self.persons.numbered(step_.what, step_.data)
        if step_.what == "send_back" and arguments.get("to") != "applicant":
            arguments["to"] = self._node(step_, str(arguments.get("to", "")), self.graph.nodes).key
        if isinstance(arguments.get("organisation"), str):
            arguments["organisation"] = self.organisations.number(arguments["organisation"])
        self._do(step_, step_.what, token, arguments)

    def _answer(self, step_: Step) -> None:
        token = self._token(step_, step_.what, {"called"}, "等待处理结果")
        self._do(step_, "answer", token.no, {"data": dict(step_.data)})

    def _fail(self, step_: Step) -> None:
        token = self._token(step_, step_.what, {"called"}, "等待处理结果")
        self._do(step_, "fail", token.no, {"error": step_.error})

    def _deliver(self, step_: Step) -> None:
        named = {node.name for node in self.graph.nodes if step_.action in (node.on, "message" if node.name else "")}
        if step_.what not in named:
            title = "消息" if step_.action == "message" else "信号"
            raise step_.mistake(f"流程里没有{title}“{step_.what}”。", nearest(step_.what, named))
        arguments = {"kind": step_.action, "name": step_.what, "payload": dict(step_.data)}
        self._do(step_, "deliver", 0, arguments)

    def _advance(self, step_: Step) -> None:
        try:
            goal = moment(step_, self.at)
            if isinstance(goal, Limit):
                goal = self.calendar.add(self.at, goal).at
        except (UserError, OverflowError) as error:
            raise step_.mistake("时间超出日历范围。", "请缩短。") from error
        if goal < self.at:
            raise step_.mistake(f"时钟已是 {self.at:%Y-%m-%dT%H:%M}，不能往回走。", "请写更晚的时刻。")
        self._ring_until(step_, goal)
        self.at = goal

    def _ring_until(self, step_: Step, goal: datetime) -> None:
        """Let every clock ring that is due by `goal`, in the order of their instants; the clock stands at each."""
        for _ in range(MOST_RINGS):
            due = [(clock.next_at, clock.no) for clock in self.state.clocks.values() if clock.next_at]
            if self.state.status != "open" or not due or min(due)[0] > goal:
                return
            at, number = min(due)
            self.at = max(self.at, at)
            self._do(step_, "fire", 0, {"clock": number})
        raise step_.mistake(f"时钟响了 {MOST_RINGS} 次还没有停。", "请检查带定时的循环。")

    def _do(self, step_: Step, verb: str, token: int, arguments: Mapping[str, Any]) -> None:
        person = step_.person if verb != "fire" else ""
        command = Command(verb, self.at, self.persons.number(person), person, None, token, arguments)
        try:
            outcome = step(self.graph, self.state, command, self.around)
        except InvalidInput as error:
            raise step_.mistake("".join(item["message"] for item in error.errors) or error.sentence()) from error
        except (UserError, SpecError) as error:
            told = error.sentence() if isinstance(error, UserError) else str(error)
            raise step_.mistake(told) from error
        self.state = outcome.state
        event = {"step": step_.number, "at": self.at, "verb": verb, "as": person}
        self.events.append(event | {"facts": outcome.facts, "effects": outcome.effects})

    def _token(self, step_: Step, name: str, statuses: frozenset[str] | set[str], wanted: str) -> Token:
        """The token at the node a step names: the person's own before others; `number` chooses among several."""
        standing = sorted(token for token in self.state.tokens.values() if token.status in statuses)
        here = {self.graph.nodes[token.node].key: self.graph.nodes[token.node] for token in standing}
        node = self._node(step_, name, list(here.values()), self.graph.nodes)
        found = [token for token in standing if token.node == node.index]
        own = [token for token in found if step_.person and token.assignee == self.persons.number(step_.person)]
        found = own or found
        if not found:
            now = "、".join(f"“{other.title or key}”（{key}）" for key, other in here.items())
            raise step_.mistake(
                f"“{name}”现在不在{wanted}的任务里。",
                f"现在{wanted}的有：{now}。" if now else f"现在没有{wanted}的任务。",
            )
        if step_.run > len(found):
            raise step_.mistake(f"“{name}”只有 {len(found)} 个。", f"number 请写 1 至 {len(found)}。")
        return found[step_.run - 1]

    def _node(self, step_: Step, name: str, *choices: Any) -> GraphNode:
        """The node of that key or title, looked for in each choice of nodes in turn."""
        for nodes in choices:
            for node in nodes:
                if name in (node.key, node.title):
                    found: GraphNode = node
                    return found
        known = [text for node in choices[-1] for text in (node.key, node.title) if text]
        raise step_.mistake(f"流程里没有“{name}”。", nearest(name, known))


def _decide(graph: Graph, table: str, facts: Mapping[str, Any]) -> Any:
    return _table(graph, table).evaluate(facts).value


@lru_cache(maxsize=64)
def _table(graph: Graph, key: str) -> Any:
    if key not in graph.bundle["tables"]:
        raise ScriptError(f"流程里没有决策表“{key}”。{nearest(key, graph.bundle['tables'])}")
    return decision_table_from_json(graph.bundle["tables"][key])
