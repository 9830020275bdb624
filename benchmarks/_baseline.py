"""The baseline of the replay: the same process and stories in SpiffWorkflow 3, its state stored after every step.

The process is written from our own bundle, with the same gateways and conditions. Limits become what standard BPMN has
for them: timers on the edge of each task, and of a sub-process around the whole, that do not interrupt. A step is what
a server has to do for it: read the case, restore it, complete the task with its data, store it, commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any

from django.db import connection
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from yiwang.engines.stories.api import Story

NAME = "SpiffWorkflow 3, state stored per step"
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_TAGS = {"start": "startEvent", "end": "endEvent", "user_task": "userTask", "exclusive": "exclusiveGateway"}
_HOURS = {"working_hour": 1, "working_day": 24}


def _timers(host: str, row: Mapping[str, Any]) -> Iterator[str]:
    """One event on the edge for each warning of a limit."""
    limit = row.get("within")
    for share in row.get("warn_at", ()) if limit else ():
        minutes = round(float(limit["amount"]) * _HOURS[limit["unit"]] * 60 * share / 100)
        key = f"{host}_{share}"
        yield (
            f'<boundaryEvent id="{key}" attachedToRef="{host}" cancelActivity="false"><timerEventDefinition>'
            f'<timeDuration>"PT{minutes}M"</timeDuration></timerEventDefinition></boundaryEvent>'
            f'<endEvent id="{key}_end"/><sequenceFlow id="{key}_flow" sourceRef="{key}" targetRef="{key}_end"/>'
        )


def _node(row: Mapping[str, Any], flows: list[Mapping[str, Any]]) -> str:
    key = row["key"]
    default = next((f' default="{f["key"]}"' for f in flows if f["source"] == key and f.get("default")), "")
    return f'<{_TAGS[row["kind"]]} id="{key}"{default}/>' + "".join(_timers(key, row))


def _flow(row: Mapping[str, Any]) -> str:
    condition = row.get("when", "").replace(" = ", " == ")
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{row["source"]}" targetRef="{row["target"]}"'
    return f'<sequenceFlow id="{row["key"]}" {ends}>{inner}</sequenceFlow>'


def model(bundle: Mapping[str, Any]) -> bytes:
    """A flat bundle of tasks and exclusive gateways as BPMN XML."""
    inside = "".join(_node(row, bundle["flows"]) for row in bundle["nodes"]) + "".join(map(_flow, bundle["flows"]))
    return (
        f'<definitions xmlns="{_MODEL}" targetNamespace="urn:baseline"><process id="p" isExecutable="true">'
        f'<startEvent id="opened"/><subProcess id="whole">{inside}</subProcess><endEvent id="over"/>'
        '<sequenceFlow id="in" sourceRef="opened" targetRef="whole"/>'
        '<sequenceFlow id="out" sourceRef="whole" targetRef="over"/>'
        f"{''.join(_timers('whole', bundle))}</process></definitions>"
    ).encode()


class Baseline:
    """Carries stories one after another; `steps` counts what was stored."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(model(bundle))))
        self.spec, self.inner = parser.get_spec("p"), parser.get_subprocess_specs("p")
        self.serializer = BpmnWorkflowSerializer()
        self.steps = 0

    def run(self, stories: Iterator[Story], count: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE baseline_case (id int PRIMARY KEY, state jsonb)")
            for number, story in enumerate(islice(stories, count)):
                self._carry(cursor, number, story)
            cursor.execute("DROP TABLE baseline_case")

    def _carry(self, cursor: Any, number: int, story: Story) -> None:
        workflow: Any = BpmnWorkflow(self.spec, self.inner)
        workflow.do_engine_steps()
        workflow.data.update(story.data)
        state = self.serializer.serialize_json(workflow)
        cursor.execute("INSERT INTO baseline_case VALUES (%s, %s)", [number, state])
        self.steps += 1
        for move in story.moves:
            if move.verb != "complete":
                break  # Verbs of offices are beyond a BPMN library; the story is left here.
            cursor.execute("SELECT state::text FROM baseline_case WHERE id = %s", [number])
            workflow = self.serializer.deserialize_json(cursor.fetchone()[0])
            task = next(t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.name == move.node)
            task.set_data(**move.arguments["data"])
            task.run()
            workflow.do_engine_steps()
            state = self.serializer.serialize_json(workflow)
            cursor.execute("UPDATE baseline_case SET state = %s WHERE id = %s", [state, number])
            self.steps += 1
