"""What is done again when a step is taken again: the nodes that follow it, and the branches that stay as they are.

A step inside one branch of a parallel block must not undo the other branches, and when their join has fired already
those branches must count as arrived, or the join would wait for ever.
"""

from __future__ import annotations

from typing import NamedTuple

from yiwang.engines.processes.graph import Graph
from yiwang.engines.processes.state import Token
from yiwang.engines.processes.step.work import Work, place_of


class Rewind(NamedTuple):
    """`again`: nodes to be done again; `tokens`: what stands there; `arrived`: flows into joins to park a token on."""

    again: frozenset[int]
    tokens: tuple[Token, ...]
    arrived: tuple[int, ...]


def rewind(work: Work, target: int, scope: int) -> Rewind:
    """What taking node `target` again in `scope` means for everything else there."""
    graph = work.graph
    standing = [token for token in work.state.tokens.values() if token.scope == scope and token.status != "signing"]

    def is_held(node: int) -> bool:
        return any(_is_coming(graph, flow, target, standing) for flow in _others(graph, node, target))

    again = frozenset(graph.spread(target, is_held))
    parked = {token.flow for token in standing if token.status == "joined"}
    arrived = [
        flow
        for node in again
        if graph.nodes[node].kind == "parallel"
        for flow in _others(graph, node, target)
        if flow not in parked and not _is_coming(graph, flow, target, standing)
    ]
    undone = [
        token
        for token in standing
        if place_of(graph, token) in {*again, target} and not _stays(graph, token, target)
    ]  # What stands at the target itself is taken again too: a branch beside it may be the one that sends back.
    return Rewind(again, tuple(undone), tuple(sorted(arrived)))


def _others(graph: Graph, node: int, target: int) -> list[int]:
    """Ways into a join that the target does not feed: they belong to branches beside it."""
    join = graph.nodes[node]
    if join.kind not in ("parallel", "inclusive") or len(join.incoming) < 2:
        return []
    return [flow for flow in join.incoming if target not in graph.feeds(flow)]


def _is_coming(graph: Graph, flow: int, target: int, standing: list[Token]) -> bool:
    """Whether a token stands in the branch beside: it feeds the flow without coming by the target before."""
    join = graph.flows[flow].target
    return any(
        place in graph.feeds(flow) and target not in graph.spread(place, join.__eq__)
        for place in (place_of(graph, token) for token in standing)
    )


def _stays(graph: Graph, token: Token, target: int) -> bool:
    return token.status == "joined" and target not in graph.feeds(token.flow)
