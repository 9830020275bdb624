"""Which node and flow of the new version takes the place of each old one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yiwang.engines.processes.graph import Graph
from yiwang.kernel.errors import UserError, did_you_mean


class UnknownPlace(UserError):
    """The table of moves names a node or flow that is not there."""

    code, status = "MIGRATION_PLACE_UNKNOWN", 422
    message, next_step = "对应表里的环节或连线不存在。", "请核对标识后重试。"


@dataclass(frozen=True)
class Moves:
    """Old key → new key. What is not named moves to the same key, flows also to the one between the moved ends."""

    nodes: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)


def moves_between(old: Graph, new: Graph, given: Moves) -> Moves:
    """The whole table: what is given, and for the rest equal keys. UnknownPlace when the new version lacks a target."""
    for kind, targets, known in (("环节", given.nodes, new.by_key), ("连线", given.flows, new.flow_by_key)):
        for target in targets.values():
            if target not in known:
                raise UnknownPlace(f"新版本没有{kind}“{target}”。", next_step=did_you_mean(target, known))
    nodes = {key: key for key, node in old.by_key.items() if key in new.by_key and new.by_key[key].kind == node.kind}
    nodes.update({key: target for key, target in given.nodes.items() if key in old.by_key})
    flows = _between_moved_ends(old, new, nodes)
    flows.update({key: key for key in old.flow_by_key if key in new.flow_by_key})
    flows.update({key: target for key, target in given.flows.items() if key in old.flow_by_key})
    return Moves(nodes, flows)


def _between_moved_ends(old: Graph, new: Graph, nodes: Mapping[str, str]) -> dict[str, str]:
    ends: dict[tuple[str, str], list[str]] = {}
    for flow in new.flows:
        ends.setdefault((new.nodes[flow.source].key, new.nodes[flow.target].key), []).append(flow.key)
    found = {}
    for flow in old.flows:
        source, target = old.nodes[flow.source].key, old.nodes[flow.target].key
        matching = ends.get((nodes.get(source, ""), nodes.get(target, "")), [])
        if len(matching) == 1:
            found[flow.key] = matching[0]
    return found


def check_sources(given: Moves, olds: Collection[Graph]) -> None:
    """A source that no running version has is a slip of the pen."""
    nodes = {key for graph in olds for key in graph.by_key}
    flows = {key for graph in olds for key in graph.flow_by_key}
    for kind, sources, known in (("环节", given.nodes, nodes), ("连线", given.flows, flows)):
        for source in sources:
            if source not in known:
                raise UnknownPlace(f"正在办理的版本没有{kind}“{source}”。", next_step=did_you_mean(source, known))
