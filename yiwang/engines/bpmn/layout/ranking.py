"""Columns: the longest way from the start, with the arrows left aside that close a circle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Arc = tuple[str, str]


def closing(nodes: Sequence[str], arcs: Sequence[Arc]) -> tuple[set[int], list[str]]:
    """Numbers of arcs that lead back to a node still being walked through, without which no circle is left; and the
    nodes in the order the walk met them."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, (source, _) in enumerate(arcs):
        leaving[source].append(number)
    state: dict[str, int] = {}
    back: set[int] = set()
    for root in nodes:
        if root not in state:
            _walk(root, arcs, leaving, state, back)
    return back, list(state)


def _walk(root: str, arcs: Sequence[Arc], leaving: dict[str, list[int]], state: dict[str, int], back: set[int]) -> None:
    """Depth first without recursion; state 1 is on the way, 2 is done."""
    state[root] = 1
    trail = [(root, iter(leaving[root]))]
    while trail:
        node, rest = trail[-1]
        number = next(rest, None)
        if number is None:
            state[node] = 2
            trail.pop()
            continue
        target = arcs[number][1]
        if state.get(target) == 1:
            back.add(number)
        elif target not in state:
            state[target] = 1
            trail.append((target, iter(leaving[target])))


def ranks(nodes: Sequence[str], arcs: Sequence[Arc]) -> dict[str, int]:
    """The column of each node, from 0; `arcs` hold no circle."""
    waiting = dict.fromkeys(nodes, 0)
    leaving: dict[str, list[str]] = defaultdict(list)
    for source, target in arcs:
        waiting[target] += 1
        leaving[source].append(target)
    found = dict.fromkeys(nodes, 0)
    free = [node for node in nodes if waiting[node] == 0]
    while free:
        node = free.pop()
        for target in leaving[node]:
            found[target] = max(found[target], found[node] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                free.append(target)
    return found
