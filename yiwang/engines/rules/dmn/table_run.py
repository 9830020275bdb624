"""Compiled decision tables: hit policies, allowed values, defaults, and the trace of what matched."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yiwang.engines.feel.api import (
    ANY,
    CONTEXT,
    FeelSyntaxError,
    FeelType,
    coerce,
    compile_expression,
    compile_unary_tests,
    equal,
    null,
)
from yiwang.engines.feel.api import syntax as s
from yiwang.engines.rules.dmn.column_index import Column
from yiwang.engines.rules.dmn.document import DmnError
from yiwang.engines.rules.dmn.table import Clause, Row, Table

Scope = dict[str, Any]
TypeNamed = Callable[[str], FeelType]


@dataclass(frozen=True, slots=True)
class TableTrace:
    """What a table did: its input values by expression, and the rules that matched, numbered from 1."""

    table: str
    inputs: tuple[tuple[str, Any], ...]
    rules: tuple[tuple[int, Row], ...]


def no_types(name: str) -> FeelType:
    return ANY


class CompiledTable:
    """A table ready to run; raises DmnError for a cell that cannot be read, naming it."""

    def __init__(
        self, table: Table, *, where: str, names: Collection[str] = (), type_named: TypeNamed = no_types
    ) -> None:
        self.table, self.where = table, where
        self._names = names
        self._inputs = [
            (
                clause.text,
                self._compile(compile_expression, clause.text, f"输入“{clause.text}”").code,
                type_named(clause.type),
                self._allowed(clause),
            )
            for clause in table.inputs
        ]
        self._columns = [
            Column([self._test(row, index, number) for number, row in enumerate(table.rows, 1)])
            for index in range(len(table.inputs))
        ]
        self._outputs = [
            [self._output(text, number) for text in row.outputs] for number, row in enumerate(table.rows, 1)
        ]
        self._output_types = [type_named(clause.type) for clause in table.outputs]
        self._defaults = [self._output(clause.default, 0) if clause.default else None for clause in table.outputs]
        self._priorities = [self._priority(clause) for clause in table.outputs]
        self._every = (1 << len(table.rows)) - 1

    def _compile(self, compiler: Callable[..., Any], text: str, place: str) -> Any:
        try:
            return compiler(text, names=self._names)
        except FeelSyntaxError as error:
            raise DmnError(f"{self.where}，{place}，{error}") from error

    def _test(self, row: Row, index: int, number: int) -> Any:
        return self._compile(compile_unary_tests, row.tests[index], f"第 {number} 条规则第 {index + 1} 个条件")

    def _output(self, text: str, number: int) -> Any:
        place = f"第 {number} 条规则的输出" if number else "缺省输出"
        return self._compile(compile_expression, text or "null", place).code

    def _allowed(self, clause: Clause) -> Any:
        return self._compile(compile_unary_tests, clause.allowed, "允许值").code if clause.allowed else None

    def _priority(self, clause: Clause) -> list[Callable[[Scope], Any]]:
        if not clause.allowed:
            return []
        tree = self._compile(compile_unary_tests, clause.allowed, "允许值").tree
        return [_constant(test) for test in tree.tests]

    def run(self, scope: Scope, traces: list[Any] | None = None) -> Any:
        """The table's result over a scope of FEEL values; its trace is appended to `traces`."""
        hits, taken = self._every, []
        is_sound = True
        for (text, code, wanted, allowed), column in zip(self._inputs, self._columns, strict=True):
            value = code(scope)
            if wanted is not ANY:
                value = coerce(value, wanted, f"输入 {text}")
            if allowed is not None and value is not None and allowed(value, scope) is False:
                null(f"{self.where}：输入 {text} 的值不在允许值之内")
                is_sound = False
            taken.append((text, value))
            hits = column.rules(value, scope, hits)
        numbers = _numbers_of(hits) if is_sound else []
        if self.table.hit_policy == "F":
            numbers = numbers[:1]
        if traces is not None:
            rows = self.table.rows
            traces.append(
                TableTrace(
                    self.where.strip("“”"), tuple(taken), tuple((number + 1, rows[number]) for number in numbers)
                )
            )
        return self._settle(numbers, scope) if is_sound else None

    def _settle(self, numbers: list[int], scope: Scope) -> Any:
        policy = self.table.hit_policy
        if not numbers:
            return self._default(scope, policy)
        if policy == "U" and len(numbers) > 1:
            rules = "、".join(str(number + 1) for number in numbers)
            return null(f"{self.where}：命中策略为唯一，但规则 {rules} 同时满足")
        results = [self._one(number, scope) for number in numbers]
        if policy == "A" and any(equal(result, results[0]) is not True for result in results):
            return null(f"{self.where}：命中策略为任意，但满足的规则结果不同")
        if policy in ("P", "O"):
            results.sort(key=lambda result: self._rank(result, scope))
        if policy in ("U", "A", "P", "F"):
            return results[0]
        return _aggregated(results, policy[1:], self.where)

    def _default(self, scope: Scope, policy: str) -> Any:
        if any(self._defaults):
            return self._shaped([code(scope) if code else None for code in self._defaults])
        if policy in ("C#",):
            return Decimal(0)
        return [] if policy in ("R", "O", "C") else null(f"{self.where}：没有规则满足")

    def _one(self, number: int, scope: Scope) -> Any:
        return self._shaped([code(scope) for code in self._outputs[number]])

    def _shaped(self, values: list[Any]) -> Any:
        """One output as its value, several as a context by name."""
        typed = [
            value if wanted is ANY else coerce(value, wanted, f"{self.where}的输出")
            for value, wanted in zip(values, self._output_types, strict=True)
        ]
        if len(typed) == 1:
            return typed[0]
        return {clause.text: value for clause, value in zip(self.table.outputs, typed, strict=True)}

    def _rank(self, result: Any, scope: Scope) -> tuple[int, ...]:
        values = list(result.values()) if len(self.table.outputs) > 1 else [result]
        ranks = []
        for value, order in zip(values, self._priorities, strict=True):
            if order:
                places = (place for place, code in enumerate(order) if equal(code(scope), value) is True)
                ranks.append(next(places, len(order)))
        return tuple(ranks)


def _constant(test: s.Test) -> Callable[[Scope], Any]:
    from yiwang.engines.feel.api import compile_node

    return compile_node(test.operand)


def _numbers_of(hits: int) -> list[int]:
    numbers = []
    while hits:
        bit = hits & -hits
        numbers.append(bit.bit_length() - 1)
        hits ^= bit
    return numbers


def _aggregated(results: list[Any], sign: str, where: str) -> Any:
    if sign == "":
        return results
    if sign == "#":
        return Decimal(len(results))
    if not all(type(result) is Decimal for result in results):
        return null(f"{where}：汇总的输出不全是数字")
    if sign == "+":
        total = results[0]
        for result in results[1:]:
            total = CONTEXT.add(total, result)
        return total
    return min(results) if sign == "<" else max(results)
