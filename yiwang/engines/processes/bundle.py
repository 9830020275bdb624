"""From the words of `spec.py` to the JSON bundle: one form for apps of this repository and apps drawn in a browser.

A bundle is a plain dict: head facts, `forms` and `tables` by key, `nodes` and `flows` as flat lists (a node inside a
sub-process names its `parent`), and a `diagram`. Its canonical JSON is hashed; a published bundle never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

from yiwang.engines.directory.spec import Limit, Role
from yiwang.engines.forms.spec import Form
from yiwang.engines.processes import spec
from yiwang.engines.rules.spec import DecisionTable
from yiwang.kernel.app import Part

FORMAT = 1
KINDS: Mapping[type[spec.Node], str] = {
    spec.Start: "start", spec.End: "end", spec.UserTask: "user_task", spec.ServiceTask: "service_task",
    spec.RuleTask: "rule_task", spec.SendTask: "send_task", spec.ReceiveTask: "receive_task",
    spec.Exclusive: "exclusive", spec.Inclusive: "inclusive", spec.Parallel: "parallel",
    spec.EventGateway: "event_gateway", spec.Catch: "catch", spec.Throw: "throw", spec.Boundary: "boundary",
    spec.SubProcess: "sub_process", spec.CallActivity: "call_activity",
}  # fmt: skip
_STRUCTURE = frozenset({"key", "title", "then", "nodes", "when", "otherwise", "split", "_"})


class _Writer:
    """Collects the flat lists of one bundle."""

    def __init__(self, app: str) -> None:
        self.app = app
        self.forms: dict[str, Any] = {}
        self.tables: dict[str, Any] = {}
        self.nodes: list[dict[str, Any]] = []
        self.flows: list[dict[str, Any]] = []

    def qualified(self, part: Part | str) -> str:
        """`"<app>.<part>"`: objects belong to the app being written, text names another app's."""
        return part if isinstance(part, str) else f"{self.app}.{part.key}"

    def plain(self, value: Any) -> Any:
        """One attribute as JSON."""
        if isinstance(value, Form):
            from yiwang.engines.forms.api import form_to_json  # Forms bring their tables; other processes need none.

            self.forms[value.key] = form_to_json(value)
            return value.key
        if isinstance(value, DecisionTable):
            self.tables[value.key] = value.to_json()
            return value.key
        if isinstance(value, (Role, Part)):
            return self.qualified(value)
        if isinstance(value, Limit):
            return {"amount": str(value.amount), "unit": value.unit}
        if isinstance(value, spec.Merging):
            return {"into": {name: dict(taken) for name, taken in value.into.items()}, "never": value.never}
        if isinstance(value, (spec.Many, spec.Evidence)):
            return {item.name: getattr(value, item.name) for item in fields(value)}
        if isinstance(value, Mapping):
            return {str(name): item for name, item in value.items()}
        return list(value) if isinstance(value, tuple) else value

    def write(self, nodes: Sequence[spec.Node], parent: str | None = None) -> None:
        """Add a list of nodes and the flows between them."""
        line = [node for node in nodes if not isinstance(node, spec.Boundary)]
        following = {node.key: after.key for node, after in pairwise(line)}
        for node in nodes:
            self.nodes.append(self._node(node, parent))
            for target, condition, is_default in _ways(node, following.get(node.key)):
                self._flow(node.key, target, condition, is_default)
            if isinstance(node, spec.SubProcess):
                self.write(node.nodes, node.key)

    def _node(self, node: spec.Node, parent: str | None) -> dict[str, Any]:
        row: dict[str, Any] = {"key": node.key, "kind": KINDS[type(node)], "title": node.title}
        if parent is not None:
            row["parent"] = parent
        for item in fields(node):
            value = getattr(node, item.name) if item.name not in _STRUCTURE else None
            if value not in (None, "", (), {}) or (item.name == "stage" and value is not None):
                row[item.name] = self.plain(value)
        return row

    def _flow(self, source: str, target: str, condition: str | None, is_default: bool) -> None:
        taken = {flow["key"] for flow in self.flows}
        key, count = f"{source}__{target}", 2
        while key in taken:
            key, count = f"{source}__{target}__{count}", count + 1
        row: dict[str, Any] = {"key": key, "source": source, "target": target}
        if condition is not None:
            row["when"] = condition
        if is_default:
            row["default"] = True
        self.flows.append(row)


def _ways(node: spec.Node, following: str | None) -> Iterator[tuple[str, str | None, bool]]:
    """(target, condition, is default) of each flow out of a node."""
    if isinstance(node, spec.End):
        return
    if isinstance(node, (spec.Exclusive, spec.Inclusive)) and node.when:
        yield from ((target, condition, False) for target, condition in node.when.items())
        if node.otherwise is not None:
            yield node.otherwise, None, True
        return
    if isinstance(node, (spec.Parallel, spec.EventGateway)) and node.split:
        yield from ((target, None, False) for target in node.split)
        return
    target = node.then or (None if isinstance(node, spec.Boundary) else following)
    if target is not None:
        yield target, None, False


def bundle_of(app: str, case_type: spec.CaseType) -> dict[str, Any]:
    """The bundle of a declared case type; equal declarations give equal bundles."""
    writer = _Writer(app)
    writer.write(case_type.nodes)
    head = {
        item.name: writer.plain(getattr(case_type, item.name))
        for item in fields(case_type)
        if item.name not in ("nodes", "watchers") and getattr(case_type, item.name) not in (None, {})
    }
    watchers = [writer.qualified(role) for role in case_type.watchers]
    return {
        "format": FORMAT, "app": app, **head, "watchers": watchers,
        "forms": writer.forms, "tables": writer.tables, "nodes": writer.nodes, "flows": writer.flows,
    }  # fmt: skip
