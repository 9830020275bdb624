"""Layout: no two shapes overlap, lines are right-angled and run through no shape, content lies in its sub-process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.engines.bpmn.api import laid_out
from yiwang.engines.bpmn.tests.bundles import EVERYTHING, declared, drawn, task
from yiwang.engines.processes.spec import Boundary, Exclusive, Parallel

Box = tuple[float, float, float, float]


def box(shape: dict[str, Any]) -> Box:
    return shape["x"], shape["y"], shape["x"] + shape["width"], shape["y"] + shape["height"]


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def ancestors(nodes: dict[str, dict[str, Any]], key: str) -> Iterator[str]:
    while "parent" in nodes[key]:
        key = nodes[key]["parent"]
        yield key


def check(bundle: dict[str, Any]) -> None:
    diagram = laid_out(bundle)
    nodes = {node["key"]: node for node in bundle["nodes"]}
    boxes = {key: box(shape) for key, shape in diagram["shapes"].items()}
    assert boxes.keys() == nodes.keys()
    for one, other in combinations(nodes, 2):
        related = nodes[one].get("at_node") == other or nodes[other].get("at_node") == one
        if one in ancestors(nodes, other) or other in ancestors(nodes, one):
            outer, inner = (one, other) if one in ancestors(nodes, other) else (other, one)
            assert holds(boxes[outer], boxes[inner]), f"{inner} sticks out of {outer}"
        elif not related:
            assert not overlap(boxes[one], boxes[other]), f"{one} lies on {other}"
    for flow in bundle["flows"]:
        check_line(nodes, boxes, flow, diagram["edges"][flow["key"]]["points"])


def check_line(
    nodes: dict[str, dict[str, Any]], boxes: dict[str, Box], flow: dict[str, Any], points: list[Any]
) -> None:
    source, target = flow["source"], flow["target"]
    left, top, right, bottom = boxes[source]
    assert left <= points[0][0] <= right and top <= points[0][1] <= bottom
    assert points[-1] == [boxes[target][0], (boxes[target][1] + boxes[target][3]) / 2]
    ends = {source, target, nodes[source].get("at_node")} | set(ancestors(nodes, source))
    around = [boxes[key] for key in boxes if key not in ends and nodes[key].get("at_node") not in ends]
    for (x, y), (right, down) in pairwise(points):
        assert x == right or y == down, f"{flow['key']} runs aslant"
        line = (min(x, right), min(y, down), max(x, right) + 0.1, max(y, down) + 0.1)
        assert not any(overlap(line, other) for other in around), f"{flow['key']} runs through a shape"


def test_every_kind_is_laid_out() -> None:
    check(EVERYTHING)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 25))
def test_random_processes_are_laid_out_without_overlap(seed: int, size: int) -> None:
    check(drawn(seed, size))


def test_a_straight_process_is_a_straight_line() -> None:
    diagram = laid_out(declared(task("a"), task("b")))
    middles = {shape["y"] + shape["height"] / 2 for shape in diagram["shapes"].values()}
    assert len(middles) == 1
    assert all(len(edge["points"]) == 2 for edge in diagram["edges"].values())
    lefts = [diagram["shapes"][key]["x"] for key in ("start", "a", "b", "end")]
    assert lefts == sorted(lefts)


def test_a_line_back_goes_round_everything() -> None:
    bundle = declared(task("a"), Exclusive("ok", "?", when={"end": "x"}, otherwise="a"))
    diagram = laid_out(bundle)
    ys = [y for _, y in diagram["edges"]["ok__a"]["points"]]
    tops = [shape["y"] for shape in diagram["shapes"].values()]
    bottoms = [shape["y"] + shape["height"] for shape in diagram["shapes"].values()]
    assert min(ys) < min(tops) or max(ys) > max(bottoms)


def test_events_stand_on_the_edge_of_their_host() -> None:
    events = [Boundary(f"e{n}", "超时", at_node="a", on="signal", name=f"s{n}", then="end") for n in range(5)]
    diagram = laid_out(declared(task("a"), *events))
    host = box(diagram["shapes"]["a"])
    for n in range(5):
        left, top, right, bottom = box(diagram["shapes"][f"e{n}"])
        assert host[0] <= left and right <= host[2] and top < host[3] < bottom


def test_equal_bundles_give_equal_diagrams() -> None:
    assert laid_out(EVERYTHING) == laid_out(EVERYTHING)


@pytest.mark.parametrize("width", [60, 300])
def test_big_processes_are_laid_out_too(width: int) -> None:
    keys = [f"t{n}" for n in range(width)]
    ways = Parallel("fork", "分", split=tuple(keys))
    check(declared(ways, *(task(key, then="join") for key in keys), Parallel("join", "合")))


def test_many_long_lines_do_not_pile_up() -> None:
    """A ladder of 150 steps, each of which may go straight to the end: lines go round instead of filling a grid."""
    steps = [
        Exclusive(f"g{n}", "?", when={"end": "x"}, otherwise=f"g{n + 1}" if n < 149 else "end") for n in range(150)
    ]
    bundle = declared(*steps)
    diagram = laid_out(bundle)
    assert len(diagram["edges"]) == len(bundle["flows"])


def test_a_drawing_without_order_is_laid_out_too() -> None:
    bundle = declared(task("a"), task("b"))
    bundle["flows"] = [{"key": "x", "source": "b", "target": "a"}, {"key": "y", "source": "a", "target": "b"}]
    bundle["flows"] += [{"key": "self", "source": "a", "target": "a"}, {"key": "lost", "source": "a", "target": "none"}]
    assert laid_out(bundle)["edges"].keys() == {"x", "y", "self"}
