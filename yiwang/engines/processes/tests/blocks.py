"""Random sound processes: blocks within blocks, written as a bundle for our engine and as BPMN XML for any other.

A block has one way in and one way out. Every choice is decided by a task right before it, which sets the number
`d_<task>`; so the same answers mean the same way in an engine whose branches do not share their data.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import quoteattr

Row = dict[str, Any]
LIMIT = {"amount": "1", "unit": "working_day"}
MARKS = [50, 100]
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XML_KINDS = {
    "start": "startEvent", "end": "endEvent", "user_task": "userTask", "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway", "inclusive": "inclusiveGateway", "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent", "sub_process": "subProcess",
}  # fmt: skip


class Blocks:
    """Draws one process. `nodes`, `flows` are its rows; `signals` where each event is heard.

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
        self.inside: tuple[tuple[str, int], ...] = ()
        self.branch_of: dict[str, tuple[tuple[str, int], ...] | None] = {}
        self.is_beside = False
        self.loops = self.branches = self.inclusives = 0
        last = self._sequence(self._node("start"))
        self._flow(last, self._node("end"))

    @property
    def bundle(self) -> Row:
        form = {"key": "f", "title": "表", "properties": {}}
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
        self.branch_of[key] = None if self.is_beside else self.inside
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
        task = self._node("user_task", by="trial.clerk", form="f", within=LIMIT, warn_at=MARKS)
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

            def draw(value: int = value) -> str:
                return self._way(fork, kind, value, is_last=value == count)

            ends.append(self._branch(fork, value, draw) if kind == "inclusive" else draw())
        return ends

    def _way(self, fork: str, kind: str, value: int, *, is_last: bool) -> str:
        first = self._node("user_task", by="trial.clerk", form="f", within=LIMIT, warn_at=MARKS)
        if is_last:
            self._flow(fork, first, is_default=True)
        else:
            self._flow(fork, first, value)
            if kind == "inclusive":
                self.flows[-1]["when"] += f" or d_{self._decider(fork)} = 9"
        return self._sequence(first) if self.rng.random() < 0.5 else first

    def _parallel(self, before: str) -> str:
        fork = self._gateway("parallel", before)
        self.branches += 1
        ends = [self._branch(fork, number, lambda: self._sequence(fork)) for number in range(self.rng.randint(2, 3))]
        self.branches -= 1
        return self._meet("parallel", ends)

    def _branch(self, fork: str, number: int, draw: Callable[[], str]) -> str:
        """Draw one branch of a parallel or inclusive block, and note which nodes lie in it."""
        self.inside += ((fork, number),)
        end = draw()
        self.inside = self.inside[:-1]
        return end

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
        after = self._node("user_task", by="trial.clerk", form="f", within=LIMIT, warn_at=MARKS)
        self._flow(again, after, is_default=True)
        return after

    def _sub_process(self, before: str) -> str:
        block = self._node("sub_process")
        self._flow(before, block)
        self.parents.append(block)
        kept = self.branches, self.inside, self.is_beside
        self.branches, self.inside, self.is_beside = 1, (), False
        self._flow(self._sequence(self._node("start")), self._node("end"))
        self.parents.pop()
        self.branches, self.inside, self.is_beside = kept
        return block

    def _edge(self, before: str) -> str:
        """A task with a signal on its edge: instead of it, or (with an end of its own) beside it."""
        host = self._task(before)
        interrupts = self.rng.random() < 0.6
        event = self._node("boundary", at_node=host, interrupting=interrupts, **self._trigger(host))
        if interrupts:
            return self._meet("exclusive", [host, self._task(event)])
        kept, self.is_beside = self.is_beside, True
        self._flow(self._task(event), self._node("end"))
        self.is_beside = kept
        return self._task(host)

    def _trigger(self, place: str) -> Row:
        """What makes an event happen at `place`: a signal, or (where no other engine has to follow) a timer."""
        if not self.is_simple and self.rng.random() < 0.5:
            return {"on": "timer", "after": LIMIT}
        self.signals[f"s_{place}"] = place
        return {"on": "signal", "name": f"s_{place}"}

    def _catch(self, before: str) -> str:
        event = self._node("catch", **self._trigger(f"c{len(self.nodes)}"))
        self._flow(before, event)
        return event

    # What must always hold

    def weight(self, places: Iterable[str]) -> Fraction:
        """What the tokens of one scope weigh, given by where they stand or, parked at a join, where they came from.

        A branch of a parallel block weighs its share of the block, a branch of an inclusive one the share of those
        begun, what runs beside the main way nothing. As long as no token is lost or doubled the sum is 1.
        """
        branches = [branch for place in places if (branch := self.branch_of[place]) is not None]
        parallel = {node["key"]: sum(flow["source"] == node["key"] for flow in self.flows) for node in self.nodes}
        begun = {fork: {n for branch in branches for f, n in branch if f == fork} for b in branches for fork, _ in b}
        total = Fraction(0)
        for branch in branches:
            share = Fraction(1)
            for fork, _ in branch:
                share /= parallel[fork] if fork.startswith("p") else len(begun[fork])
            total += share
        return total

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
