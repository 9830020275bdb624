"""Speed of the rules engine, with zen-engine beside it in the same run: CPU time of this process, best round."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import zen

from yiwang.engines.rules.api import compile_expression
from yiwang.engines.rules.spec import DecisionTable, Input, Output, Rule

Figure = tuple[str, float, str, str, float]
KINDS = [f"类别{number}" for number in range(10)]
ROUNDS, SECONDS = 5, 0.08


def _microseconds(work: Callable[[], Any]) -> float:
    """CPU time of one call: the best of several rounds of at least `SECONDS`."""
    count, best = 64, float("inf")
    for _ in range(ROUNDS):
        while True:
            start = time.process_time()
            for _ in range(count):
                work()
            spent = time.process_time() - start
            if spent >= SECONDS:
                break
            count *= 2
        best = min(best, spent / count)
    return best * 1e6


def _rows() -> list[tuple[str, int, bool]]:
    """50 rules: a kind, an amount from a hundred to the next, and for every other one a flag."""
    return [(KINDS[number % 10], number // 10 * 100, number % 2 == 1) for number in range(50)]


def _ours(policy: str) -> DecisionTable:
    rules = tuple(
        Rule(f'"{kind}"', f"[{low}..{low + 100})", "true" if flag else "-", gives=str(number))
        for number, (kind, low, flag) in enumerate(_rows())
    )
    inputs = (Input("kind", type="string"), Input("amount", type="number"), Input("flag", type="boolean"))
    return DecisionTable(
        key="speed", title="测速", hit_policy=policy, inputs=inputs, outputs=(Output("result"),), rules=rules
    )


def _theirs(policy: str) -> Any:
    fields = [
        {"id": name, "name": name, "type": "expression", "field": name} for name in ("kind", "amount", "flag", "result")
    ]
    rules = [
        {"_id": str(number), "kind": f'"{kind}"', "amount": f"[{low}..{low + 100})", "flag": "true" if flag else "",
         "result": str(number)}
        for number, (kind, low, flag) in enumerate(_rows())
    ]  # fmt: skip
    table = {"hitPolicy": policy, "inputs": fields[:3], "outputs": fields[3:], "rules": rules}
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": place, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
        for start, end in (("in", "table"), ("table", "out"))
    ]
    content = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    return zen.ZenEngine().create_decision(json.dumps(content))


def _table_figure(name: str, policy: str, their_policy: str) -> Figure:
    data = {"kind": KINDS[3], "amount": 450, "flag": True}
    ours, theirs = _ours(policy), _theirs(their_policy)
    expected = theirs.evaluate(data)["result"]
    results = [row["result"] for row in expected] if isinstance(expected, list) else expected["result"]
    if ours.evaluate(data).value != results:
        raise AssertionError(f"{name}: {ours.evaluate(data).value} here, {results} there")
    mine, other = _microseconds(lambda: ours.evaluate(data)), _microseconds(lambda: theirs.evaluate(data))
    return (name, mine, "µs", "zen-engine", other)


def _expression_figure(name: str, text: str, their_text: str, data: dict[str, Any]) -> Figure:
    ours, theirs = compile_expression(text), zen.compile_expression(their_text)
    if ours.value(data) != theirs.evaluate(data):
        raise AssertionError(f"{name}: {ours.value(data)} here, {theirs.evaluate(data)} there")
    mine, other = _microseconds(lambda: ours.evaluate(data)), _microseconds(lambda: theirs.evaluate(data))
    return (name, mine, "µs", "zen-engine", other)


def measure() -> list[Figure]:
    """(what, value, unit, name of the baseline, its value) for each figure; a few seconds."""
    data = {"amount": 1200, "kind": KINDS[3], "limit": 1000}
    both = (f'amount > limit and kind = "{KINDS[3]}"', f'amount > limit and kind == "{KINDS[3]}"')
    return [
        _table_figure("rules: table of 50 rules, first match, with trace", "F", "first"),
        _table_figure("rules: table of 50 rules, collect, with trace", "C", "collect"),
        _expression_figure("rules: expression of two comparisons", *both, data),
    ]


if __name__ == "__main__":
    for name, value, unit, other_name, other in measure():
        print(f"{name:55} {value:8.1f} {unit}   {other_name} {other:8.1f} {unit}   {other / value:.2f} x")
