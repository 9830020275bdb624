"""From a bundle to a BPMN 2.0 document with its diagram; reading it again gives the identical bundle."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from lxml import etree

from yiwang.engines.bpmn.document import BOUNDS, DIAGRAM, FEEL, INSTANCE, MODEL, OWN, POINTS, Element
from yiwang.engines.bpmn.errors import BpmnError, Problem
from yiwang.engines.bpmn.extension import write_properties
from yiwang.engines.bpmn.kinds import TAGS, WITH_DEFAULT
from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.writing.events import feel_element, write_event, write_many
from yiwang.engines.bpmn.writing.naming import Ids
from yiwang.engines.bpmn.writing.positions import write_diagram

Row = Mapping[str, Any]
SPACES = {
    "bpmn": MODEL, "bpmndi": DIAGRAM, "dc": BOUNDS, "di": POINTS, "xsi": INSTANCE, "yiwang": OWN,
}  # fmt: skip
_SAID_NODE = frozenset({"key", "kind", "title", "parent"})
_SAID_FLOW = frozenset({"source", "target", "title", "when"})


def write_bpmn(bundle: Row) -> bytes:
    """The document as UTF-8 XML. BpmnError when the bundle's structure cannot be written down."""
    _must_be_whole(bundle)
    try:
        root = _Writer(bundle).document()
    except ValueError as error:
        what = f"标题或内容中有 XML 不允许的字符：{error}。"
        raise BpmnError([Problem("", 0, what, "请删去控制字符。")]) from None
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _must_be_whole(bundle: Row) -> None:
    """Every node has a place and a key of its own, else it would be lost in silence."""
    nodes = {node["key"]: node for node in bundle["nodes"]}
    problems = []
    for kind, title in (("nodes", "节点"), ("flows", "连线")):
        for key, count in Counter(row["key"] for row in bundle[kind]).items():
            if count > 1:
                what = f"有 {count} 个{title}使用标识“{key}”。"
                problems.append(Problem(title, 0, what, "请为每个改用不同的标识。"))
    for key, node in nodes.items():
        around, steps = node.get("parent"), 0
        while around in nodes and nodes[around]["kind"] == "sub_process" and steps <= len(nodes):
            around, steps = nodes[around].get("parent"), steps + 1
        if around is not None:
            problems.append(Problem(f"节点“{key}”", 0, "所在的子流程不存在。", "请把它移到流程或子流程里。"))
    if problems:
        raise BpmnError(problems)


class _Writer:
    """Builds one document."""

    def __init__(self, bundle: Row) -> None:
        self.bundle = bundle
        self.kinds = {node["key"]: node["kind"] for node in bundle["nodes"]}
        self.ids = Ids()
        self.process_id = self.ids.take(f"{bundle['app']}.{bundle['key']}")
        self.node_ids = {node["key"]: self.ids.take(node["key"]) for node in bundle["nodes"]}
        self.flow_ids = {flow["key"]: self.ids.take(flow["key"]) for flow in bundle["flows"]}
        self.inside: dict[str | None, list[Row]] = defaultdict(list)
        self.leaving: dict[str, list[Row]] = defaultdict(list)
        self.arriving: dict[str, list[Row]] = defaultdict(list)
        for node in bundle["nodes"]:
            self.inside[node.get("parent")].append(node)
        for flow in bundle["flows"]:
            self.leaving[flow["source"]].append(flow)
            self.arriving[flow["target"]].append(flow)
        self.declared: dict[tuple[str, str], str] = {}
        self.node_order: list[str] = []

    def document(self) -> Element:
        exporter = {"id": self.ids.take("definitions"), "targetNamespace": "urn:yiwang:processes", "exporter": "Yiwang"}
        self.root = etree.Element(f"{{{MODEL}}}definitions", nsmap=SPACES, attrib=exporter)
        self.root.set("expressionLanguage", FEEL)
        process = etree.Element(f"{{{MODEL}}}process", id=self.process_id, isExecutable="true")
        process.set("name", self.bundle["title"])
        self._scope(process, None)
        diagram = self.bundle.get("diagram")
        head = {
            name: value for name, value in self.bundle.items() if name not in ("title", "nodes", "flows", "diagram")
        }
        write_properties(process, head | self._orders() | ({} if diagram else {"laid_out": True}))
        for (tag, name), id in self.declared.items():
            self._declaration(tag, name, id)
        self.root.append(process)
        write_diagram(self.root, self.bundle, diagram or laid_out(self.bundle), self)
        return self.root

    def _declaration(self, tag: str, name: str, id: str) -> None:
        element = etree.SubElement(self.root, f"{{{MODEL}}}{tag}", id=id, name=name)
        if tag in ("error", "escalation"):
            element.set(f"{tag}Code", name)

    def declared_id(self, tag: str, name: str) -> str:
        """The id of a message, signal, error or escalation of the document."""
        if (tag, name) not in self.declared:
            self.declared[tag, name] = self.ids.take(f"{tag.capitalize()}_{len(self.declared) + 1}")
        return self.declared[tag, name]

    def _orders(self) -> dict[str, list[str]]:
        """The order of rows where the document, nested as it is, would give another."""
        nodes = [node["key"] for node in self.bundle["nodes"]]
        flows = [flow["key"] for flow in self.bundle["flows"]]
        natural = [flow["key"] for key in self.node_order for flow in self.leaving[key]]
        found = {"node_order": nodes} if nodes != self.node_order else {}
        return found | ({"flow_order": flows} if flows != natural else {})

    def _scope(self, element: Element, key: str | None) -> None:
        for node in self.inside[key]:
            self.node_order.append(node["key"])
            self._node(element, node)
        for node in self.inside[key]:
            for flow in self.leaving[node["key"]]:
                self._flow(element, flow)
        if key is None:
            for flow in self.bundle["flows"]:
                if flow["source"] not in self.node_ids:
                    self._flow(element, flow)

    def _node(self, parent: Element, node: Row) -> None:
        element = etree.SubElement(parent, f"{{{MODEL}}}{TAGS[node['kind']]}", id=self.node_ids[node["key"]])
        element.set("name", node["title"])
        for tag, flows in (("incoming", self.arriving), ("outgoing", self.leaving)):
            for flow in flows[node["key"]]:
                etree.SubElement(element, f"{{{MODEL}}}{tag}").text = self.flow_ids[flow["key"]]
        said = set(_SAID_NODE) | self._attributes(element, node)
        said |= write_event(element, node, self.declared_id) | write_many(element, node)
        rest = {name: value for name, value in node.items() if name not in said}
        if self.node_ids[node["key"]] != node["key"]:
            rest["key"] = node["key"]
        if node["kind"] == "sub_process":
            self._scope(element, node["key"])
        write_properties(element, rest)

    def _attributes(self, element: Element, node: Row) -> set[str]:
        """Write what stands in attributes; the fields that are said by them."""
        said = set()
        if node["kind"] in WITH_DEFAULT:
            default = next((flow for flow in self.leaving[node["key"]] if flow.get("default") is True), None)
            if default is not None:
                element.set("default", self.flow_ids[default["key"]])
        if node["kind"] == "boundary":
            host = node.get("at_node")
            if isinstance(host, str):
                element.set("attachedToRef", self.node_ids.get(host, host))
                said.add("at_node")
            if isinstance(node.get("interrupting"), bool):
                element.set("cancelActivity", str(node["interrupting"]).lower())
                said.add("interrupting")
        if node["kind"] == "call_activity" and isinstance(node.get("calls"), str):
            element.set("calledElement", node["calls"])
            said.add("calls")
        if node["kind"] in ("send_task", "receive_task") and node.get("message"):
            element.set("messageRef", self.declared_id("message", node["message"]))
            said.add("message")
        return said

    def _flow(self, parent: Element, flow: Row) -> None:
        source, target = (self.node_ids.get(flow[side], str(flow[side])) for side in ("source", "target"))
        element = etree.SubElement(
            parent, f"{{{MODEL}}}sequenceFlow", id=self.flow_ids[flow["key"]], sourceRef=source, targetRef=target
        )
        rest = {name: value for name, value in flow.items() if name not in _SAID_FLOW}
        if rest.pop("key") != self.flow_ids[flow["key"]]:
            rest["key"] = flow["key"]
        if flow.get("title"):
            element.set("name", flow["title"])
        if flow.get("when") is not None:
            feel_element(element, "conditionExpression", flow["when"])
        if self._is_said_default(flow):
            del rest["default"]
        write_properties(element, rest)

    def _is_said_default(self, flow: Row) -> bool:
        if flow.get("default") is not True:
            return False
        first = next(other for other in self.leaving[flow["source"]] if other.get("default") is True)
        return self.kinds.get(flow["source"]) in WITH_DEFAULT and first is flow
