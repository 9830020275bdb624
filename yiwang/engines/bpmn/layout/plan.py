"""The pixels: scopes laid out from inside out, columns and rows as wide as they must be, lines as corner points."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from yiwang.engines.bpmn.layout.ordering import ordered, rows
from yiwang.engines.bpmn.layout.ranking import closing, ranks
from yiwang.engines.bpmn.layout.routing import Bend, Tracks, Way, bends
from yiwang.engines.bpmn.layout.sizes import EDGE_ROOM, EVENT, LINE, Size, cell_of, size_of

MARGIN, PADDING, HEAD = 40, 24, 44
GAP, TRACK, STRIP, LANE = 56, 14, 30, 16
Point = tuple[int, int]
Row = Mapping[str, Any]


@dataclass
class Block:
    """A scope laid out, from (0, 0)."""

    width: int = 0
    height: int = 0
    shapes: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    edges: dict[str, list[Point]] = field(default_factory=dict)

    def take(self, other: Block, right: int, down: int) -> None:
        """Put what lies in another block into this one."""
        for key, (x, y, width, height) in other.shapes.items():
            self.shapes[key] = (x + right, y + down, width, height)
        for key, points in other.edges.items():
            self.edges[key] = [(x + right, y + down) for x, y in points]


def laid_out(bundle: Row) -> dict[str, Any]:
    """The diagram of a bundle without one; equal bundles give equal diagrams."""
    scopes: dict[str | None, list[Row]] = defaultdict(list)
    for node in bundle["nodes"]:
        scopes[node.get("parent")].append(node)
    whole = Block()
    whole.take(_Scope(None, scopes, bundle["flows"]).block(), MARGIN, MARGIN)
    shapes: dict[str, Any] = {}
    for key, (x, y, width, height) in whole.shapes.items():
        shapes[key] = {"x": x, "y": y, "width": width, "height": height}
    for node in bundle["nodes"]:
        if node["kind"] == "sub_process" and node["key"] in shapes:
            shapes[node["key"]]["expanded"] = True
    edges = {key: {"points": [list(point) for point in points]} for key, points in whole.edges.items()}
    return {"shapes": shapes, "edges": edges}


class _Scope:
    """One scope on a grid."""

    def __init__(self, key: str | None, scopes: Mapping[str | None, list[Row]], flows: list[Row]) -> None:
        here = {node["key"]: node for node in scopes[key]}
        self.hosts: dict[str, str] = {
            name: node["at_node"]
            for name, node in here.items()
            if node["kind"] == "boundary" and here.get(node.get("at_node"), {}).get("kind", "boundary") != "boundary"
        }
        self.nodes = {name: node for name, node in here.items() if name not in self.hosts}
        self.edges_of: dict[str, list[str]] = defaultdict(list)
        for event, host in self.hosts.items():
            self.edges_of[host].append(event)
        self.inner = {
            name: _Scope(name, scopes, flows).block()
            for name, node in self.nodes.items()
            if node["kind"] == "sub_process" and scopes.get(name)
        }
        self.ways = [self._way(flow) for flow in flows if flow["source"] in here and flow["target"] in self.nodes]
        self.sizes = {name: self._size(node) for name, node in self.nodes.items()}

    def _way(self, flow: Row) -> Way:
        host = self.hosts.get(flow["source"])
        return Way(flow["key"], host or flow["source"], flow["source"] if host else "", flow["target"])

    def _column(self, item: Hashable) -> int:
        return item.rank if isinstance(item, Bend) else self.rank[str(item)]

    def _size(self, node: Row) -> Size:
        inner = self.inner.get(node["key"])
        content = None if inner is None else Size(inner.width + 2 * PADDING, inner.height + HEAD + PADDING)
        return size_of(node, content, len(self.edges_of[node["key"]]))

    def block(self) -> Block:
        if not self.nodes:
            return Block()
        self._grid()
        self._tracks()
        self._pixels()
        found = Block(self.right, self.bottom)
        for name in self.nodes:
            self._draw(found, name)
        for number, way in enumerate(self.ways):
            found.edges[way.flow] = _straightened(self._line(number, way, found))
        return found

    def _grid(self) -> None:
        """Column, row and order of every node and bend."""
        arcs = [(way.start, way.target) for way in self.ways]
        first = sorted(self.nodes, key=lambda name: self.nodes[name]["kind"] != "start")
        back, met = closing(first, arcs)
        self.rank = ranks(list(self.nodes), [arc for number, arc in enumerate(arcs) if number not in back])
        self.bends, self.lanes = bends(self.ways, self.rank, back)
        layers: list[list[Hashable]] = [[] for _ in range(max(self.rank.values()) + 1)]
        for name in met:
            layers[self.rank[name]].append(name)
        links: list[tuple[Hashable, Hashable]] = []
        for number, passed in self.bends.items():
            chain: list[Hashable] = [self.ways[number].start, *passed, self.ways[number].target]
            links += list(pairwise(chain))
            for bend in passed:
                layers[bend.rank].append(bend)
        self.columns = len(layers)
        self.row = rows(ordered(layers, links), links)

    def _tracks(self) -> None:
        """Which track each turn of a line wants."""
        self.tracks = Tracks()
        height = max(self.row.values())
        self.strips: dict[int, list[str]] = defaultdict(list)
        for event, host in self.hosts.items():
            self.strips[self.row[host]].append(event)
        self.above = [
            n for n in sorted(self.lanes) if 2 * self.row[self.ways[n].start] < height and not self.ways[n].edge
        ]
        self.below = [n for n in sorted(self.lanes) if n not in self.above]
        for number, way in enumerate(self.ways):
            begin = self.row[way.start] + (0.5 if way.edge else 0)
            if number in self.lanes:
                end = -1.0 if number in self.above else height + 1.0
                self.tracks.want(self.rank[way.start], way.edge or way.start, begin, end)
                self.tracks.want(self.rank[way.target] - 1, ("into", way.target), end, self.row[way.target])
                continue
            owner: Hashable = way.edge or way.start
            for item in (*self.bends[number], way.target):
                rank = self._column(item)
                if begin != self.row[item]:
                    self.tracks.want(rank - 1, owner, begin, self.row[item])
                begin, owner = self.row[item], item

    def _pixels(self) -> None:
        """Left edges and widths of columns, middles of rows, tracks, lanes."""
        cells = {name: cell_of(self.nodes[name], self.sizes[name]) for name in self.nodes}
        self.track_x: dict[tuple[int, Hashable], int] = {}
        right = self._gap(-1, 0, 0)
        self.left: list[int] = []
        self.width: list[int] = []
        for column in range(self.columns):
            width = max(cells[name].width for name in self.nodes if self.rank[name] == column)
            self.left.append(right)
            self.width.append(width)
            right = self._gap(column, right + width, GAP if column + 1 < self.columns else 0)
        self.right = right
        top = len(self.above) * LANE + (LANE if self.above else 0)
        self.lane_y = {n: top - LANE * (place + 1) for place, n in enumerate(self.above)}
        self.middle: dict[int, int] = {}
        self.strip_y: dict[str, int] = {}
        for row in range(max(self.row.values()) + 1):
            inside = [cells[name].height for name in self.nodes if self.row[name] == row]
            height = max(inside, default=0)
            self.middle[row] = top + height // 2
            top += height + (STRIP if inside else LANE) + (2 * LINE if self.strips[row] else 0)
            for event in self.strips[row]:
                self.strip_y[event] = top
                top += LANE
        top += LANE * bool(self.below) - STRIP + (EVENT // 2 if any(self.strips.values()) else 0)
        self.lane_y |= {n: top + LANE * place for place, n in enumerate(self.below)}
        self.bottom = top + LANE * len(self.below)

    def _gap(self, gap: int, begin: int, least: int) -> int:
        """Place a gap's tracks from x `begin`; its right end."""
        places = self.tracks.places(gap)
        for owner, place in places.items():
            self.track_x[gap, owner] = begin + (GAP // 2 if len(places) == 1 else 20 + TRACK * place)
        return begin + max(least, 40 + TRACK * len(places) if places else 0)

    def _draw(self, found: Block, name: str) -> None:
        width, height = self.sizes[name]
        column = self.rank[name]
        x, y = self.left[column] + (self.width[column] - width) // 2, self.middle[self.row[name]] - height // 2
        found.shapes[name] = (x, y, width, height)
        for place, event in enumerate(self.edges_of[name]):
            right = x + width - EDGE_ROOM * (place + 1)
            found.shapes[event] = (right, y + height - EVENT // 2, EVENT, EVENT)
        if name in self.inner:
            found.take(self.inner[name], x + PADDING, y + HEAD)

    def _line(self, number: int, way: Way, found: Block) -> list[Point]:
        """Corner points of a flow."""
        x, y, width, height = found.shapes[way.edge or way.start]
        if way.edge:
            level = self.strip_y[way.edge]
            points = [(x + width // 2, y + height), (x + width // 2, level)]
        else:
            level = y + height // 2
            points = [(x + width, level)]
        owner: Hashable = way.edge or way.start
        if number in self.lanes:
            points += self._round(number, way, level)
        else:
            for item in (*self.bends[number], way.target):
                rank = self._column(item)
                goal = self.middle[self.row[item]]
                if goal != level:
                    turn = self.track_x[rank - 1, owner]
                    points += [(turn, level), (turn, goal)]
                level, owner = goal, item
        left, _, _, _ = found.shapes[way.target]
        return [*points, (left, self.middle[self.row[way.target]])]

    def _round(self, number: int, way: Way, level: int) -> list[Point]:
        out = self.track_x[self.rank[way.start], way.edge or way.start]
        into = self.track_x[self.rank[way.target] - 1, ("into", way.target)]
        lane, goal = self.lane_y[number], self.middle[self.row[way.target]]
        return [(out, level), (out, lane), (into, lane), (into, goal)]


def _straightened(points: list[Point]) -> list[Point]:
    """The points without those that lie on a straight line between others."""
    found = points[:1]
    for point, following in zip(points[1:], [*points[2:], None], strict=True):
        if point == found[-1]:
            continue
        x, y = found[-1]
        if following is not None and (x == point[0] == following[0] or y == point[1] == following[1]):
            continue
        found.append(point)
    return found if len(found) > 1 else points[:2]
