"""A process as inline SVG that follows the theme, with the same in words below it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from lxml import etree

from yiwang.engines.bpmn.layout.plan import laid_out
from yiwang.engines.bpmn.layout.sizes import LINE, width_of
from yiwang.engines.bpmn.picture.shapes import WIDEST_TITLE, flow_line, node_shape, number
from yiwang.engines.bpmn.picture.telling import Teller
from yiwang.engines.bpmn.picture.texts import cleaned

Row = Mapping[str, Any]
BORDER = 24


def drawing(
    bundle: Row, here: Collection[str] = frozenset(), done: Collection[str] = frozenset(), *, name: str = "diagram"
) -> SafeString:
    """The diagram of a bundle as HTML: `here` are keys of nodes where work stands, `done` of nodes gone through.

    `name` makes its ids unique when a page shows several. The page links `bpmn/diagram.css`.
    """
    bundle = _in_language(bundle)
    teller = Teller(bundle, frozenset(here), frozenset(done))
    figure = etree.Element("figure", {"class": "diagram"})
    title = gettext("流程图：{title}").format(title=cleaned(bundle["title"]))
    frame = etree.SubElement(
        figure, "div", {"class": "diagram-frame", "tabindex": "0", "role": "region", "aria-label": title}
    )
    frame.append(_Picture(bundle, teller).svg(title, name))
    words = etree.SubElement(figure, "details", {"class": "diagram-words"})
    etree.SubElement(words, "summary").text = gettext("文字版流程")
    words.append(teller.list(None, f"{name}-steps"))
    html = etree.tostring(figure, encoding="unicode", method="html")
    return mark_safe(html)  # lxml has escaped every text.


def _in_language(bundle: Row) -> Row:
    """The bundle with its titles in the reader's language; what has no translation stays as it is."""

    def told(row: Row) -> Row:
        return {**row, "title": gettext(row["title"])} if row.get("title") else row

    return {**told(bundle), "nodes": [told(node) for node in bundle["nodes"]],
            "flows": [told(flow) for flow in bundle["flows"]]}  # fmt: skip


class _Picture:
    """Puts shapes and lines on one canvas."""

    def __init__(self, bundle: Row, teller: Teller) -> None:
        self.bundle, self.teller = bundle, teller
        self.nodes = {node["key"]: node for node in bundle["nodes"]}
        diagram = bundle.get("diagram") or {}
        self.shapes: Mapping[str, Row] = diagram.get("shapes", {})
        self.edges: Mapping[str, Row] = diagram.get("edges", {})
        if any(key not in self.shapes for key in self._shown()):
            diagram = laid_out(bundle)
            self.shapes, self.edges = diagram["shapes"], diagram["edges"]

    def _shown(self) -> Iterator[str]:
        """Keys of nodes that are not inside a closed sub-process."""
        for key, node in self.nodes.items():
            around, steps = node.get("parent"), 0
            while around in self.nodes and self.shapes.get(around, {}).get("expanded") is not False:
                around, steps = self.nodes[around].get("parent"), steps + 1
                if steps > len(self.nodes):
                    break
            if around is None:
                yield key

    def svg(self, title: str, name: str) -> etree._Element:
        shown = [key for key in self._shown() if key in self.shapes]
        x, y, width, height = self._frame(shown)
        facts = {
            "class": "diagram-picture", "role": "img", "viewBox": " ".join(map(number, (x, y, width, height))),
            "width": number(width), "height": number(height),
            "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-steps",
        }  # fmt: skip
        svg = etree.Element("svg", facts)
        etree.SubElement(svg, "title", {"id": f"{name}-title"}).text = title
        blocks = [key for key in shown if self.nodes[key]["kind"] == "sub_process"]
        edge_events = [key for key in shown if self.nodes[key]["kind"] == "boundary"]
        others = [key for key in shown if key not in blocks and key not in edge_events]
        for key in blocks:
            self._node(svg, key)
        for flow, edge in self._lines(set(shown)):
            flow_line(svg, flow, edge, self._flow_state(flow))
        for key in (*others, *edge_events):
            self._node(svg, key)
        return svg

    def _node(self, svg: etree._Element, key: str) -> None:
        state = "here" if key in self.teller.here else "done" if key in self.teller.done else ""
        node_shape(svg, self.nodes[key], self.shapes[key], state)

    def _flow_state(self, flow: Row) -> str:
        gone = flow["source"] in self.teller.done and flow["target"] in self.teller.done | self.teller.here
        return "done" if gone else ""

    def _lines(self, shown: set[str]) -> Iterator[tuple[Row, Row]]:
        """Each flow between shown nodes with its line; straight across where the diagram has none."""
        for flow in self.bundle["flows"]:
            if flow["source"] in shown and flow["target"] in shown:
                source, target = self.shapes[flow["source"]], self.shapes[flow["target"]]
                begin = [source["x"] + source["width"], source["y"] + source["height"] / 2]
                end = [target["x"], target["y"] + target["height"] / 2]
                yield flow, self.edges.get(flow["key"], {"points": [begin, end]})

    def _frame(self, shown: list[str]) -> tuple[float, float, float, float]:
        """What the picture must show, titles outside shapes included."""
        xs: list[float] = []
        ys: list[float] = []
        for key in shown:
            box, title = self.shapes[key], self.nodes[key]["title"]
            beside = max(0.0, (min(WIDEST_TITLE, width_of(title)) - box["width"]) / 2)
            xs += [box["x"] - beside, box["x"] + box["width"] + beside]
            ys += [box["y"] - 2 * LINE, box["y"] + box["height"] + 2 * LINE]
        for _, edge in self._lines(set(shown)):
            xs += [x for x, _ in edge["points"]]
            ys += [y for _, y in edge["points"]]
        left, top = min(xs, default=0) - BORDER, min(ys, default=0) - BORDER
        return left, top, max(xs, default=0) + BORDER - left, max(ys, default=0) + BORDER - top
