"""Positions of shapes and lines in a file's diagrams, as the bundle key `diagram`.

`{"shapes": {node: {x, y, width, height, expanded?, label?}}, "edges": {flow: {points, label?}}}`, in pixels.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from yiwang.engines.bpmn.document import BOUNDS, DIAGRAM, POINTS, Element, reference

_FARTHEST = 1_000_000


def read_diagram(root: Element, nodes: Mapping[str, str], flows: Mapping[str, str]) -> dict[str, Any] | None:
    """The diagram of all planes; `nodes` and `flows` give keys by id. None when nothing of theirs is drawn."""
    shapes: dict[str, Any] = {}
    for shape in root.iter(f"{{{DIAGRAM}}}BPMNShape"):
        key = nodes.get(reference(shape.get("bpmnElement")))
        found = _shape(shape)
        if key is not None and found is not None:
            shapes.setdefault(key, found)
    edges: dict[str, Any] = {}
    for edge in root.iter(f"{{{DIAGRAM}}}BPMNEdge"):
        key = flows.get(reference(edge.get("bpmnElement")))
        found = _edge(edge)
        if key is not None and found is not None:
            edges.setdefault(key, found)
    return {"shapes": shapes, "edges": edges} if shapes or edges else None


def _shape(shape: Element) -> dict[str, Any] | None:
    box: dict[str, Any] | None = _box(shape)
    if box is None:
        return None
    if shape.get("isExpanded") is not None:
        box["expanded"] = shape.get("isExpanded") == "true"
    return box | _label(shape)


def _edge(edge: Element) -> dict[str, Any] | None:
    points = [
        [_number(point.get("x")), _number(point.get("y"))] for point in edge.iterchildren(f"{{{POINTS}}}waypoint")
    ]
    if len(points) < 2 or any(None in point for point in points):
        return None
    return {"points": points} | _label(edge)


def _label(element: Element) -> dict[str, Any]:
    label = element.find(f"{{{DIAGRAM}}}BPMNLabel")
    box = None if label is None else _box(label)
    return {} if box is None else {"label": box}


def _box(element: Element) -> dict[str, Any] | None:
    bounds = element.find(f"{{{BOUNDS}}}Bounds")
    if bounds is None:
        return None
    box = {name: _number(bounds.get(name)) for name in ("x", "y", "width", "height")}
    return None if None in box.values() else box


def _number(text: str | None) -> float | int | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    if not isfinite(number) or abs(number) > _FARTHEST:
        return None
    return int(number) if number == int(number) else number
