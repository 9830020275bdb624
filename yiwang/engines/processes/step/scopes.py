"""Sub-processes and multi-instance activities: scopes that begin, run and end."""

from __future__ import annotations

from typing import Any

from yiwang.engines.processes.graph import GraphNode
from yiwang.engines.processes.state import Scope, Token
from yiwang.engines.processes.step.work import Work

MOST_RUNS = 5_000
"""Runs one multi-instance activity may have; more is taken as a mistake in the list."""


def start_body(work: Work, no: int, node: GraphNode, scope: int) -> Token | None:
    """Begin a sub-process: its host waits outside while a new token starts inside.

    In a run of many the run is the body; its host stands already and None is returned.
    """
    host = None
    running = work.state.scopes.get(scope)
    if running is not None and running.kind == "one" and running.node == node.index:
        inner = running
    else:
        host = work.place(no, node, scope, "inside")
        inner = work.open_scope(scope, node, "body", no, {})
        no = work.new_no()
    work.go_to(no, work.graph.nodes[node.start], inner.no)
    return host


def start_many(work: Work, no: int, node: GraphNode, scope: int) -> Token | None:
    """Begin a multi-instance activity; with an empty list it is passed at once and None returned."""
    assert node.many is not None
    value = node.expressions["many.each"].value(work.context(scope))
    items = list(value)[:MOST_RUNS] if isinstance(value, (list, tuple)) else [] if value is None else [value]
    if not items:
        _collect(work, node, scope, [])
        work.go_on(no, node, scope)
        return None
    host = work.place(no, node, scope, "inside")
    counts = {"items": items, "total": len(items), "started": 0, "completed": 0, "results": []}
    many = work.open_scope(scope, node, "many", no, counts)
    for _ in range(1 if node.many.get("sequential") else len(items)):
        _start_run(work, many.no)
    return host


def _start_run(work: Work, many_no: int) -> None:
    many = work.state.scopes[many_no]
    node = work.graph.nodes[many.node]
    assert node.many is not None
    index = many.variables["started"]
    variables = {node.many.get("item", "item"): many.variables["items"][index], "run": index + 1}
    _set(work, many, started=index + 1)
    run = work.open_scope(many_no, node, "one", many.host, variables)
    work.begin(work.new_no(), node, run.no)


def _set(work: Work, scope: Scope, **values: Any) -> Scope:
    changed = scope._replace(variables={**scope.variables, **values})
    work.state.scopes[scope.no] = changed
    return changed


def run_ended(work: Work, run: Scope) -> None:
    """Count a finished run; start the next, or end the whole when all are through or `until` holds."""
    node = work.graph.nodes[run.node]
    assert node.many is not None
    results = list(work.state.scopes[run.parent].variables["results"])
    if "many.result" in node.expressions:
        results.append(node.expressions["many.result"].value(work.context(run.no)))
    work.drop_scope(run.no)
    many = work.state.scopes[run.parent]
    many = _set(work, many, completed=many.variables["completed"] + 1, results=results)
    if many.variables["completed"] >= many.variables["total"] or _is_enough(work, node, many):
        host = work.state.tokens[many.host]
        _collect(work, node, host.scope, results)
        work.pass_on(host)
    elif many.variables["started"] < many.variables["total"] and node.many.get("sequential"):
        _start_run(work, many.no)


def _is_enough(work: Work, node: GraphNode, many: Scope) -> bool:
    if "many.until" not in node.expressions:
        return False
    assert node.many is not None
    facts = {**work.context(many.parent), "completed": many.variables["completed"], "total": many.variables["total"]}
    facts[node.many.get("collect") or "results"] = many.variables["results"]
    return node.expressions["many.until"].value(facts) is True


def _collect(work: Work, node: GraphNode, scope: int, results: list[Any]) -> None:
    if node.many and node.many.get("collect"):
        work.assign(scope, {node.many["collect"]: results})


def end_empty(work: Work) -> bool:
    """End one scope in which nothing stands any more; True when there was one."""
    if not work.state.scopes:
        return False
    busy = {token.scope for token in work.state.tokens.values()}
    for scope in list(work.state.scopes.values()):
        if scope.no in busy or scope.kind == "many":
            continue
        if scope.kind == "one":
            run_ended(work, scope)
        else:
            work.pass_on(work.state.tokens[scope.host])
        return True
    return False


def is_run(work: Work, token: Token) -> bool:
    """Whether the token is one run of a multi-instance activity; events on its edge belong to the host."""
    scope = work.state.scopes.get(token.scope)
    return scope is not None and scope.kind == "one" and scope.node == token.node


def around(work: Work, scope: int) -> list[Scope]:
    """The scope and those around it, from inside out; the root is not among them."""
    chain = []
    while scope in work.state.scopes:
        chain.append(work.state.scopes[scope])
        scope = work.state.scopes[scope].parent
    return chain
