"""Boxed expressions of DMN to closures over a scope."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from yiwang.engines.feel.api import (
    ANY,
    Code,
    FeelSyntaxError,
    FeelType,
    Function,
    Scope,
    coerce,
    compile_expression,
    current,
    filtered,
    items_of,
    null,
    ordered,
    quantified,
    tick,
    user_function,
    walk,
)
from yiwang.engines.rules.dmn.document import DmnError, Element, child, children, local, name_of, text_in, type_in
from yiwang.engines.rules.dmn.table import read_table
from yiwang.engines.rules.dmn.table_run import CompiledTable


class BoxedCompiler:
    """Compiles the expressions of one element of a model; raises DmnError naming the place."""

    def __init__(self, where: str, names: Collection[str], type_named: Callable[[str], FeelType]) -> None:
        self._where, self._names, self._type_named = where, names, type_named
        self._rules: dict[str, Callable[[Element], Code]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
        }

    def within(self, element: Element | None) -> Code | None:
        """The expression that is a child of an element, if there is one."""
        if element is None:
            return None
        found = next((part for part in element if local(part) in self._rules), None)
        return None if found is None else self.compile(found)

    def needed(self, element: Element, name: str) -> Code:
        """The expression inside a named child; raises DmnError when it is missing."""
        code = self.within(child(element, name))
        if code is None:
            raise DmnError(f"{self._where}：{local(element)} 缺少 {name}。", line=element.sourceline or 0)
        return code

    def compile(self, element: Element) -> Code:
        code, wanted = self._rules[local(element)](element), self._type_named(type_in(element))
        if wanted is ANY or local(element) == "functionDefinition":
            return code
        if element.get("hitPolicy") in ("RULE ORDER", "OUTPUT ORDER", "COLLECT") and wanted.name != "list":
            return code
        where = self._where
        return lambda scope: coerce(code(scope), wanted, where)

    def _text(self, text: str, line: int) -> Code:
        try:
            return compile_expression(text or "null", names=self._names).code
        except FeelSyntaxError as error:
            raise DmnError(f"{self._where}，表达式{error}", line=line) from error

    def _literal(self, element: Element) -> Code:
        return self._text(text_in(element), element.sourceline or 0)

    def _table(self, element: Element) -> Code:
        table = CompiledTable(read_table(element), where=self._where, names=self._names, type_named=self._type_named)
        return lambda scope: table.run(scope, current.run.traces)

    def _context(self, element: Element) -> Code:
        entries: list[tuple[str, FeelType, Code]] = []
        for item in children(element, "contextEntry"):
            variable = child(item, "variable")
            name = "" if variable is None else name_of(variable)
            entries.append((name, self._type_named(type_in(variable)), self.within(item) or (lambda scope: None)))

        def make(scope: Scope) -> Any:
            inner, made = dict(scope), {}
            for name, wanted, code in entries:
                value = coerce(code(inner), wanted, name)
                if not name:
                    return value
                made[name] = inner[name] = value
            return made

        return make

    def _invocation(self, element: Element) -> Code:
        function = self.within(element) or (lambda scope: None)
        bindings = [
            (name_of(parameter), self.within(item) or (lambda scope: None))
            for item in children(element, "binding")
            if (parameter := child(item, "parameter")) is not None
        ]
        names = tuple(name for name, _ in bindings)

        def call(scope: Scope) -> Any:
            target = function(scope)
            if type(target) is not Function:
                return null("被调用的不是函数")
            values = ordered(target, names, [code(scope) for _, code in bindings])
            return null(f"函数 {target.name} 没有参数 {'、'.join(names)}") if values is None else target.call(values)

        return call

    def _list(self, element: Element) -> Code:
        items = [self.compile(item) for item in element if local(item) in self._rules]
        return lambda scope: [item(scope) for item in items]

    def _relation(self, element: Element) -> Code:
        names = [name_of(column) for column in children(element, "column")]
        rows = [[self.compile(cell) for cell in row if local(cell) in self._rules] for row in children(element, "row")]
        return lambda scope: [{name: cell(scope) for name, cell in zip(names, row, strict=False)} for row in rows]

    def function(self, element: Element) -> Code:
        """A `functionDefinition` or `encapsulatedLogic` as a function value."""
        parameters = list(children(element, "formalParameter"))
        names = tuple(name_of(parameter) for parameter in parameters)
        types = tuple(self._type_named(type_in(parameter)) for parameter in parameters)
        if element.get("kind", "FEEL") != "FEEL":
            return lambda scope: null("不支持外部函数")
        body = self.within(element) or (lambda scope: None)
        return lambda scope: user_function(self._where, names, types, body, scope)

    def _conditional(self, element: Element) -> Code:
        condition, then = self.needed(element, "if"), self.needed(element, "then")
        otherwise = self.needed(element, "else")

        def run(scope: Scope) -> Any:
            verdict = condition(scope)
            if verdict is not None and not isinstance(verdict, bool):
                return null("条件的值不是真假值")
            return then(scope) if verdict else otherwise(scope)

        return run

    def _filter(self, element: Element) -> Code:
        source, match = self.needed(element, "in"), self.needed(element, "match")

        def run(scope: Scope) -> Any:
            value = source(scope)
            return filtered(value if type(value) is list else [] if value is None else [value], scope, match)

        return run

    def _for(self, element: Element) -> Code:
        name = element.get("iteratorVariable", "item")
        source, result = self.needed(element, "in"), self.needed(element, "return")

        def run(scope: Scope) -> Any:
            made: list[Any] = []

            def visit(inner: Scope) -> bool:
                tick(len(made) // 64)
                made.append(result({**inner, "partial": list(made)}))
                return True

            ended = walk([(name, lambda outer: items_of(source(outer)))], scope, visit)
            return None if ended is None else made

        return run

    def _quantified(self, element: Element) -> Code:
        name = element.get("iteratorVariable", "item")
        source, condition = self.needed(element, "in"), self.needed(element, "satisfies")
        domains = [(name, lambda scope: items_of(source(scope)))]
        return quantified(domains, condition, local(element) == "some")
