"""Sizes of shapes, and of the cells they need with their titles."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

EVENT, GATEWAY, TASK_WIDTH, TASK_HEIGHT = 36, 50, 110, 80
TITLE_WIDTH, LINE, LETTER = 96, 16, 12
EDGE_ROOM = 60
"""Width an event on an edge needs, with its title beside the line that leaves it."""
_GATEWAYS = frozenset({"exclusive", "inclusive", "parallel", "event_gateway"})
_EVENTS = frozenset({"start", "end", "catch", "throw", "boundary"})


class Size(NamedTuple):
    width: int
    height: int


def width_of(text: str) -> int:
    """Pixels a title takes on one line: a full width for Chinese, about half for Latin letters."""
    wide = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return -(-wide * LETTER // 2)


def has_title_outside(kind: str) -> bool:
    """Whether the title stands beside the shape and not in it."""
    return kind in _GATEWAYS or kind in _EVENTS


def size_of(node: Mapping[str, Any], content: Size | None, edge_events: int) -> Size:
    """The shape of a node; `content` is what a sub-process must hold, and each event on the edge needs its place."""
    if node["kind"] in _EVENTS:
        return Size(EVENT, EVENT)
    if node["kind"] in _GATEWAYS:
        return Size(GATEWAY, GATEWAY)
    width = max(TASK_WIDTH, 16 + edge_events * EDGE_ROOM)
    if content is None:
        return Size(width, TASK_HEIGHT)
    return Size(max(width, content.width), max(TASK_HEIGHT, content.height))


def cell_of(node: Mapping[str, Any], size: Size) -> Size:
    """The room a node needs: a title outside stands above gateways and below events, on at most two lines."""
    if not has_title_outside(node["kind"]) or not node["title"]:
        return size
    return Size(max(size.width, min(TITLE_WIDTH, width_of(node["title"]))), size.height + 4 * LINE)
