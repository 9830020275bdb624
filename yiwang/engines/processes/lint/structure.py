"""Lint of the drawing itself: keys, ends of flows, borders of sub-processes, events on edges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from yiwang.engines.processes.graph import NODE_KINDS
from yiwang.engines.processes.lint.plan import Plan, Row, is_activity, suggestion


def check_structure(plan: Plan) -> None:
    """Faults after which nothing else can be said."""
    _keys(plan)
    for node in plan.nodes.values():
        _node(plan, node)
    for flow in plan.bundle["flows"]:
        _flow(plan, flow)
    if plan.findings:
        return
    for key, inside in plan.scopes():
        _scope(plan, key, inside)


def _keys(plan: Plan) -> None:
    for kind, title in (("nodes", "节点"), ("flows", "连线")):
        for key, count in Counter(row["key"] for row in plan.bundle[kind]).items():
            if count > 1:
                plan.error(f"{title} {key}", f"有 {count} 个{title}使用同一个标识。", "请为每个改用不同的标识。")


def _node(plan: Plan, node: Row) -> None:
    if node["kind"] not in NODE_KINDS:
        plan.error(node, f"没有“{node['kind']}”这种节点。", suggestion(node["kind"], sorted(NODE_KINDS)))
    parent = node.get("parent")
    if parent is not None and plan.nodes.get(parent, {}).get("kind") != "sub_process":
        plan.error(node, f"所在的子流程“{parent}”不存在。", suggestion(parent, list(plan.nodes)))
    if node["kind"] == "boundary":
        _boundary(plan, node)


def _boundary(plan: Plan, node: Row) -> None:
    name = node.get("at_node", "")
    host = plan.nodes.get(name)
    if host is None:
        plan.error(node, f"边界事件附着的节点“{name}”不存在。", suggestion(name, list(plan.nodes)))
    elif not is_activity(host) or host.get("parent") != node.get("parent"):
        plan.error(node, f"边界事件不能附着在“{name}”上。", "请附着在同一层的任务、子流程或调用活动上。")
    if not plan.outgoing[node["key"]]:
        plan.error(node, "边界事件没有去向。", "请画出事件发生后的下一步。")


def _flow(plan: Plan, flow: Row) -> None:
    where = f"连线 {flow['key']}"
    ends = [plan.nodes.get(flow[side]) for side in ("source", "target")]
    for side, end in zip(("source", "target"), ends, strict=True):
        if end is None:
            plan.error(where, f"连到不存在的节点“{flow[side]}”。", suggestion(flow[side], list(plan.nodes)))
    source, target = ends
    if source is None or target is None:
        return
    if source.get("parent") != target.get("parent"):
        plan.error(where, "跨越了子流程的边界。", "请用子流程的开始、结束或边界事件进出。")
    if source["kind"] == "end":
        plan.error(where, "从结束节点出发。", "请删除这条连线，或改用其他节点。")
    if target["kind"] in ("start", "boundary"):
        plan.error(where, "进入了开始节点或边界事件。", "请连到其后的节点。")


def _scope(plan: Plan, key: str | None, inside: list[Row]) -> None:
    where = "流程" if key is None else plan.place(plan.nodes[key])
    starts = [node for node in inside if node["kind"] == "start"]
    if len(starts) != 1:
        plan.error(where, f"有 {len(starts)} 个开始节点。", "请保留且只保留一个开始节点。")
    if not any(node["kind"] == "end" for node in inside):
        plan.error(where, "没有结束节点。", "请在最后一步之后放一个结束节点。")
    if len(starts) == 1:
        _reach(plan, starts[0], inside)


def _reach(plan: Plan, start: Row, inside: list[Row]) -> None:
    reached = closure(start["key"], plan.followers)
    back: dict[str, list[str]] = {node["key"]: [] for node in inside}
    for node in inside:
        for follower in plan.followers(node["key"]):
            back[follower].append(node["key"])
    ending: set[str] = set()
    for node in inside:
        if node["kind"] == "end":
            ending |= closure(node["key"], back.__getitem__)
    for node in inside:
        if node["key"] not in reached:
            plan.error(node, "从开始走不到这里。", "请画出通向它的连线，或删除它。")
        elif node["key"] not in ending:
            plan.error(node, "从这里走不到结束。", "请画出通向结束节点的路。")


def closure(start: str, followers: Callable[[str], Iterable[str]]) -> set[str]:
    """Everything that can be come to from `start`, itself included."""
    seen, front = {start}, [start]
    while front:
        for follower in followers(front.pop()):
            if follower not in seen:
                seen.add(follower)
                front.append(follower)
    return seen
