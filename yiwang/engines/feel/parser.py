"""FEEL tokens to a syntax tree: a precedence-climbing parser that knows which names may hold spaces and signs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal

from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.errors import FeelSyntaxError, error_at
from yiwang.engines.feel.lexer import Token, tokens_of, unexpected
from yiwang.engines.feel.limits import NESTING_LIMIT
from yiwang.engines.feel.names import KnownNames
from yiwang.engines.feel.numbers import number_of

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER = range(1, 7)
_BINDING = {"or": _OR, "and": _AND, "between": _COMPARISON, "in": _COMPARISON} | dict.fromkeys(COMPARISONS, _COMPARISON)
_BINDING |= {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
_CLOSERS = {"]": True, ")": False, "[": False}
"""Right ends of a range, and whether the end belongs to it."""


class Tokens:
    """A place in the token row, with what every rule of the grammar needs to look, take and complain."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.index = 0
        self.depth = 0
        self.names = KnownNames(names)

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def next(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def is_at(self, *texts: str) -> bool:
        token = self.tokens[self.index]
        return token.text in texts and token.kind in ("symbol", "key", "name")

    def take(self, text: str) -> bool:
        if self.is_at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.is_at(text):
            token = self.token
            if token.kind == "end":
                raise error_at(self.text, token.at, f"表达式没有写完，缺少“{text}”。", f"请补上 {text}。")
            error = unexpected(self.text, token)
            raise error_at(self.text, token.at, error.message_zh, f"此处应为“{text}”。")
        return self.next()

    def fail(self) -> FeelSyntaxError:
        return unexpected(self.text, self.token)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """One level deeper; refuses texts nested beyond the limit."""
        self.depth += 1
        if self.depth > NESTING_LIMIT:
            raise error_at(self.text, self.token.at, f"嵌套超过 {NESTING_LIMIT} 层。", "请拆分表达式。")
        yield
        self.depth -= 1


class Parser(Tokens):
    """The grammar of expressions and operators; primaries stand in `primaries.py`, which completes this class."""

    def primary(self) -> s.Node:
        raise NotImplementedError

    def special(self) -> s.Node | None:
        raise NotImplementedError

    def type_name(self) -> s.TypeName:
        raise NotImplementedError

    def postfix(self, node: s.Node) -> s.Node:
        raise NotImplementedError

    def expression(self) -> s.Node:
        """Any expression, the loosest binding included."""
        with self.nested():
            return self.special() or self.operation(_OR)

    def operation(self, level: int) -> s.Node:
        """An operand and every operator after it that binds at least as tightly as `level`."""
        left = self.unary()
        while True:
            token = self.token
            binding = _BINDING.get(token.text, 0) if token.kind in ("symbol", "key") else 0
            if binding == 0 or binding < level:
                return left
            left = self._operator(token, left, binding)

    def _operator(self, token: Token, left: s.Node, binding: int) -> s.Node:
        if token.text == "between":
            return self._between(left)
        self.next()
        if token.text == "in":
            return s.In(token.at, left, self.in_tests())
        right = self.operation(binding + 1)
        if binding >= _SUM:
            return s.Arithmetic(token.at, token.text, left, right)
        if binding == _COMPARISON:
            return s.Compare(token.at, token.text, left, right)
        before = left.operands if isinstance(left, s.Logic) and left.operator == token.text else (left,)
        return s.Logic(token.at, token.text, (*before, right))

    def _between(self, value: s.Node) -> s.Node:
        at = self.next().at
        low = self.additive()
        self.expect("and")
        return s.Between(at, value, low, self.additive())

    def additive(self) -> s.Node:
        """An operand of a comparison."""
        return self.operation(_SUM)

    def unary(self) -> s.Node:
        if not self.is_at("-"):
            return self.instance_of()
        at = self.next().at
        with self.nested():
            operand = self.unary()
        if isinstance(operand, s.Literal) and isinstance(operand.value, Decimal):
            return s.Literal(at, operand.value.copy_negate())
        return s.Negate(at, operand)

    def instance_of(self) -> s.Node:
        value = self.postfix(self.special() or self.primary())
        while self.is_at("instance"):
            at = self.next().at
            self.expect("of")
            value = s.InstanceOf(at, value, self.type_name())
        return value

    def unary_test(self) -> s.Test:
        """One test of a table cell or of `in`: an operator and its operand, or an expression."""
        token = self.token
        if token.kind == "symbol" and token.text in COMPARISONS:
            self.next()
            return s.Test(token.at, token.text, self.additive())
        return s.Test(token.at, "", self.expression())

    def in_tests(self) -> s.Tests:
        """The right side of `in`: one test, or several in brackets."""
        at = self.token.at
        if not self.is_at("("):
            if self.token.kind == "symbol" and self.token.text in COMPARISONS:
                return s.Tests(at, (self.unary_test(),))
            return s.Tests(at, (s.Test(at, "", self.additive()),))
        self.next()
        with self.nested():
            tests = [self.unary_test()]
            if self.take(".."):
                return s.Tests(at, (s.Test(at, "", self.range_end(at, tests[0].operand, False)),))
            while self.take(","):
                tests.append(self.unary_test())
        self.expect(")")
        return s.Tests(at, tuple(tests))

    def range_end(self, at: int, start: s.Node, start_included: bool) -> s.Node:
        """What follows `..` up to the closing bracket of a range."""
        end = self.additive()
        token = self.token
        if token.kind != "symbol" or token.text not in _CLOSERS:
            raise self.fail()
        self.next()
        return s.RangeOf(at, start, end, start_included, _CLOSERS[token.text])

    def number(self, token: Token) -> s.Node:
        return s.Literal(token.at, number_of(token.text))
