"""Ways out of a gateway that no condition decides: in a drawing without conditions the script says which is taken."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.engines.bpmn.hints import nearest
from yiwang.engines.bpmn.simulating.script import Step
from yiwang.engines.processes.api import Flow, Graph

_DECIDING = frozenset({"exclusive", "inclusive"})


class Choices:
    """Which open ways are taken. A gateway about which nothing was said takes its first, an inclusive one all."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._all = {node.index: node.outgoing for node in graph.nodes if node.kind in _DECIDING}

    def choose(self, step_: Step, names: Sequence[str]) -> None:
        """Take the named ways from now on: by the key or title of the flow, or of the node it leads to."""
        chosen: set[int] = set()
        open_ways = [flow for outgoing in self._all.values() for flow in outgoing if self._is_open(flow)]
        for name in names:
            found = [flow for flow in open_ways if name in self._names(flow)]
            if not found:
                known = [known for flow in open_ways for known in self._names(flow) if known]
                raise step_.mistake(f"没有不带条件的去向“{name}”。", nearest(name, known))
            chosen |= set(found)
        for index, outgoing in self._all.items():
            if not chosen.isdisjoint(outgoing):
                kept = tuple(flow for flow in outgoing if flow in chosen or not self._is_open(flow))
                self._graph.nodes[index].outgoing = kept

    def _is_open(self, flow: int) -> bool:
        way: Flow = self._graph.flows[flow]
        return way.condition is None and not way.is_default

    def _names(self, flow: int) -> tuple[str, str, str, str]:
        way, row = self._graph.flows[flow], self._graph.bundle["flows"][flow]
        target = self._graph.nodes[way.target]
        return way.key, row.get("title", ""), target.key, target.title
