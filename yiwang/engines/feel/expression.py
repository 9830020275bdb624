"""Compiled FEEL texts as objects: parse once, evaluate often, never raise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, TypeVar

from yiwang.engines.feel import loops  # noqa: F401  (importing declares its node handlers)
from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.builtins import BUILTIN_NAMES, BUILTINS
from yiwang.engines.feel.compiler import INPUT, compile_node, compile_tests
from yiwang.engines.feel.errors import FeelSyntaxError, error_at
from yiwang.engines.feel.free import name_nodes
from yiwang.engines.feel.limits import DEFAULT_LIMITS, BudgetExceeded, Limits, Run, current
from yiwang.engines.feel.primaries import parse_expression, parse_unary_tests
from yiwang.engines.feel.values import from_python, to_python
from yiwang.kernel.errors import did_you_mean


class Outcome(NamedTuple):
    """`value` as plain Python (None for null) and why nulls came about, oldest first, in Chinese."""

    value: Any
    reasons: tuple[str, ...] = ()


def guarded(work: Callable[[], Any], limits: Limits = DEFAULT_LIMITS) -> Outcome:
    """Run FEEL work under a budget of its own; whatever goes wrong becomes null with a reason."""
    outer, run = current.run, Run(limits)
    current.run = run
    try:
        value = work()
    except BudgetExceeded as exceeded:
        value = None
        run.reasons.append(str(exceeded))
    except (RecursionError, MemoryError):
        value = None
        run.reasons.append("计算嵌套过深或占用过大")
    except Exception as unforeseen:
        # The promise is total: a fault of ours must not stop a clerk's form. The type tells the maintainer.
        value = None
        run.reasons.append(f"计算出错（{type(unforeseen).__name__}）")
    finally:
        current.run = outer
    return Outcome(value, tuple(run.reasons)) if run.reasons else Outcome(value)


class _Compiled:
    """What expressions and unary tests share."""

    __slots__ = ("_tree", "names", "text")

    def __init__(self, text: str, tree: s.Node) -> None:
        self.text = text
        self._tree = tree
        self.names: frozenset[str] = frozenset(
            node.name for node in name_nodes(tree) if node.name not in BUILTINS and node.name != INPUT
        )
        """Free names: what the text reads from its context. Names in a filter count, though an item may supply them."""

    def check_names(self, known: Collection[str]) -> None:
        """Raise FeelSyntaxError at the first free name that is not known."""
        for node in name_nodes(self._tree):
            if node.name in self.names and node.name not in known:
                hint = did_you_mean(node.name, known)
                hint = hint.replace("Did you mean", "您是不是要写").replace("Known:", "可用的名称：")
                raise error_at(self.text, node.at, f"没有名为“{node.name}”的数据。", hint)

    def _inputs(self, context: Mapping[str, Any]) -> dict[str, Any]:
        return {name: from_python(context[name]) for name in self.names if name in context}


class Expression(_Compiled):
    """A compiled FEEL expression; immutable and safe to share between threads."""

    __slots__ = ("code",)

    def __init__(self, text: str, tree: s.Node) -> None:
        super().__init__(text, tree)
        self.code = compile_node(tree)
        """The closure over a scope of FEEL values; only for engines that run under `guarded` themselves."""

    def evaluate(self, context: Mapping[str, Any], *, limits: Limits = DEFAULT_LIMITS) -> Outcome:
        """The value over a context of Python values. Never raises.

        Numbers come out as Decimal, dates, times and days durations as `datetime` types, lists and contexts as
        list and dict.
        """
        return guarded(lambda: to_python(self.code(self._inputs(context))), limits)

    def value(self, context: Mapping[str, Any]) -> Any:
        """The value alone."""
        return self.evaluate(context).value

    def is_true(self, context: Mapping[str, Any]) -> bool:
        """Whether the value is true; null and everything else count as no."""
        return self.evaluate(context).value is True


class UnaryTests(_Compiled):
    """A compiled table cell such as `"a","b"`, `[1..5]`, `> 3`, `not("x")` or `-`; immutable."""

    __slots__ = ("code", "tree")

    def __init__(self, text: str, tree: s.Tests) -> None:
        super().__init__(text, tree)
        self.tree = tree
        self.code = compile_tests(tree)
        """The closure over a tested FEEL value and a scope."""

    def evaluate(self, value: Any, context: Mapping[str, Any] | None = None) -> Outcome:
        """Whether `value` passes: True, False or None (unknown). Never raises."""
        return guarded(lambda: self.code(from_python(value), self._inputs(context or {})))


_Made = TypeVar("_Made")


def compile_expression(text: str, *, names: Collection[str] | None = None) -> Expression:
    """Compile a FEEL expression.

    `names` are the names its context will have; those with spaces or signs must be given to be read as one name.
    Without them, words in a row count as one name. Raises FeelSyntaxError (line, column, message_zh, hint); a text
    over 65,536 characters is refused unread.
    """
    return _compiled(text, lambda: Expression(text, parse_expression(text, (*BUILTIN_NAMES, *(names or ())))))


def compile_unary_tests(text: str, *, names: Collection[str] | None = None) -> UnaryTests:
    """Compile a table cell; the tested value is `?` inside. Raises FeelSyntaxError as `compile_expression` does."""
    return _compiled(text, lambda: UnaryTests(text, parse_unary_tests(text, (*BUILTIN_NAMES, *(names or ())))))


def _compiled(text: str, make: Callable[[], _Made]) -> _Made:
    try:
        return make()
    except RecursionError:
        raise error_at(text, 0, "表达式过于复杂。", "请拆分表达式。") from None
    except RuntimeError as unexpected:
        raise FeelSyntaxError(f"表达式无法编译（{type(unexpected).__name__}）。") from unexpected
