"""Days of the report's year through the case engine: full history, hash chain, fsync as the server has it.

The baseline is SpiffWorkflow with its state stored after every step, in the same database, in the same run.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

from django.db import connection
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from benchmarks import _machine
from yiwang.apps.governance.city_incident.scenario import SCENARIO
from yiwang.engines.cases.replay import Replay
from yiwang.engines.cases.scenario import Cast, Spot
from yiwang.engines.cases.services.versions import register_apps
from yiwang.kernel.clock import china

Figure = tuple[str, float, str, str, float | None]
DAYS = 21
TOWNS = ("440605011", "440605121", "440605122", "440605123", "440605124", "440605125", "440605126")
ROLES = ("acceptor", "dispatcher", "handler", "inspector")
BASELINE = "SpiffWorkflow 3, state stored per step"
BASELINE_CASES = 25


def cast() -> Cast:
    """Four people for each role and town."""
    people = {
        (f"city_incident.{role}", town): [(1000 * i + 10 * j + k, f"{role}{k}") for k in range(4)]
        for i, role in enumerate(ROLES)
        for j, town in enumerate(TOWNS)
    }
    return Cast(people, [Spot(113.1, 23.1, f"{town}001", "路口") for town in TOWNS])


def _ours() -> tuple[float, float, float]:
    """(transitions per second, CPU µs of client and database per transition, transitions)."""
    register_apps()
    begin = china(2021, 3, 1)
    stories = SCENARIO.stories("city_incident", cast(), begin=begin, end=begin + timedelta(days=DAYS), scale=1)
    replay = Replay(stories, begin + timedelta(days=DAYS))
    client, database, wall = time.process_time(), _machine.database(), time.perf_counter()
    progress = replay.run()
    wall = time.perf_counter() - wall
    used = time.process_time() - client + _machine.database() - database
    return progress.transitions / wall, used / progress.transitions * 1e6, progress.transitions


TASKS = ("accept", "dispatch", "handle", "verify")


def _bpmn() -> bytes:
    """The same four tasks in a row, for the baseline."""
    line = ["start", *TASKS, "end"]
    nodes = "".join(f'<userTask id="{task}" name="{task}"/>' for task in TASKS)
    flows = "".join(
        f'<sequenceFlow id="f{i}" sourceRef="{a}" targetRef="{b}"/>'
        for i, (a, b) in enumerate(pairwise(line))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:b">'
        f'<process id="p" isExecutable="true"><startEvent id="start"/>{nodes}<endEvent id="end"/>{flows}</process>'
        "</definitions>"
    ).encode()


def _stored_steps() -> Iterator[int]:
    """Run cases step by step, storing the whole state after each; yields once per stored step."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(_bpmn())))
    spec, subprocesses = parser.get_spec("p"), parser.get_subprocess_specs("p")
    serializer = BpmnWorkflowSerializer()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS baseline_case (id int PRIMARY KEY, state jsonb)")
        for number in range(BASELINE_CASES):
            workflow: Any = BpmnWorkflow(spec, subprocesses)
            workflow.do_engine_steps()
            cursor.execute("INSERT INTO baseline_case VALUES (%s, %s)", [number, serializer.serialize_json(workflow)])
            yield 1
            while not workflow.is_completed():
                workflow = serializer.deserialize_json(serializer.serialize_json(workflow))
                workflow.get_tasks(state=TaskState.READY)[0].run()
                workflow.do_engine_steps()
                state = serializer.serialize_json(workflow)
                cursor.execute("UPDATE baseline_case SET state = %s WHERE id = %s", [state, number])
                yield 1
        cursor.execute("DROP TABLE baseline_case")


def _theirs() -> tuple[float, float]:
    client, database, wall = time.process_time(), _machine.database(), time.perf_counter()
    steps = sum(_stored_steps())
    wall = time.perf_counter() - wall
    return steps / wall, (time.process_time() - client + _machine.database() - database) / steps * 1e6


def measure() -> list[Figure]:
    """Transitions per second and CPU per transition, each beside the baseline."""
    rate, cost, _ = _ours()
    baseline_rate, baseline_cost = _theirs()
    return [
        ("replay, transitions per second", rate, "1/s", BASELINE, baseline_rate),
        ("replay, CPU per transition (client + database)", cost, "µs", BASELINE, baseline_cost),
    ]
