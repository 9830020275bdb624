"""A bundle laid open for checking: nodes, flows and scopes by key, and the findings made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from yiwang.engines.processes.graph import ACTIVITIES
from yiwang.kernel.errors import did_you_mean

Row = Mapping[str, Any]
WAITS = frozenset({"user_task", "receive_task", "catch", "event_gateway", "service_task", "call_activity"})
"""Kinds of node at which a token waits for somebody or something."""


class Finding(NamedTuple):
    """`level` is error (must not be published) or warning; `where` the place, `what` the fault, `now` the remedy."""

    level: str
    where: str
    what: str
    now: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}{self.now}"


@dataclass
class Known:
    """Names the surroundings know; None means that a kind of name is not checked."""

    roles: frozenset[str] | None = None
    types: frozenset[str] | None = None
    handlers: frozenset[str] | None = None
    advisors: frozenset[str] | None = None


@dataclass
class Plan:
    """What all checks look at. Keys that occur twice keep their first row."""

    bundle: Row
    known: Known
    nodes: dict[str, Row] = field(default_factory=dict)
    outgoing: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    incoming: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    edges: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        for node in self.bundle["nodes"]:
            self.nodes.setdefault(node["key"], node)
        for flow in self.bundle["flows"]:
            self.outgoing[flow["source"]].append(flow)
            self.incoming[flow["target"]].append(flow)
        for node in self.nodes.values():
            if node["kind"] == "boundary":
                self.edges[node.get("at_node", "")].append(node["key"])

    def place(self, node: Row) -> str:
        """How findings name a node."""
        return f"节点“{node.get('title') or node['key']}”（{node['key']}）"

    def error(self, where: str | Row, what: str, now: str = "") -> None:
        self._note("error", where, what, now)

    def warn(self, where: str | Row, what: str, now: str = "") -> None:
        self._note("warning", where, what, now)

    def _note(self, level: str, where: str | Row, what: str, now: str) -> None:
        self.findings.append(Finding(level, where if isinstance(where, str) else self.place(where), what, now))

    def scopes(self) -> Iterator[tuple[str | None, list[Row]]]:
        """(sub-process key or None for the whole, nodes directly in it)."""
        yield None, [node for node in self.nodes.values() if "parent" not in node]
        for key, node in self.nodes.items():
            if node["kind"] == "sub_process":
                yield key, [child for child in self.nodes.values() if child.get("parent") == key]

    def followers(self, key: str) -> Iterator[str]:
        """Where a token at `key` may go next, events on its edge included."""
        yield from (flow["target"] for flow in self.outgoing[key])
        yield from self.edges[key]
        if self.nodes[key].get("ruling") in self.nodes:
            yield self.nodes[key]["ruling"]

    def waits(self, node: Row) -> bool:
        """Whether a token is sure to wait in this node."""
        if node["kind"] == "sub_process":
            return any(self.waits(child) for child in self.nodes.values() if child.get("parent") == node["key"])
        return node["kind"] in WAITS


def is_activity(node: Row) -> bool:
    return node["kind"] in ACTIVITIES


def suggestion(name: str, options: Iterator[str] | frozenset[str] | list[str]) -> str:
    """The nearest name, as a Chinese sentence."""
    hint = did_you_mean(name, options)
    return hint.replace("Did you mean ", "您是不是要写 ").replace("Known:", "可用的有：")
