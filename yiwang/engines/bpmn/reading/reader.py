"""From a BPMN document to a bundle. Refuses all at once what cannot be carried; lists what was left aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yiwang.engines.bpmn.document import (
    FEEL,
    Element,
    child,
    children,
    line_of,
    local,
    named,
    parse_definitions,
    reference,
)
from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.extension import read_properties
from yiwang.engines.bpmn.kinds import EVENTS, KINDS, WITH_DEFAULT
from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.reading.events import Names, Row, event_fields, expression, many_fields
from yiwang.engines.bpmn.reading.positions import read_diagram
from yiwang.engines.bpmn.reading.refusals import left_aside, refusals

_ORDERS = frozenset({"node_order", "flow_order", "laid_out"})


@dataclass(frozen=True)
class Reading:
    """A file read: the bundle, notes on what was left aside, lines of the XML by node or flow key."""

    bundle: dict[str, Any]
    notes: tuple[Problem, ...]
    lines: Mapping[str, int]
    is_foreign: bool


def read_bpmn(xml: bytes, *, app: str = "", key: str = "", title: str = "", process: str = "") -> Reading:
    """Read a file. `app`, `key` and `title` overrule what it says; `process` names one of several processes by id.

    BpmnError with every problem when it is no BPMN or holds what is not carried.
    """
    root = parse_definitions(xml)
    element = _chosen(root, process)
    problems = list(refusals(element))
    reader = _Reader(root, problems)
    bundle = reader.read(element)
    if problems:
        raise BpmnError(sorted(problems, key=lambda problem: problem.line))
    bundle |= {name: value for name, value in (("app", app), ("key", key), ("title", title)) if value}
    return Reading(bundle, (*reader.notes, *left_aside(element)), reader.lines, reader.is_foreign)


def _chosen(root: Element, wanted: str) -> Element:
    """The process meant: the one named, the only one, or the only executable one."""
    found = list(children(root, "process"))
    if wanted:
        named_so = [item for item in found if wanted in (item.get("id"), item.get("name"))]
        if named_so:
            return named_so[0]
        raise BpmnError([Problem(named(root), 0, f"文件里没有流程“{wanted}”。", f"可用的有：{_list(found)}。")])
    if not found:
        raise BpmnError([Problem(named(root), line_of(root), "文件里没有流程。", "请画一个流程后再导出。")])
    drawn = [item for item in found if any(local(node) in KINDS for node in children(item))]
    for fitting in (found, drawn, [item for item in drawn if item.get("isExecutable") == "true"]):
        if len(fitting) == 1:
            return fitting[0]
    what = f"文件里有 {len(found)} 个流程。"
    raise BpmnError([Problem(named(root), line_of(found[1]), what, f"请用 --process 指定一个：{_list(found)}。")])


def _list(processes: list[Element]) -> str:
    return "、".join(str(item.get("id")) for item in processes)


class _Reader:
    """Collects the rows of one process."""

    def __init__(self, root: Element, problems: list[Problem]) -> None:
        self.root, self.problems = root, problems
        self.names = Names(root)
        self.notes: list[Problem] = []
        self.lines: dict[str, int] = {}
        self.nodes: list[Row] = []
        self.keys: dict[str, str] = {}
        self.flow_keys: dict[str, str] = {}
        self.arrows: list[Element] = []
        self.outgoing: list[str] = []
        self.defaults: set[str] = set()
        self.is_foreign = True

    def read(self, process: Element) -> Row:
        own = read_properties(process, self.problems, self.notes)
        self.is_foreign = not {"app", "key"} <= own.keys()
        self._scope(process, None)
        for row in self.nodes:
            if row["kind"] == "boundary" and "at_node" in row:
                row["at_node"] = self.keys.get(row["at_node"], row["at_node"])
        flows = self._flows()
        bundle: Row = {name: value for name, value in own.items() if name not in _ORDERS}
        if self.is_foreign:
            bundle = _foreign_head(process) | bundle
        if process.get("name") is not None or "title" not in bundle:
            bundle["title"] = process.get("name") or ""
        bundle["nodes"] = _ordered(self.nodes, own.get("node_order"))
        bundle["flows"] = _ordered(flows, own.get("flow_order"))
        self._diagram(bundle, bool(own.get("laid_out")))
        return bundle

    def _diagram(self, bundle: Row, is_laid_out: bool) -> None:
        """Positions are kept unless we laid them out ourselves and nobody moved them since."""
        diagram = read_diagram(self.root, self.keys, self.flow_keys)
        if diagram is not None and not (is_laid_out and not self.problems and diagram == laid_out(bundle)):
            bundle["diagram"] = diagram

    def _scope(self, scope: Element, parent: str | None) -> None:
        for element in children(scope):
            if local(element) == "sequenceFlow":
                self.arrows.append(element)
            elif local(element) in KINDS:
                row = self._node(element, parent)
                if row["kind"] == "sub_process":
                    self._scope(element, row["key"])

    def _node(self, element: Element, parent: str | None) -> Row:
        kind = KINDS[local(element)]
        own = read_properties(element, self.problems, self.notes)
        id = element.get("id") or f"{local(element)}_{line_of(element)}"
        row: Row = {"key": own.pop("key", id), "kind": kind, "title": element.get("name") or ""}
        if parent is not None:
            row["parent"] = parent
        if kind in EVENTS:
            row |= event_fields(element, kind, self.names, own, self.problems)
        row |= self._attributes(element, kind)
        many = child(element, "multiInstanceLoopCharacteristics")
        if many is not None:
            row["many"] = many_fields(many, read_properties(many, self.problems, self.notes))
        row = {**own, **row}
        self.nodes.append(row)
        self.keys[id] = row["key"]
        self.lines[row["key"]] = line_of(element)
        self.outgoing += [reference(item.text) for item in children(element, "outgoing")]
        if kind in WITH_DEFAULT or element.get("default"):
            self.defaults.add(reference(element.get("default")))
        return row

    def _attributes(self, element: Element, kind: str) -> Row:
        """Fields that stand in attributes."""
        if kind == "boundary":
            interrupting = element.get("cancelActivity")
            row: Row = {} if interrupting is None else {"interrupting": interrupting != "false"}
            return row | {"at_node": reference(element.get("attachedToRef"))}
        if kind in ("send_task", "receive_task"):
            name = self.names.of(element, "messageRef")
            return {"message": name} if name else {}
        called = element.get("calledElement") if kind == "call_activity" else None
        return {} if called is None else {"calls": called}

    def _flows(self) -> list[Row]:
        """Rows of all flows: those of a node together, in the order the node says, nodes in their order."""
        rows = {}
        for element in self.arrows:
            own = read_properties(element, self.problems, self.notes)
            id = element.get("id") or f"flow_{line_of(element)}"
            rows[id] = self._flow(element, own, id)
            self.flow_keys[id] = rows[id]["key"]
            self.lines[rows[id]["key"]] = line_of(element)
        said = {id: place for place, id in reversed(list(enumerate(self.outgoing)))}
        stands = {row["key"]: place for place, row in reversed(list(enumerate(self.nodes)))}
        last = len(said) + len(stands)
        return [
            rows[id] for id in sorted(rows, key=lambda id: (stands.get(rows[id]["source"], last), said.get(id, last)))
        ]

    def _flow(self, element: Element, own: Row, id: str) -> Row:
        row: Row = {"key": own.pop("key", id)}
        for side, attribute in (("source", "sourceRef"), ("target", "targetRef")):
            name = reference(element.get(attribute))
            row[side] = self.keys.get(name, name)
        if element.get("name"):
            row["title"] = element.get("name")
        condition = child(element, "conditionExpression")
        if condition is not None and (condition.get("language") == FEEL or expression(condition)):
            row["when"] = expression(condition)
        if id in self.defaults:
            row["default"] = True
        return {**own, **row}


def _ordered(rows: list[Row], order: list[str] | None) -> list[Row]:
    """Rows in the order a property names, those it does not name last."""
    if order is None:
        return rows
    places = {key: place for place, key in enumerate(order)}
    return sorted(rows, key=lambda row: places.get(row["key"], len(places)))


def _foreign_head(process: Element) -> Row:
    """Head facts of a process that was drawn elsewhere."""
    words = re.findall(r"[a-z0-9]+", (process.get("id") or "").lower())
    key = "_".join(words) or "process"
    key = key if key[0].isalpha() else f"process_{key}"
    return {"format": 1, "app": "draft", "key": key, "watchers": [], "forms": {}, "tables": {}}
