"""An input column indexed: from a value to the set of rules it passes, as one lookup instead of one test a rule.

A rule set is an integer with bit n for rule n. Cells that are constants (texts, truth values, numbers, comparisons with
and ranges of numbers) are worked out when the table is compiled; every other cell is tested when it is met. For a value
of an unforeseen kind every cell is tested, so the answer is always that of the plain tests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from yiwang.engines.feel.api import UnaryTests
from yiwang.engines.feel.api import syntax as s

Scope = dict[str, Any]
Cell = Callable[[Any, Scope], bool | None]
_NUMBER_TESTS = ("", "=", "<", "<=", ">", ">=")


def _is_constant(node: s.Node | None, kinds: tuple[type, ...]) -> bool:
    return node is None or (isinstance(node, s.Literal) and type(node.value) in kinds)


def _is_any(tree: s.Tests) -> bool:
    return tree.tests[0].operator == "-"


def _is_word_cell(tree: s.Tests) -> bool:
    """Texts or truth values, joined by commas."""
    if tree.negated:
        return False
    return all(test.operator in ("", "=") and _is_constant(test.operand, (str, bool)) for test in tree.tests)


def _is_number_cell(tree: s.Tests) -> bool:
    """Numbers, comparisons with numbers, ranges of numbers, joined by commas."""

    def fits(test: s.Test) -> bool:
        operand = test.operand
        if isinstance(operand, s.RangeOf) and test.operator == "":
            return _is_constant(operand.start, (Decimal,)) and _is_constant(operand.end, (Decimal,))
        return test.operator in _NUMBER_TESTS and _is_constant(operand, (Decimal,))

    return all(fits(test) for test in tree.tests)


def _numbers_in(tree: s.Tests) -> Iterable[Decimal]:
    for test in tree.tests:
        ends = (test.operand.start, test.operand.end) if isinstance(test.operand, s.RangeOf) else (test.operand,)
        yield from (end.value for end in ends if isinstance(end, s.Literal))


class Column:
    """One input column of a compiled table."""

    __slots__ = ("_cells", "_every", "_open", "_spans", "_steps", "_words")

    def __init__(self, tests: list[UnaryTests]) -> None:
        cells = [(1 << number, test.code, test.tree) for number, test in enumerate(tests)]
        bound = [(bit, code, tree) for bit, code, tree in cells if not _is_any(tree)]
        words = [(bit, tree) for bit, _, tree in bound if _is_word_cell(tree)]
        figures = [(bit, tree) for bit, _, tree in bound if _is_number_cell(tree)]
        known = {bit for bit, _ in (*words, *figures)}
        self._cells: list[tuple[int, Cell]] = [(bit, code) for bit, code, _ in bound]
        self._open = [(bit, code) for bit, code, _ in bound if bit not in known]
        self._every = sum(bit for bit, _, tree in cells if _is_any(tree))
        self._words = self._index_words(words)
        self._steps = sorted({number for _, tree in figures for number in _numbers_in(tree)})
        self._spans = self._index_spans(figures)

    def _index_words(self, cells: list[tuple[int, s.Tests]]) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for bit, tree in cells:
            for test in tree.tests:
                value = test.operand.value if isinstance(test.operand, s.Literal) else None
                found[value] = found.get(value, self._every) | bit
        return found

    def _index_spans(self, cells: list[tuple[int, s.Tests]]) -> list[int]:
        """Rule sets of the gaps and points between all numbers of the column: below, on, above the first, and so on."""
        last = 2 * len(self._steps)
        turns = [0] * (last + 2)
        for bit, tree in cells:
            for start, end in _merged(self._stretch(test, last) for test in tree.tests):
                turns[start] ^= bit
                turns[end + 1] ^= bit
            turns[0] ^= bit if tree.negated else 0
        spans, held = [], self._every
        for turn in turns[:-1]:
            held ^= turn
            spans.append(held)
        return spans

    def _stretch(self, test: s.Test, last: int) -> tuple[int, int]:
        """The first and last span that a test of numbers admits."""
        operand, sign = test.operand, test.operator
        if isinstance(operand, s.RangeOf):
            low = self._place(operand.start) + (not operand.start_included) if operand.start else 0
            high = self._place(operand.end) - (not operand.end_included) if operand.end else last
            return low, high
        place = self._place(operand)
        low = {">": place + 1, "<": 0, "<=": 0}.get(sign, place)
        return low, {"<": place - 1, ">": last, ">=": last}.get(sign, place)

    def _place(self, node: s.Node) -> int:
        """The span that is a step itself."""
        value: Any = node.value if isinstance(node, s.Literal) else None
        return 2 * bisect_left(self._steps, value) + 1

    def rules(self, value: Any, scope: Scope, within: int) -> int:
        """Those of the rules `within` whose cell the value passes."""
        kind = type(value)
        if kind is str or kind is bool:
            found, cells = self._words.get(value, self._every), self._open
        elif kind is Decimal:
            place = bisect_left(self._steps, value)
            on_step = place < len(self._steps) and self._steps[place] == value
            found, cells = self._spans[2 * place + on_step], self._open
        else:
            found, cells = self._every, self._cells
        for bit, cell in cells:
            if within & bit and cell(value, scope) is True:
                found |= bit
        return found & within


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches without overlaps and without empty ones."""
    made: list[tuple[int, int]] = []
    for start, end in sorted(stretch for stretch in stretches if stretch[0] <= stretch[1]):
        if made and start <= made[-1][1] + 1:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made
