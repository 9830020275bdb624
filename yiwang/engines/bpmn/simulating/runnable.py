"""A bundle as it can be run: what files of other modellers leave unsaid is filled in, so that they can be tried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.processes.api import Graph, check_bundle
from yiwang.engines.rules.api import FeelSyntaxError, compile_expression
from yiwang.kernel.errors import SpecError

Row = Mapping[str, Any]
_NAMED = {"send_task": "message", "receive_task": "message", "catch": "name", "boundary": "name", "throw": "name"}


def runnable_graph(bundle: Row, *, is_foreign: bool = False) -> tuple[Graph, list[Problem]]:
    """The bundle compiled, and what of it was passed over; BpmnError with what keeps it from running.

    Conditions of a foreign file that are in another language than FEEL are passed over: the script chooses there.
    """
    nodes = [_filled(node) for node in bundle["nodes"]]
    filled = {**bundle, "nodes": nodes, "flows": list(bundle["flows"])}
    _add_starts(filled)
    unread = list(_unread(filled["flows"]))
    if unread and not is_foreign:
        raise BpmnError(unread)
    if unread:
        filled["flows"] = [_open(flow) if list(_unread([flow])) else flow for flow in filled["flows"]]
    try:
        return Graph(filled), unread
    except SpecError as error:
        found = [finding for finding in check_bundle(filled) if finding.level == "error"]
        told = [Problem(finding.where, 0, finding.what, finding.now) for finding in found if _hinders(finding.what)]
        raise BpmnError(told or [Problem(error.where, 0, error.what, error.now)]) from error


def _hinders(what: str) -> bool:
    return "FEEL" in what or "不存在" in what or "开始节点" in what


def _unread(flows: Sequence[Row]) -> Iterator[Problem]:
    """Conditions that are no FEEL."""
    for flow in flows:
        try:
            compile_expression(flow.get("when") or "null")
        except FeelSyntaxError as error:
            what = f"条件“{flow['when'][:60]}”：FEEL 第 {error.line} 行第 {error.column} 列：{error.message_zh}"
            yield Problem(f"连线 {flow.get('title') or flow['key']}", 0, what, error.hint)


def _open(flow: Row) -> Row:
    return {name: value for name, value in flow.items() if name != "when"}


def _filled(node: Row) -> dict[str, Any]:
    """A node with names for what waits and is called, and without what cannot be done."""
    row = dict(node)
    name = row["title"] or row["key"]
    if row["kind"] == "service_task":
        row.setdefault("call", name)
    if row["kind"] == "call_activity":
        row.setdefault("calls", name)
    if row["kind"] == "throw" and "on" not in row:
        row["kind"] = "rule_task"  # An event that throws nothing is passed.
    if row["kind"] == "catch":
        row.setdefault("on", "message")
    if row["kind"] in _NAMED and row.get("on") not in ("timer", "error", "escalation"):
        row.setdefault(_NAMED[row["kind"]], name)
    if not (row.get("many") or {}).get("each"):
        row.pop("many", None)
    return row


def _add_starts(bundle: dict[str, Any]) -> None:
    """A scope without a start begins at every node nothing leads to; an empty sub-process is passed."""
    reached = {flow["target"] for flow in bundle["flows"]}
    scopes = [None, *(node["key"] for node in bundle["nodes"] if node["kind"] == "sub_process")]
    for scope in scopes:
        inside = [node for node in bundle["nodes"] if node.get("parent") == scope]
        if any(node["kind"] == "start" for node in inside):
            continue
        key = f"{scope or bundle['key']}__start"
        row = {"key": key, "kind": "start", "title": ""} | ({} if scope is None else {"parent": scope})
        bundle["nodes"].append(row)
        for node in inside:
            if node["key"] not in reached and node["kind"] != "boundary":
                bundle["flows"].append({"key": f"{key}__{node['key']}", "source": key, "target": node["key"]})
