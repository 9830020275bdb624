"""The parts of FEEL's grammar that begin an expression: literals, brackets, branches, loops, functions, types."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.errors import error_at
from yiwang.engines.feel.parser import COMPARISONS, Parser
from yiwang.engines.feel.temporal_text import parse_at_literal

_CONTINUING = ("and", "or", "then", "else", "return", "satisfies", "in", "between", "instance")
_WORD_VALUES = {"true": True, "false": False, "null": None}


class FeelParser(Parser):
    """The whole grammar."""

    def special(self) -> s.Node | None:
        """An expression that begins with a keyword, if one does."""
        token = self.token
        if token.kind != "key" or self.names.match(self.text, self.tokens, self.index):
            return None
        rules = {"if": self._if, "for": self._for, "some": self._quantified, "every": self._quantified}
        rule = (rules | {"function": self._function}).get(token.text)
        return rule() if rule else None

    def primary(self) -> s.Node:
        token = self.token
        if token.kind in ("name", "key", "other"):
            return self._name_or_word()
        if token.kind == "number":
            self.next()
            return self.number(token)
        if token.kind == "string":
            self.next()
            return s.Literal(token.at, token.value)
        if token.kind == "at":
            return self._at_literal()
        rule = {"(": self._bracket, "[": self._square, "]": self._square, "{": self._context}.get(token.text)
        if rule is None:
            raise self.fail()
        return rule()

    def postfix(self, node: s.Node) -> s.Node:
        """Paths, filters and calls that follow a primary."""
        while self.token.kind == "symbol":
            token = self.token
            if token.text == ".":
                self.next()
                node = s.Path(token.at, node, self.name())
            elif token.text == "[":
                if not self._is_filter_here():
                    return node
                self.next()
                node = s.Filter(token.at, node, self.expression())
                self.expect("]")
            elif token.text == "(":
                node = self._call(node)
            else:
                return node
        return node

    def _is_filter_here(self) -> bool:
        """`[` after an operand may instead close an open-ended range, as in `]1..5[`."""
        following = self.peek()
        if following.kind == "symbol":
            return following.text in ("(", "[", "]", "{", "-")
        return following.kind != "end" and following.text not in _CONTINUING

    def _name_or_word(self) -> s.Node:
        token = self.token
        known = self.names.match(self.text, self.tokens, self.index)
        if known is None and token.kind == "key" and token.text in _WORD_VALUES:
            self.next()
            return s.Literal(token.at, _WORD_VALUES[token.text])
        return s.Name(token.at, self.name())

    def name(self) -> str:
        """The longest known name here, else words up to the next sign or keyword."""
        known = self.names.match(self.text, self.tokens, self.index)
        if known is not None:
            self.index += known[1]
            return known[0]
        words: list[str] = []
        while self.token.kind == "name":
            if words and self.names.match(self.text, self.tokens, self.index):
                break
            words.append(self.next().text)
        if not words:
            raise self.fail()
        return " ".join(words)

    def _at_literal(self) -> s.Node:
        token = self.next()
        value = parse_at_literal(token.value)
        if value is None:
            hint = '应为 @"2026-01-31"、@"08:30:00"、@"2026-01-31T08:30:00" 或 @"P3D" 这样的写法。'
            raise error_at(self.text, token.at, f"“{token.value[:40]}”不是日期、时间或时长。", hint)
        return s.Literal(token.at, value)

    def _bracket(self) -> s.Node:
        """`( … )`: an expression, a range with its start left out, or a range such as `(<10)`."""
        at = self.next().at
        if self.token.kind == "symbol" and self.token.text in COMPARISONS:
            test = self.unary_test()
            self.expect(")")
            return _open_range(at, test)
        inner = self.expression()
        if self.take(".."):
            return self.range_end(at, inner, False)
        self.expect(")")
        return inner

    def _square(self) -> s.Node:
        """`[ … ]`: a list or a range; `]` begins a range without its start."""
        opening = self.next()
        if opening.text == "[" and self.take("]"):
            return s.ListOf(opening.at, ())
        items = [self._item()]
        if self.take(".."):
            return self.range_end(opening.at, items[0], opening.text == "[")
        if opening.text == "]":
            raise self.fail()
        while self.take(","):
            items.append(self._item())
        self.expect("]")
        return s.ListOf(opening.at, tuple(items))

    def _item(self) -> s.Node:
        """A list item; `<5` stands for the range below 5."""
        token = self.token
        if token.kind == "symbol" and token.text in COMPARISONS:
            return _open_range(token.at, self.unary_test())
        return self.expression()

    def _context(self) -> s.Node:
        at = self.next().at
        entries: list[tuple[str, s.Node]] = []
        while not self.is_at("}"):
            key_at = self.token.at
            key = self._key()
            if key in (name for name, _ in entries):
                raise error_at(self.text, key_at, f"“{key}”在上下文中出现了两次。", "请改名或删去一处。")
            self.expect(":")
            entries.append((key, self.expression()))
            self.names.add(key)
            if not self.take(","):
                break
        self.expect("}")
        return s.ContextOf(at, tuple(entries))

    def _key(self) -> str:
        """A context key: a string, or everything up to the colon."""
        if self.token.kind == "string":
            return self.next().value
        return self._words_until(":")

    def _words_until(self, *stops: str) -> str:
        """The text up to one of the signs or words, as a name."""
        first = self.token
        last = first
        while self.token.kind != "end" and not self.is_at(*stops):
            if self.token.text in ("{", "}", '"', "[", "]"):
                raise self.fail()
            last = self.next()
        if first is self.token or first.kind in ("number", "symbol"):
            raise self.fail()
        return " ".join(self.text[first.at : last.end].split())

    def _if(self) -> s.Node:
        at = self.next().at
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return s.If(at, condition, then, self.expression())

    def _iterations(self) -> tuple[s.Iteration, ...]:
        found = [self._iteration()]
        while self.take(","):
            found.append(self._iteration())
        return tuple(found)

    def _iteration(self) -> s.Iteration:
        at = self.token.at
        name = self._words_until("in")
        self.expect("in")
        source = self.expression()
        end = self.expression() if self.take("..") else None
        self.names.add(name)
        return s.Iteration(at, name, source, end)

    def _for(self) -> s.Node:
        at = self.next().at
        iterations = self._iterations()
        self.expect("return")
        return s.For(at, iterations, self.expression())

    def _quantified(self) -> s.Node:
        token = self.next()
        iterations = self._iterations()
        self.expect("satisfies")
        return s.Quantified(token.at, token.text == "every", iterations, self.expression())

    def _function(self) -> s.Node:
        at = self.next().at
        self.expect("(")
        parameters: list[tuple[str, s.TypeName | None]] = []
        while not self.is_at(")"):
            name = self._words_until(":", ",", ")")
            self.names.add(name)
            parameters.append((name, self.type_name() if self.take(":") else None))
            if not self.take(","):
                break
        self.expect(")")
        is_external = self.take("external")
        body = self.expression()
        return s.FunctionOf(at, tuple(parameters), None if is_external else body)

    def _call(self, function: s.Node) -> s.Node:
        at = self.next().at
        names: list[str] = []
        arguments: list[s.Node] = []
        while not self.is_at(")"):
            name = self._argument_name()
            if (name is None) == bool(names) and arguments:
                raise error_at(self.text, self.token.at, "参数要么全部写名称，要么全部不写。", "请统一参数写法。")
            if name is not None:
                names.append(name)
            arguments.append(self.expression())
            if not self.take(","):
                break
        self.expect(")")
        return s.Call(at, function, tuple(arguments), tuple(names))

    def _argument_name(self) -> str | None:
        """The name before a colon, when the argument has one."""
        ahead = 0
        while self.peek(ahead).kind in ("name", "key"):
            ahead += 1
        if ahead == 0 or self.peek(ahead).text != ":":
            return None
        first, last = self.token, self.peek(ahead - 1)
        self.index += ahead + 1
        return " ".join(self.text[first.at : last.end].split())

    def type_name(self) -> s.TypeName:
        with self.nested():
            token = self.token
            words = [self._type_word()]
            while self.token.kind == "name" or (self.token.text == "and" and words[-1] in ("date", "days", "years")):
                words.append(self.next().text)
            name = " ".join(words)
            while self.take("."):
                name += f".{self._type_word()}"
            return self._type_parts(token.at, name)

    def _type_word(self) -> str:
        if self.token.kind not in ("name", "key"):
            raise self.fail()
        return self.next().text

    def _type_parts(self, at: int, name: str) -> s.TypeName:
        if name not in ("list", "context", "function", "range") or not self.take("<"):
            return s.TypeName(at, name)
        parts, names = [], []
        while not self.is_at(">"):
            if name == "context":
                names.append(self._words_until(":"))
                self.expect(":")
            parts.append(self.type_name())
            if not self.take(","):
                break
        self.expect(">")
        result = None
        if name == "function":
            self.expect("->")
            result = self.type_name()
        return s.TypeName(at, name, tuple(parts), tuple(names), result)


def _open_range(at: int, test: s.Test) -> s.Node:
    """The range a lone comparison stands for; `=` is a range of one value, `!=` stays a test."""
    value = test.operand
    if test.operator in ("<", "<="):
        return s.RangeOf(at, None, value, False, test.operator == "<=", test.operator)
    if test.operator in (">", ">="):
        return s.RangeOf(at, value, None, test.operator == ">=", False, test.operator)
    return s.RangeOf(at, value, value, True, True, "=") if test.operator == "=" else s.Tests(at, (test,))


def parse_expression(text: str, names: Collection[str] = ()) -> s.Node:
    """The tree of one expression; `names` are those that hold spaces or signs. Raises FeelSyntaxError."""
    return _whole(FeelParser(text, names), FeelParser.expression)


def parse_unary_tests(text: str, names: Collection[str] = ()) -> s.Tests:
    """The tree of a table cell: `-`, or tests with commas, or `not(…)` around them. Raises FeelSyntaxError."""
    return _whole(FeelParser(text, names), _unary_tests)


def _unary_tests(parser: FeelParser) -> s.Tests:
    at = parser.token.at
    if parser.is_at("-") and parser.peek().kind == "end":
        parser.next()
        return s.Tests(at, (s.Test(at, "-", s.Literal(at, None)),))
    if parser.is_at("not") and parser.peek().text == "(":
        start = parser.index
        parser.next()
        parser.next()
        tests = [parser.unary_test()]
        while parser.take(","):
            tests.append(parser.unary_test())
        if parser.take(")") and parser.token.kind == "end":
            return s.Tests(at, tuple(tests), True)
        parser.index = start
    tests = [parser.unary_test()]
    while parser.take(","):
        tests.append(parser.unary_test())
    return s.Tests(at, tuple(tests))


_Tree = TypeVar("_Tree", bound=s.Node)


def _whole(parser: FeelParser, rule: Callable[[FeelParser], _Tree]) -> _Tree:
    """The tree of the rule, which must use the text up."""
    if parser.token.kind == "end":
        raise error_at(parser.text, 0, "表达式是空的。", "请填写表达式，或写 null。")
    try:
        tree = rule(parser)
    except RecursionError:
        raise error_at(parser.text, 0, "表达式过于复杂。", "请拆分表达式。") from None
    if parser.token.kind != "end":
        raise parser.fail()
    return tree
