"""An input column indexed: from a value to the set of rules it passes, as one lookup instead of one test a rule.

A rule set is an integer with bit n for rule n. Cells that are constants (texts, truth values, numbers, comparisons with
and ranges of numbers) are worked out when the table is compiled; every other cell is tested when it is met. For a value
of an unforeseen kind every cell is tested, so the answer is always that of the plain tests.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from typing import Any

from yiwang.engines.rules.feel.api import UnaryTests
from yiwang.engines.rules.feel.api import syntax as s

Scope = dict[str, Any]
Cell = Callable[[Any, Scope], bool | None]
_EXACT = Context(prec=12_400)
"""Wide enough for the middle between any two 34-digit numbers."""
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


def _bits(numbers: Iterable[int]) -> int:
    return sum(1 << number for number in set(numbers))


class Column:
    """One input column of a compiled table."""

    __slots__ = ("_cells", "_every", "_open", "_spans", "_steps", "_words")

    def __init__(self, tests: list[UnaryTests]) -> None:
        self._cells: list[tuple[int, Cell]] = [
            (1 << number, test.code) for number, test in enumerate(tests) if not _is_any(test.tree)
        ]
        trees = [test.tree for test in tests]
        free = _bits(number for number, tree in enumerate(trees) if _is_any(tree))
        words = [number for number, tree in enumerate(trees) if not _is_any(tree) and _is_word_cell(tree)]
        figures = [number for number, tree in enumerate(trees) if not _is_any(tree) and _is_number_cell(tree)]
        known = set(words) | set(figures)
        self._open = [(bit, cell) for bit, cell in self._cells if bit.bit_length() - 1 not in known]
        self._every = free
        self._words = self._index_words(tests, words)
        self._steps = sorted({number for figure in figures for number in _numbers_in(trees[figure])})
        self._spans = self._index_spans(tests, figures)

    def _index_words(self, tests: list[UnaryTests], rules: list[int]) -> dict[Any, int]:
        values = {operand.value for rule in rules for test in tests[rule].tree.tests if (operand := test.operand)}  # type: ignore[attr-defined]
        return {value: self._every | _bits(rule for rule in rules if tests[rule].code(value, {})) for value in values}

    def _index_spans(self, tests: list[UnaryTests], rules: list[int]) -> list[int]:
        """Rule sets of the gaps and points between all numbers of the column: below, on, above the first, and so on."""
        spans = []
        for value in _probes(self._steps):
            spans.append(self._every | _bits(rule for rule in rules if tests[rule].code(value, {})))
        return spans

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


def _probes(steps: list[Decimal]) -> Iterable[Decimal]:
    """A value below, on and above each step, in rising order."""
    if not steps:
        yield Decimal(0)
        return
    yield _EXACT.subtract(steps[0], 1)
    for lower, upper in zip(steps, [*steps[1:], None], strict=True):
        yield lower
        yield _EXACT.add(lower, 1) if upper is None else _EXACT.divide(_EXACT.add(lower, upper), 2)
