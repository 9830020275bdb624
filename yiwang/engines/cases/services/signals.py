"""Which cases listen to a signal: found from the definitions, then from where their tokens stand."""

from __future__ import annotations

from uuid import UUID

from yiwang.engines.cases.models import AppVersion, Token
from yiwang.engines.cases.store.loading import graph_of
from yiwang.engines.processes.api import Graph


def listening_nodes(graph: Graph, name: str) -> list[str]:
    """Keys of the nodes at which a token hears signal `name`."""
    heard = []
    for node in graph.nodes:
        if node.on != "signal" or node.name != name:
            continue
        if node.kind == "boundary":
            heard.append(graph.nodes[node.host].key)
        elif node.kind == "catch":
            heard.append(node.key)
            gateways = (graph.nodes[graph.flows[flow].source] for flow in node.incoming)
            heard += [gateway.key for gateway in gateways if gateway.kind == "event_gateway"]
    return heard


def listening_cases(name: str) -> list[UUID]:
    """Ids of open cases in which something waits for the signal."""
    found: set[UUID] = set()
    for version in AppVersion.objects.exclude(status="draft").values_list("id", flat=True):
        nodes = listening_nodes(graph_of(version), name)
        if nodes:
            standing = Token.objects.filter(case__version=version, node__in=nodes, case__status="open")
            found.update(standing.values_list("case_id", flat=True))
    return sorted(found)
