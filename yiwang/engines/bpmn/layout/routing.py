"""Ways of lines on a grid: along rows through cells kept free for them, up and down on tracks between columns.

Only the gaps between columns, the strips below rows and the lanes above and below everything carry turns, so that a
line never runs through a shape.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_BENDS = 4_000
"""Cells kept free for long lines in one scope; beyond it long lines go round in lanes."""


class Way(NamedTuple):
    """A flow in a scope: `start` is the node whose row it leaves, `edge` the event on that node's edge or ''."""

    flow: str
    start: str
    edge: str
    target: str


class Bend(NamedTuple):
    """A cell a long line passes through."""

    flow: str
    rank: int


@dataclass
class Tracks:
    """Which upright tracks each gap holds. Gap -1 is left of the first column."""

    gaps: dict[int, dict[Hashable, tuple[int, float]]] = field(default_factory=lambda: defaultdict(dict))

    def want(self, gap: int, owner: Hashable, begin: float, end: float) -> None:
        """Ask for a track; lines of one owner share it. Leftmost stand those that cross least when they start low
        and go down, or start high and go up."""
        if begin == end:
            side = (1, 0.0)
        else:
            side = (0, -begin) if end > begin else (2, begin)
        kept = self.gaps[gap].get(owner)
        if kept is None or side < kept:
            self.gaps[gap][owner] = side

    def places(self, gap: int) -> dict[Hashable, int]:
        """Number of each owner's track in a gap, from the left."""
        owners = self.gaps.get(gap, {})
        ranked = sorted(owners, key=lambda owner: (owners[owner], str(owner)))
        return {owner: place for place, owner in enumerate(ranked)}


def bends(ways: list[Way], rank: dict[str, int], back: set[int]) -> tuple[dict[int, list[Bend]], set[int]]:
    """The cells each forward way passes, by its number; and the ways that go round in lanes."""
    forward = [number for number in range(len(ways)) if number not in back]
    span = {number: rank[ways[number].target] - rank[ways[number].start] for number in forward}
    if sum(max(0, length - 1) for length in span.values()) > MOST_BENDS:
        far = {number for number, length in span.items() if length > 1}
    else:
        far = set()
    found = {}
    for number in span.keys() - far:
        way = ways[number]
        found[number] = [Bend(way.flow, column) for column in range(rank[way.start] + 1, rank[way.target])]
    return dict(sorted(found.items())), far | back
