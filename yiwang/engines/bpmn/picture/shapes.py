"""Shapes and lines of a drawing as SVG elements. Classes say what they are; colours are the style sheet's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from lxml import etree

from yiwang.engines.bpmn.layout.sizes import EDGE_ROOM, LINE, has_title_outside
from yiwang.engines.bpmn.picture.marks import FILLED, MARKS
from yiwang.engines.bpmn.picture.texts import lines_of

Row = Mapping[str, Any]
Element = etree._Element
ARROW, WIDEST_TITLE = 9.0, 110
_THROWING = frozenset({"throw", "end"})


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def node_shape(parent: Element, node: Row, box: Row, state: str) -> None:
    """Draw a node; `state` is here, done or ''."""
    classes = ["diagram-node", f"is-{node['kind'].replace('_', '-')}", *([f"is-{state}"] if state else [])]
    group = etree.SubElement(parent, "g", {"class": " ".join(classes)})
    kind = node["kind"]
    if kind in ("exclusive", "inclusive", "parallel", "event_gateway"):
        _diamond(group, box)
        _mark(group, kind, _middle(box))
    elif has_title_outside(kind):
        _circle(group, node, box)
    else:
        _box(group, node, box)
    _title(group, node, box)
    if state == "done":
        inward = 9 if kind in ("exclusive", "inclusive", "parallel", "event_gateway") else 2
        badge = (box["x"] + box["width"] - inward, box["y"] + inward)
        _circle_at(group, "diagram-badge", 8, badge)
        _mark(group, "done", badge)


def _middle(box: Row) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _circle_at(group: Element, classes: str, radius: float, at: tuple[float, float]) -> None:
    etree.SubElement(group, "circle", {"class": classes, "r": number(radius), "cx": number(at[0]), "cy": number(at[1])})


def _mark(group: Element, name: str, at: tuple[float, float], *, is_filled: bool = False) -> None:
    classes = "diagram-mark is-filled" if is_filled or name in FILLED else "diagram-mark"
    place = f"translate({number(at[0])} {number(at[1])})"
    etree.SubElement(group, "path", {"class": classes, "d": MARKS[name], "transform": place})


def _diamond(group: Element, box: Row) -> None:
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    corners = [(x + width / 2, y), (x + width, y + height / 2), (x + width / 2, y + height), (x, y + height / 2)]
    points = " ".join(f"{number(left)},{number(top)}" for left, top in corners)
    etree.SubElement(group, "polygon", {"class": "diagram-shape", "points": points})


def _circle(group: Element, node: Row, box: Row) -> None:
    radius = min(box["width"], box["height"]) / 2
    lasts = node.get("interrupting", True)
    classes = "diagram-shape" if lasts else "diagram-shape is-beside"
    _circle_at(group, classes, radius, _middle(box))
    if node["kind"] in ("catch", "throw", "boundary"):
        inner = classes.replace("diagram-shape", "diagram-ring")
        _circle_at(group, inner, radius - 3, _middle(box))
    event = node.get("on") or node.get("throws") or ("message" if node.get("message") else "")
    if node.get("terminate"):
        event = "terminate"
    if event in MARKS:
        _mark(group, event, _middle(box), is_filled=node["kind"] in _THROWING)


def _box(group: Element, node: Row, box: Row) -> None:
    rect = etree.SubElement(group, "rect", {"class": "diagram-shape", "rx": "8"})
    for name in ("x", "y", "width", "height"):
        rect.set(name, number(box[name]))
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    if node["kind"] in MARKS:
        _mark(group, node["kind"], (x + 16, y + 15))
    foot = []
    if node.get("many"):
        foot.append("many_sequential" if node["many"].get("sequential") else "many")
    if node["kind"] == "sub_process" and box.get("expanded") is False:
        foot.append("closed")
    for place, name in enumerate(foot):
        _mark(group, name, (x + width / 2 + 18 * (place - (len(foot) - 1) / 2), y + height - 10))


def _title(group: Element, node: Row, box: Row) -> None:
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    middle, label = x + width / 2, box.get("label")
    if label:
        lines = lines_of(node["title"], max(WIDEST_TITLE, int(label["width"])), 3)
        text_lines(group, lines, label["x"] + label["width"] / 2, label["y"])
    elif node["kind"] == "boundary":
        text_lines(
            group, lines_of(node["title"], EDGE_ROOM - 8, 2), middle + 5, y + height + 1, "diagram-text is-aside"
        )
    elif has_title_outside(node["kind"]):
        lines = lines_of(node["title"], WIDEST_TITLE, 2)
        is_below = node["kind"] in ("start", "end", "catch", "throw")
        text_lines(group, lines, middle, y + height + 3 if is_below else y - 3 - LINE * len(lines))
    elif node["kind"] == "sub_process" and box.get("expanded", True):
        text_lines(group, lines_of(node["title"], int(width) - 40, 1), middle, y + 7)
    else:
        lines = lines_of(node["title"], int(width) - 12, max(1, int(height) // LINE - 1))
        text_lines(group, lines, middle, y + (height - LINE * len(lines)) / 2 + (4 if len(lines) < 4 else 8))


def text_lines(group: Element, lines: Sequence[str], middle: float, top: float, classes: str = "diagram-text") -> None:
    """Lines of text around `middle`, the first with its upper edge at `top`."""
    if not lines:
        return
    text = etree.SubElement(group, "text", {"class": classes, "x": number(middle), "y": number(top + 12)})
    for place, line in enumerate(lines):
        span = etree.SubElement(text, "tspan", {"x": number(middle), **({"dy": str(LINE)} if place else {})})
        span.text = line


def flow_line(parent: Element, flow: Row, edge: Row, state: str) -> None:
    """Draw a flow with its arrow, the stroke of a default, and its title."""
    points = [(float(x), float(y)) for x, y in edge["points"]]
    classes = "diagram-flow is-done" if state == "done" else "diagram-flow"
    group = etree.SubElement(parent, "g", {"class": classes})
    tip, (across, down) = points[-1], _direction(points)
    stop = (tip[0] - across * ARROW * 0.8, tip[1] - down * ARROW * 0.8)
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in [*points[:-1], stop])
    etree.SubElement(group, "path", {"class": "diagram-line", "d": path})
    sides = [(tip[0] - across * ARROW - turn * down * 4, tip[1] - down * ARROW + turn * across * 4) for turn in (1, -1)]
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in [tip, *sides])
    etree.SubElement(group, "polygon", {"class": "diagram-arrow", "points": corners})
    if flow.get("default"):
        part = 1 if len(points) > 4 else len(points) - 2  # Lines of one gateway share their first part.
        x, y = points[part]
        across, down = _direction(points[part + 1 : part - 1 if part else None : -1])
        x, y = x - across * 12, y - down * 12
        etree.SubElement(group, "path", {"class": "diagram-line", "d": f"M{number(x - 3)} {number(y + 5)}l6 -10"})
    if flow.get("title"):
        _flow_title(group, flow, edge, points)


def _flow_title(group: Element, flow: Row, edge: Row, points: Sequence[tuple[float, float]]) -> None:
    label = edge.get("label")
    if label:
        lines = lines_of(flow["title"], max(WIDEST_TITLE, int(label["width"])), 2)
        text_lines(group, lines, label["x"] + label["width"] / 2, label["y"])
        return
    (x, y), (right, down) = points[-2], points[-1]
    text_lines(group, lines_of(flow["title"], WIDEST_TITLE, 1), (x + right) / 2, min(y, down) - LINE - 1)


def _direction(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a line points at its end, as a vector of length 1."""
    for before in reversed(points[:-1]):
        across, down = points[-1][0] - before[0], points[-1][1] - before[1]
        length = hypot(across, down)
        if length > 0:
            return across / length, down / length
    return 1.0, 0.0
