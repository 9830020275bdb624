"""Random sound processes: blocks within blocks, written as a bundle for our engine and as BPMN XML for any other.

A block has one way in and one way out. Every choice is decided by a task right before it, which sets the number
`d_<task>`; so the same answers mean the same way in an engine whose branches do not share their data.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

Row = dict[str, Any]
LIMIT = {"amount": "1", "unit": "working_day"}
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XML_KINDS = {
    "start": "startEvent", "end": "endEvent", "user_task": "userTask", "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway", "inclusive": "inclusiveGateway", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "sub_process": "subProcess",
}  # fmt: skip


class Blocks:
    """Draws one process. `nodes`, `flows` are its rows; `signals` the events that may be sent to it by name.

    `is_simple` leaves out what SpiffWorkflow does not do by the standard: joins inside loops (it takes branches of an
    earlier round for arrived), and blocks inside the branches of an inclusive one (its join looks back along the first
    way into each node only, and not into sub-processes).
    """

    def __init__(self, rng: random.Random, size: int, *, is_simple: bool = False) -> None:
        self.rng, self.left, self.is_simple = rng, size, is_simple
        self.nodes: list[Row] = []
        self.flows: list[Row] = []
        self.signals: dict[str, str] = {}
        self.parents: list[str] = []
        self.loops = self.branches = self.inclusives = 0
        last = self._sequence(self._node("start"))
        self._flow(last, self._node("end"))

    @property
    def bundle(self) -> Row:
        form = {"key": "f", "title": "表", "fields": []}
        return {
            "format": 1, "app": "trial", "key": "drawn", "title": "样例", "watchers": [], "forms": {"f": form},
            "tables": {}, "nodes": self.nodes, "flows": self.flows,
        }  # fmt: skip

    # Rows

    def _node(self, kind: str, **rest: Any) -> str:
        key = f"{kind[0] if kind != 'user_task' else 't'}{len(self.nodes)}"
        row = {"key": key, "kind": kind, "title": key, **rest}
        if self.parents:
            row["parent"] = self.parents[-1]
        self.nodes.append(row)
        return key

    def _flow(self, source: str, target: str, value: int | None = None, *, is_default: bool = False) -> None:
        row: Row = {"key": f"f{len(self.flows)}", "source": source, "target": target}
        if value is not None:
            row["value"], row["when"] = value, f"d_{self._decider(source)} = {value}"
        if is_default:
            row["default"] = True
        self.flows.append(row)

    def _decider(self, gateway: str) -> str:
        return str(next(flow["source"] for flow in self.flows if flow["target"] == gateway))

    # Blocks: each takes the node before it and gives the node behind it

    def _sequence(self, before: str) -> str:
        for _ in range(self.rng.randint(1, 3)):
            before = self._block(before)
        return before

    def _block(self, before: str) -> str:
        self.left -= 1
        if self.left <= 0:
            return self._task(before)
        return self.rng.choice(self._choices())(before)

    def _choices(self) -> list[Callable[[str], str]]:
        blocks = [self._task, self._catch]
        if self.inclusives and self.is_simple:
            return blocks
        blocks += [self._exclusive, self._exclusive, self._sub_process, self._edge]
        if not (self.loops and self.is_simple):
            blocks += [self._parallel, self._parallel, self._inclusive]
        if not self.loops:
            blocks += [self._loop]
        return blocks

    def _task(self, before: str) -> str:
        task = self._node("user_task", by="trial.clerk", form="f", within=LIMIT)
        self._flow(before, task)
        return task

    def _gateway(self, kind: str, before: str) -> str:
        gateway = self._node(kind)
        self._flow(before, gateway)
        return gateway

    def _exclusive(self, before: str) -> str:
        fork = self._gateway("exclusive", self._task(before))
        ends = self._ways(fork, "exclusive")
        if not self.branches and self.rng.random() < 0.25:
            self._flow(ends.pop(), self._node("end"))
        return self._meet("exclusive", ends)

    def _inclusive(self, before: str) -> str:
        fork = self._gateway("inclusive", self._task(before))
        self.branches, self.inclusives = self.branches + 1, self.inclusives + 1
        ends = self._ways(fork, "inclusive")
        self.branches, self.inclusives = self.branches - 1, self.inclusives - 1
        return self._meet("inclusive", ends)

    def _ways(self, fork: str, kind: str) -> list[str]:
        """Branches behind a deciding gateway: answer 1, 2 … chooses one (or 9 two, for an inclusive one)."""
        count, ends = self.rng.randint(2, 3), []
        for value in range(1, count + 1):
            first = self._node("user_task", by="trial.clerk", form="f", within=LIMIT)
            if value == count:
                self._flow(fork, first, is_default=True)
            else:
                self._flow(fork, first, value)
                if kind == "inclusive":
                    self.flows[-1]["when"] += f" or d_{self._decider(fork)} = 9"
            ends.append(self._sequence(first) if self.rng.random() < 0.5 else first)
        return ends

    def _parallel(self, before: str) -> str:
        fork = self._gateway("parallel", before)
        self.branches += 1
        ends = [self._sequence(fork) for _ in range(self.rng.randint(2, 3))]
        self.branches -= 1
        return self._meet("parallel", ends)

    def _meet(self, kind: str, ends: list[str]) -> str:
        join = self._node(kind)
        for end in ends:
            self._flow(end, join)
        return join

    def _loop(self, before: str) -> str:
        begin = self._gateway("exclusive", before)
        self.loops, self.branches = self.loops + 1, self.branches + 1
        again = self._gateway("exclusive", self._task(self._sequence(begin)))
        self.loops, self.branches = self.loops - 1, self.branches - 1
        self._flow(again, begin, 1)
        after = self._node("user_task", by="trial.clerk", form="f", within=LIMIT)
        self._flow(again, after, is_default=True)
        return after

    def _sub_process(self, before: str) -> str:
        block = self._node("sub_process")
        self._flow(before, block)
        self.parents.append(block)
        kept, self.branches = self.branches, 1
        self._flow(self._sequence(self._node("start")), self._node("end"))
        self.parents.pop()
        self.branches = kept
        return block

    def _edge(self, before: str) -> str:
        """A task with a signal on its edge: instead of it, or (with an end of its own) beside it."""
        host = self._task(before)
        interrupts = self.rng.random() < 0.6
        event = self._node("boundary", at_node=host, on="signal", name=f"s_{host}", interrupting=interrupts)
        self.signals[f"s_{host}"] = event
        other = self._task(event)
        if interrupts:
            return self._meet("exclusive", [host, other])
        self._flow(other, self._node("end"))
        return self._task(host)

    def _catch(self, before: str) -> str:
        event = self._node("catch", on="signal")
        self.nodes[-1]["name"] = f"s_{event}"
        self.signals[f"s_{event}"] = event
        self._flow(before, event)
        return event

    # BPMN XML

    @property
    def xml(self) -> str:
        signals = "".join(f'<signal id="{name}" name="{name}"/>' for name in self.signals)
        return (
            f'<definitions xmlns="{MODEL}" targetNamespace="urn:t">{signals}'
            f'<process id="drawn" isExecutable="true">{"".join(self._elements(None))}</process></definitions>'
        )

    def _elements(self, parent: str | None) -> Iterator[str]:
        inside = [node for node in self.nodes if node.get("parent") == parent]
        for node in inside:
            yield self._element(node)
        keys = {node["key"] for node in inside}
        for flow in self.flows:
            if flow["source"] in keys:
                yield self._arrow(flow)

    def _element(self, node: Row) -> str:
        key, tag, extra, inner = node["key"], XML_KINDS[node["kind"]], "", ""
        default = next((f["key"] for f in self.flows if f["source"] == key and f.get("default")), None)
        if default:
            extra = f' default="{default}"'
        if node["kind"] == "boundary":
            extra = f' attachedToRef="{node["at_node"]}" cancelActivity="{str(node["interrupting"]).lower()}"'
        if "name" in node:
            inner = f'<signalEventDefinition signalRef="{node["name"]}"/>'
        if node["kind"] == "sub_process":
            inner = "".join(self._elements(key))
        return f"<{tag} id={quoteattr(key)} name={quoteattr(key)}{extra}>{inner}</{tag}>"

    def _arrow(self, flow: Row) -> str:
        condition = flow.get("when", "").replace(" = ", " == ")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        ends = f'sourceRef="{flow["source"]}" targetRef="{flow["target"]}"'
        return f'<sequenceFlow id="{flow["key"]}" {ends}>{inner}</sequenceFlow>'
