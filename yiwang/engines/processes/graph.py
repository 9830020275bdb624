"""A bundle compiled for running: nodes and flows by number, FEEL as closures, reachability for joins.

Compiling is total over what the publish-time lint accepts; what it cannot read is a SpecError that names the node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from yiwang.engines.directory.spec import Limit
from yiwang.engines.rules.api import Expression, FeelSyntaxError, compile_expression
from yiwang.kernel.errors import SpecError, did_you_mean

ACTIVITIES = frozenset(
    {"user_task", "service_task", "rule_task", "send_task", "receive_task", "sub_process", "call_activity"}
)
NODE_KINDS = ACTIVITIES | {
    "start", "end", "exclusive", "inclusive", "parallel", "event_gateway", "catch", "throw", "boundary",
}  # fmt: skip
_EXPRESSIONS = ("organisation", "assignee", "at", "case_within")
_LIMITS = ("within", "after")
"""Fixed as a map of amount and unit, or FEEL that gives one."""
_EXPRESSION_MAPS = ("sets", "payload", "inputs", "outputs")


def limit_of(data: Mapping[str, Any] | None) -> Limit | None:
    """`{"amount", "unit"}` as a Limit."""
    if data is None:
        return None
    amount = Decimal(str(data["amount"]))
    return Limit(int(amount) if amount == int(amount) else amount, data["unit"])


def _fixed(data: Mapping[str, Any] | str | None) -> Limit | None:
    return None if isinstance(data, str) else limit_of(data)


class Flow:
    """An arrow: numbers of its ends, its condition, whether it is its gateway's default."""

    __slots__ = ("condition", "index", "is_default", "key", "source", "target")

    def __init__(self, index: int, key: str, source: int, target: int) -> None:
        self.index, self.key, self.source, self.target = index, key, source, target
        self.condition: Expression | None = None
        self.is_default = False


class GraphNode:
    """A node ready to run; `raw` is its row in the bundle."""

    def __init__(self, index: int, raw: Mapping[str, Any]) -> None:
        self.index, self.raw = index, raw
        self.key: str = raw["key"]
        self.kind: str = raw["kind"]
        self.title: str = raw["title"]
        self.parent = -1
        self.start = -1
        self.host = -1
        self.outgoing: tuple[int, ...] = ()
        self.incoming: tuple[int, ...] = ()
        self.boundaries: tuple[int, ...] = ()
        self.default_flow = -1
        self.role: str = raw.get("by", "")
        self.within = _fixed(raw.get("within"))
        self.after = _fixed(raw.get("after"))
        self.warn_at: tuple[int, ...] = tuple(raw.get("warn_at", ()))
        self.escalates: Mapping[str, str] = raw.get("escalates", {})
        self.many: Mapping[str, Any] | None = raw.get("many")
        self.on: str = raw.get("on", "")
        self.name: str = raw.get("name") or raw.get("message", "")
        self.is_interrupting: bool = raw.get("interrupting", True)
        self.keeps_clock: bool = raw.get("keeps_clock", False)
        self.denied = frozenset(raw.get("deny", ()))
        self.expressions: dict[str, Expression] = {}
        self.maps: dict[str, tuple[tuple[str, Expression], ...]] = {}
        self.demands: tuple[tuple[Expression, str], ...] = ()

    @property
    def is_activity(self) -> bool:
        return self.kind in ACTIVITIES


class Graph:
    """A compiled definition. Immutable after building; shared by every case of its version."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.bundle = bundle
        self.type: str = f"{bundle['app']}.{bundle['key']}"
        self.title: str = bundle["title"]
        self.within = limit_of(bundle.get("within"))
        self.warn_at: tuple[int, ...] = tuple(bundle.get("warn_at", ()))
        self.escalates: Mapping[str, str] = bundle.get("escalates", {})
        self.nodes = tuple(GraphNode(index, raw) for index, raw in enumerate(bundle["nodes"]))
        self.by_key = {node.key: node for node in self.nodes}
        self.flows = tuple(self._flow(index, raw) for index, raw in enumerate(bundle["flows"]))
        self.flow_by_key = {flow.key: flow.index for flow in self.flows}
        self._connect()
        for node in self.nodes:
            self._compile(node)
        self.start = self._start_of(-1)
        self.has_inclusive_joins = any(node.kind == "inclusive" and len(node.incoming) > 1 for node in self.nodes)
        self.decides_limit = any("case_within" in node.expressions for node in self.nodes)
        self.names_organisations = any("organisation" in node.expressions for node in self.nodes)

    def where(self, key: str) -> str:
        """How errors name a place."""
        return f"{self.type} node '{key}'"

    def node(self, key: str, where: str) -> GraphNode:
        """The node of that key; SpecError with the nearest key otherwise."""
        if key not in self.by_key:
            raise SpecError(where, f"names node '{key}', which does not exist.", did_you_mean(key, self.by_key))
        return self.by_key[key]

    def feel(self, text: str, where: str) -> Expression:
        """Compile FEEL of this definition; a syntax error names the place and column."""
        try:
            return compile_expression(text)
        except FeelSyntaxError as error:
            raise SpecError(where, f"FEEL '{text[:80]}' cannot be read: {error}", "") from error

    def _flow(self, index: int, raw: Mapping[str, Any]) -> Flow:
        where = f"{self.type} flow '{raw['key']}'"
        source, target = self.node(raw["source"], where), self.node(raw["target"], where)
        flow = Flow(index, raw["key"], source.index, target.index)
        if raw.get("when") is not None:
            flow.condition = self.feel(raw["when"], where)
        flow.is_default = bool(raw.get("default"))
        return flow

    def _connect(self) -> None:
        for node in self.nodes:
            if "parent" in node.raw:
                node.parent = self.node(node.raw["parent"], self.where(node.key)).index
            node.outgoing = tuple(flow.index for flow in self.flows if flow.source == node.index)
            node.incoming = tuple(flow.index for flow in self.flows if flow.target == node.index)
            node.default_flow = next((f for f in node.outgoing if self.flows[f].is_default), -1)
            if node.kind == "boundary":
                host = self.node(node.raw["at_node"], self.where(node.key))
                node.host = host.index
                host.boundaries += (node.index,)
        for node in self.nodes:
            if node.kind == "sub_process":
                node.start = self._start_of(node.index)

    def _start_of(self, parent: int) -> int:
        for node in self.nodes:
            if node.parent == parent and node.kind == "start":
                return node.index
        where = self.type if parent < 0 else self.where(self.nodes[parent].key)
        raise SpecError(where, "has no start.", "Put Start() first.")

    def _compile(self, node: GraphNode) -> None:
        where = self.where(node.key)
        for name in (*_EXPRESSIONS, *_LIMITS):
            if isinstance(node.raw.get(name), str) and node.raw[name]:
                node.expressions[name] = self.feel(node.raw[name], f"{where}, {name}")
        demands = node.raw.get("demands", {}).items()
        node.demands = tuple((self.feel(text, f"{where}, demands"), sentence) for text, sentence in demands)
        for name in _EXPRESSION_MAPS:
            pairs = node.raw.get(name, {}).items()
            node.maps[name] = tuple((key, self.feel(text, f"{where}, {name} '{key}'")) for key, text in pairs)
        for name in ("each", "until", "result"):
            if node.many and node.many.get(name):
                node.expressions[f"many.{name}"] = self.feel(node.many[name], f"{where}, many {name}")

    @cached_property
    def head(self) -> dict[str, Expression]:
        """FEEL of the case type itself: subject and category."""
        named = ((name, self.bundle.get(name)) for name in ("subject", "category"))
        return {name: self.feel(text, f"{self.type}, {name}") for name, text in named if text}

    @cached_property
    def takes_over(self) -> dict[str, tuple[tuple[str, Expression], ...]]:
        """Types this one's cases may be merged into, with what a case takes over from one of them (`spec.Merging`)."""
        into = (self.bundle.get("merging") or {}).get("into", {})
        return {
            name: tuple((key, self.feel(text, f"{self.type}, merging '{name}'")) for key, text in taken.items())
            for name, taken in into.items()
        }

    def spread(self, start: int, is_stop: Callable[[int], bool] = lambda node: False) -> set[int]:
        """Nodes that a token at `start` can come to; a node for which `is_stop` holds is reached but not passed."""
        seen: set[int] = set()
        front = [self.nodes[start]]
        while front:
            for follower in self._followers(front.pop()):
                if follower not in seen:
                    seen.add(follower)
                    if not is_stop(follower):
                        front.append(self.nodes[follower])
        return seen

    def _followers(self, node: GraphNode) -> Iterable[int]:
        for flow in node.outgoing:
            yield self.flows[flow].target
        yield from node.boundaries

    def feeds(self, flow: int) -> frozenset[int]:
        """Nodes from which flow number `flow` can be reached without passing the join it leads to."""
        if flow not in self._feeds:
            join, source = self.flows[flow].target, self.flows[flow].source
            self._feeds[flow] = frozenset(
                node.index
                for node in self.nodes
                if node.index != join and (node.index == source or source in self.spread(node.index, join.__eq__))
            )
        return self._feeds[flow]

    @cached_property
    def _feeds(self) -> dict[int, frozenset[int]]:
        return {}
