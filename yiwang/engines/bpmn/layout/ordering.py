"""Rows: crossings made few by barycentres, then whole-numbered rows as near as may be to the neighbours'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

Item = Hashable
SWEEPS = 4


def ordered(layers: Sequence[list[Item]], links: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """Each layer sorted so that lines between neighbouring layers cross little."""
    before, after = neighbours(links)
    found = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for place in range(len(found)) if forth else reversed(range(len(found))):
            beside = place - 1 if forth else place + 1
            if 0 <= beside < len(found):
                found[place] = _by_barycentre(found[place], found[beside], before if forth else after)
    return found


def neighbours(links: Sequence[tuple[Item, Item]]) -> tuple[Mapping[Item, list[Item]], Mapping[Item, list[Item]]]:
    """What each item comes from and leads to."""
    before: dict[Item, list[Item]] = defaultdict(list)
    after: dict[Item, list[Item]] = defaultdict(list)
    for source, target in links:
        before[target].append(source)
        after[source].append(target)
    return before, after


def _by_barycentre(layer: list[Item], beside: list[Item], linked: Mapping[Item, list[Item]]) -> list[Item]:
    places = {item: place for place, item in enumerate(beside)}

    def centre(entry: tuple[int, Item]) -> tuple[float, int]:
        place, item = entry
        known = [places[other] for other in linked.get(item, ()) if other in places]
        return (sum(known) / len(known) if known else float(place), place)

    return [item for _, item in sorted(enumerate(layer), key=centre)]


def rows(layers: Sequence[Sequence[Item]], links: Sequence[tuple[Item, Item]]) -> dict[Item, int]:
    """The row of each item, from 0: straight on from what comes before where the order of the layer allows it."""
    before, after = neighbours(links)
    found: dict[Item, int] = {}
    for layer in layers:
        _place(layer, [_middle(before.get(item, ()), found, 0) for item in layer], found)
    for layer in reversed(layers):
        wanted = [_middle(after.get(item, ()), found, found[item]) for item in layer]
        _place(layer, wanted, found)
    for layer in layers:
        _place(layer, [_middle(before.get(item, ()), found, found[item]) for item in layer], found)
    places = {row: place for place, row in enumerate(sorted(set(found.values())))}
    return {item: places[row] for item, row in found.items()}


def _middle(others: Sequence[Item], found: Mapping[Item, int], otherwise: int) -> int:
    known = sorted(found[other] for other in others if other in found)
    return known[(len(known) - 1) // 2] if known else otherwise


def _place(layer: Sequence[Item], wanted: Sequence[int], found: dict[Item, int]) -> None:
    """Rows in strictly rising order, as near to `wanted` as such an order can be: pools of equals by their median."""
    pools: list[list[int]] = []
    for place, row in enumerate(wanted):
        pools.append([row - place])
        while len(pools) > 1 and _median(pools[-2]) > _median(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    place = 0
    for pool in pools:
        value = _median(pool)
        for _ in pool:
            found[layer[place]] = value + place
            place += 1


def _median(values: Sequence[int]) -> int:
    return sorted(values)[len(values) // 2]
