"""Lint by playing the process through: circles nobody breaks, joins that wait for ever, ways that pile tokens up.

Each scope is played with every choice open, but only one token is moved at a time: the choices of one token do not
depend on where the others stand, so the order in which tokens move makes no difference to where they can get stuck.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from yiwang.engines.processes.lint.plan import Plan, Row
from yiwang.engines.processes.lint.structure import closure

Marking = tuple[tuple[str, str], ...]
"""Tokens as sorted (node, flow it came by); the flow counts at joins only."""
MOST_MARKINGS = 20_000
MOST_TOKENS = 200


def check_running(plan: Plan) -> None:
    """Play every scope."""
    _circles(plan)
    for _, inside in plan.scopes():
        start = next(node["key"] for node in inside if node["kind"] == "start")
        _Game(plan).play(((start, ""),))


def play_from(plan: Plan, marking: Marking) -> None:
    """Play one scope on from where its tokens stand."""
    _Game(plan).play(tuple(sorted(marking)))


def _circles(plan: Plan) -> None:
    left = {key for key, node in plan.nodes.items() if not plan.waits(node)}
    while True:
        free = {key for key in left if not any(flow["target"] in left for flow in plan.outgoing[key])}
        if not free:
            break
        left -= free
    for key in sorted(left):
        if any(key in _ahead(plan, flow["target"], left) for flow in plan.outgoing[key]):
            plan.error(plan.nodes[key], "处在没有人工环节或等待的循环中。", "请在循环里放一个任务或等待事件。")
            return


def _ahead(plan: Plan, start: str, left: set[str]) -> set[str]:
    seen: set[str] = set()
    front = [start]
    while front:
        key = front.pop()
        if key in left and key not in seen:
            seen.add(key)
            front += [flow["target"] for flow in plan.outgoing[key]]
    return seen


class _Game:
    """The token game of one scope; sub-processes are one step in it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.told: set[str] = set()
        self.ahead = {key: len(closure(key, plan.followers)) for key in plan.nodes}

    def play(self, start: Marking) -> None:
        seen, front = {start}, [start]
        while front and len(seen) < MOST_MARKINGS:
            marking = front.pop()
            if len(marking) > MOST_TOKENS:
                self._tell(marking[-1][0], "分支会越积越多。", "请检查循环与并行网关：循环不要从并行块里直接跳出。")
                return
            for following in self._next(marking):
                if following not in seen:
                    seen.add(following)
                    front.append(following)

    def _next(self, marking: Marking) -> Iterator[Marking]:
        """Move the token that has the least ahead of it: a side branch is over before the loop it left goes round."""
        moving = [token for token in marking if not self._is_join(token[0])]
        if not moving:
            yield from self._fire(marking)
            return
        token = min(moving, key=lambda one: (self.ahead[one[0]], one))
        rest = list(marking)
        rest.remove(token)
        yield from (self._after(rest, ways) for ways in self._choices(self.plan.nodes[token[0]]))

    def _fire(self, marking: Marking) -> Iterator[Marking]:
        """Everything stands at joins: fire a full parallel one, else an inclusive one, else something is stuck."""
        standing = sorted({node for node, _ in marking})
        for key in standing:
            needed = {flow["key"] for flow in self.plan.incoming[key]}
            if self.plan.nodes[key]["kind"] == "parallel" and needed <= {flow for node, flow in marking if node == key}:
                rest = Counter(marking) - Counter((key, flow) for flow in needed)
                yield from (self._after(list(rest.elements()), ways) for ways in self._choices(self.plan.nodes[key]))
                return
        for key in standing:
            if self.plan.nodes[key]["kind"] == "inclusive":
                left = [token for token in marking if token[0] != key]
                yield from (self._after(left, ways) for ways in self._choices(self.plan.nodes[key]))
                return
        for key in standing:
            missing = {f["key"]: f["source"] for f in self.plan.incoming[key]}
            come = {flow for node, flow in marking if node == key}
            names = "、".join(source for flow, source in missing.items() if flow not in come)
            what = f"汇合会一直等待来自 {names} 的分支，而它可能永远不来。"
            self._tell(key, what, "请让分开与汇合的网关成对，种类相同。")

    def _is_join(self, key: str) -> bool:
        return self.plan.nodes[key]["kind"] in ("parallel", "inclusive") and len(self.plan.incoming[key]) > 1

    def _after(self, rest: list[tuple[str, str]], ways: tuple[Row, ...] | None) -> Marking:
        """`ways` None: the scope is over at once."""
        if ways is None:
            return ()
        come = ((way["target"], way["key"] if self._is_join(way["target"]) else "") for way in ways)
        return tuple(sorted([*rest, *come]))

    def _choices(self, node: Row) -> Iterator[tuple[Row, ...] | None]:
        """Each set of flows a token may take out of a node, by itself or by an event on its edge."""
        flows = tuple(self.plan.outgoing[node["key"]])
        if node["kind"] == "end" and (node.get("terminate") or node.get("throws") == "error"):
            yield None
        elif node["kind"] in ("exclusive", "event_gateway"):
            yield from ((flow,) for flow in flows)
        elif node["kind"] == "inclusive" or any("when" in flow for flow in flows):
            yield from _subsets(flows)
        else:
            yield flows
        for key in self.plan.edges[node["key"]]:
            ways = tuple(self.plan.outgoing[key])
            yield ways if self.plan.nodes[key].get("interrupting", True) else (*flows, *ways)

    def _tell(self, key: str, what: str, now: str) -> None:
        if key not in self.told:
            self.told.add(key)
            self.plan.error(self.plan.nodes[key], what, now)


def _subsets(flows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Ways an inclusive choice may go: all of them for few flows, else each alone and all together."""
    sizes = range(1, len(flows) + 1) if len(flows) <= 5 else (1, len(flows))
    for size in sizes:
        yield from combinations(flows, size)
