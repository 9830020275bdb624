"""The same sound process, the same answers, two engines: ours and SpiffWorkflow take the same steps to the same end.

Held at every step: the tasks that stand ready, the tasks and ends passed so far, and whether the case is over.
HYPOTHESIS_PROFILE=thorough draws twenty times as many processes.
"""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

import pytest
from hypothesis import settings
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.lint import check_bundle
from yiwang.engines.processes.tests.blocks import Blocks
from yiwang.engines.processes.tests.processes import Run

PROCESSES = 200 if settings().max_examples < 100 else 4_000
PORTIONS = 10
MOST_STEPS = 60
SHOWN = ("user_task", "end", "catch")


class Ours:
    """Our engine behind the few words the comparison needs."""

    def __init__(self, drawn: Blocks) -> None:
        self.run = Run(graph=Graph(drawn.bundle))
        self.run.open()
        self.passed: list[str] = []
        self.note_ends()

    def note_ends(self) -> None:
        assert self.run.last is not None
        nodes = self.run.graph.by_key
        self.passed += sorted(key for key in self.run.last.facts.get("path", ()) if nodes[key].kind == "end")

    @property
    def ready(self) -> list[str]:
        return self.run.tasks

    @property
    def is_over(self) -> bool:
        return self.run.state.status == "closed"

    def complete(self, task: str, data: dict[str, Any]) -> None:
        self.run.complete(task, **data)
        self.passed.append(task)
        self.note_ends()

    def signal(self, name: str) -> None:
        self.run.command("deliver", kind="signal", name=name)
        self.note_ends()


class Theirs:
    """SpiffWorkflow behind the same words."""

    def __init__(self, drawn: Blocks) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(drawn.xml.encode())))
        self.workflow: Any = BpmnWorkflow(parser.get_spec("drawn"), parser.get_subprocess_specs("drawn"))
        self.ends = {node["key"] for node in drawn.nodes if node["kind"] == "end"}
        self.passed: list[str] = []
        self.go_on()

    def go_on(self) -> None:
        ended: list[str] = []

        def note(task: Any) -> None:
            if task.task_spec.name in self.ends:
                ended.append(task.task_spec.name)

        self.workflow.do_engine_steps(did_complete_task=note)
        self.passed += sorted(ended)

    def _tasks(self) -> list[Any]:
        return [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]

    @property
    def ready(self) -> list[str]:
        return sorted(task.task_spec.name for task in self._tasks())

    @property
    def is_over(self) -> bool:
        return bool(self.workflow.completed)

    def complete(self, name: str, data: dict[str, Any]) -> None:
        task = next(task for task in self._tasks() if task.task_spec.name == name)
        task.set_data(**data)
        task.run()
        self.passed.append(name)
        self.go_on()

    def signal(self, name: str) -> None:
        self.workflow.send_event(BpmnEvent(SignalEventDefinition(name)))
        self.go_on()


def moves_of(ours: Ours, drawn: Blocks, used: set[str]) -> list[tuple[str, str]]:
    heard = [name for name, place in drawn.signals.items() if name not in used and place in ours.run.standing]
    return [("complete", key) for key in ours.ready] + [("signal", name) for name in heard]


def compare(seed: int) -> int:
    """Play one process in both; the number of steps taken."""
    rng = random.Random(seed)
    drawn = Blocks(rng, rng.randint(2, 16), is_simple=True)
    assert check_bundle(drawn.bundle) == []
    ours, theirs = Ours(drawn), Theirs(drawn)
    used: set[str] = set()
    steps = 0
    while steps < MOST_STEPS:
        assert (ours.ready, ours.passed, ours.is_over) == (theirs.ready, theirs.passed, theirs.is_over), f"seed {seed}"
        moves = moves_of(ours, drawn, used)
        if not moves:
            break
        steps += 1
        kind, name = rng.choice(moves)
        if kind == "signal":
            used.add(name)
            ours.signal(name)
            theirs.signal(name)
            continue
        answer = {f"d_{name}": rng.choice((1, 2, 3, 9))}
        ours.complete(name, answer)
        theirs.complete(name, answer)
    return steps


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_both_engines_take_the_same_steps_to_the_same_end(portion: int) -> None:
    steps = [compare(seed) for seed in range(portion, PROCESSES, PORTIONS)]
    assert sum(steps) > 2 * len(steps), "the processes drawn are too small to show anything"
