"""The diagram part of a document: one plane for the process, one more for each sub-process drawn closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from lxml import etree

from yiwang.engines.bpmn.document import BOUNDS, DIAGRAM, POINTS, Element
from yiwang.engines.bpmn.writing.naming import Ids

Row = Mapping[str, Any]


class Identified(Protocol):
    """Who knows the ids of a document."""

    ids: Ids
    process_id: str
    node_ids: dict[str, str]
    flow_ids: dict[str, str]


def write_diagram(root: Element, bundle: Row, diagram: Row, known: Identified) -> None:
    """Add the diagrams of a bundle to its document."""
    shapes, edges = diagram.get("shapes", {}), diagram.get("edges", {})
    closed = {key for key, shape in shapes.items() if shape.get("expanded") is False}
    nodes = {node["key"]: node for node in bundle["nodes"]}
    planes: dict[str | None, Element] = {None: _plane(root, known.process_id, known)}
    for key in nodes:
        if key in closed:
            planes[key] = _plane(root, known.node_ids[key], known)
    for key in [key for key in nodes if key in shapes]:
        _shape(planes[_home(nodes[key], nodes, closed)], nodes[key], shapes[key], known)
    for flow in [flow for flow in bundle["flows"] if flow["key"] in edges]:
        _edge(planes[_home(nodes.get(flow["source"], {}), nodes, closed)], flow["key"], edges[flow["key"]], known)
    for key, plane in planes.items():
        if key is not None and not len(plane):
            root.remove(plane.getparent())  # type: ignore[arg-type]


def _home(node: Row, nodes: Mapping[str, Row], closed: set[str]) -> str | None:
    """The closed sub-process whose plane shows a node; None for the process's own."""
    around = node.get("parent")
    while around is not None and around not in closed:
        around = nodes[around].get("parent")
    return around


def _plane(root: Element, of: str, known: Identified) -> Element:
    diagram = etree.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", id=known.ids.take(f"Diagram_{of}"))
    return etree.SubElement(diagram, f"{{{DIAGRAM}}}BPMNPlane", id=known.ids.take(f"Plane_{of}"), bpmnElement=of)


def _shape(plane: Element, node: Row, shape: Row, known: Identified) -> None:
    id = known.node_ids[node["key"]]
    element = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNShape", id=known.ids.take(f"{id}_di"), bpmnElement=id)
    if isinstance(shape.get("expanded"), bool):
        element.set("isExpanded", str(shape["expanded"]).lower())
    if node["kind"] == "exclusive":
        element.set("isMarkerVisible", "true")
    _bounds(element, shape)
    _label(element, shape)


def _edge(plane: Element, key: str, edge: Row, known: Identified) -> None:
    id = known.flow_ids[key]
    element = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNEdge", id=known.ids.take(f"{id}_di"), bpmnElement=id)
    for x, y in edge["points"]:
        etree.SubElement(element, f"{{{POINTS}}}waypoint", x=_text(x), y=_text(y))
    _label(element, edge)


def _label(element: Element, row: Row) -> None:
    if row.get("label"):
        _bounds(etree.SubElement(element, f"{{{DIAGRAM}}}BPMNLabel"), row["label"])


def _bounds(element: Element, box: Row) -> None:
    sizes = {name: _text(box[name]) for name in ("x", "y", "width", "height")}
    etree.SubElement(element, f"{{{BOUNDS}}}Bounds", sizes)


def _text(number: float | int) -> str:
    return str(number)
