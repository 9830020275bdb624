"""What keeps a case from standing in the new version as it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from yiwang.engines.processes import clocks
from yiwang.engines.processes.graph import Graph, GraphNode
from yiwang.engines.processes.lint import stuck
from yiwang.engines.processes.migration.moves import Moves
from yiwang.engines.processes.state import ROOT, CaseState, Token
from yiwang.engines.processes.step.work import place_of

Marking = tuple[tuple[str, str], ...]


class Obstacle(NamedTuple):
    """`where` the place in the case, `why` it cannot move, `now` what to do about it."""

    where: str
    why: str
    now: str


class Inspector:
    """Looks at cases of one old version on their way to one new version; equal places are judged once."""

    def __init__(self, old: Graph, new: Graph, moves: Moves) -> None:
        self.old, self.new, self.moves = old, new, moves
        self._judged: dict[Marking, Obstacle | None] = {}

    def obstacles(self, state: CaseState) -> list[Obstacle]:
        """Everything in the way; empty when the case can move."""
        found = [one for token in state.tokens.values() for one in self._of_token(state, token)]
        found += self._of_clocks(state)
        return found or list(self._of_joins(state))

    def _of_token(self, state: CaseState, token: Token) -> Iterator[Obstacle]:
        node = self.old.nodes[place_of(self.old, token)]
        where = f"环节“{node.title}”（{node.key}）"
        target = self.new.by_key.get(self.moves.nodes.get(node.key, ""))
        if target is None:
            now = f"请在对应表中写明 {node.key} 迁到哪个环节，或先办完这一步。"
            yield Obstacle(where, "新版本没有对应的环节。", now)
        elif (target.kind, bool(target.many)) != (node.kind, bool(node.many)):
            yield Obstacle(where, f"新版本的“{target.key}”是另一种环节。", "请改迁到同一种环节，或先办完这一步。")
        elif self._parent(target) != self._moved_parent(node):
            now = "请改迁到同一层的环节，或先办完子流程。"
            yield Obstacle(where, f"新版本的“{target.key}”不在同一个子流程里。", now)
        elif token.status == "joined":
            yield from self._of_parked(state, token, target, where)

    def _parent(self, node: GraphNode) -> str:
        return self.new.nodes[node.parent].key if node.parent >= 0 else ""

    def _moved_parent(self, node: GraphNode) -> str:
        return self.moves.nodes.get(self.old.nodes[node.parent].key, "?") if node.parent >= 0 else ""

    def _of_parked(self, state: CaseState, token: Token, target: GraphNode, where: str) -> Iterator[Obstacle]:
        key = self.old.flows[token.flow].key
        flow = self.new.flow_by_key.get(self.moves.flows.get(key, ""), -1)
        if flow not in target.incoming:
            now = f"请在对应表的 flows 中写明 {key} 对应哪条连线，或等其他分支到齐。"
            yield Obstacle(where, f"已到达的分支（{key}）在新版本中没有对应的连线。", now)
            return
        parked = [t for t in state.tokens.values() if t.status == "joined" and t.scope == token.scope]
        others = {self.old.flows[other.flow].key for other in parked if other.no < token.no} - {key}
        if self.moves.flows[key] in {self.moves.flows.get(other) for other in others}:
            yield Obstacle(where, "两个已到达的分支对应到新版本的同一条连线。", "请在对应表中分别对应。")

    def _of_clocks(self, state: CaseState) -> Iterator[Obstacle]:
        """An extension was granted in the old unit; there is no honest way to turn it into another."""
        for clock in state.clocks.values():
            if not any(operation == clocks.EXTEND for operation, _, _ in clock.ledger):
                continue
            node = self.new.by_key.get(self.moves.nodes.get(self.old.nodes[clock.node].key, ""))
            limit = self.new.within if clock.kind == "case" else node.within if node else None
            if limit is not None and limit.unit != clock.unit:
                place = "整个事项" if clock.kind == "case" else f"环节“{self.old.nodes[clock.node].title}”"
                now = "请先办完这一步，或在新版本中保持原来的单位。"
                yield Obstacle(place, "已经批准过延期，而新版本的时限换了计时单位。", now)

    def _of_joins(self, state: CaseState) -> Iterator[Obstacle]:
        """Whether from these places a join of the new version would wait for ever; found by playing on from them."""
        for scope in (ROOT, *state.scopes):
            if scope != ROOT and self.old.nodes[state.scopes[scope].node].kind != "sub_process":
                continue
            marking = self._marking(state, scope)
            if marking not in self._judged:
                finding = stuck(self.new.bundle, marking)
                self._judged[marking] = finding and Obstacle(
                    finding.where, f"迁移后{finding.what}", "请先办完并行的分支，或调整新版本。"
                )
            judged = self._judged[marking]
            if judged is not None:
                yield judged

    def _marking(self, state: CaseState, scope: int) -> Marking:
        standing = []
        for token in state.tokens.values():
            if token.scope == scope and token.status != "signing":
                flow = self.moves.flows[self.old.flows[token.flow].key] if token.status == "joined" else ""
                standing.append((self.moves.nodes[self.old.nodes[place_of(self.old, token)].key], flow))
        return tuple(sorted(standing))
