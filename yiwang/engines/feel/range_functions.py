"""Built-in functions that relate ranges and points. A point counts as the closed range from itself to itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.engines.feel import syntax as s
from yiwang.engines.feel.errors import FeelSyntaxError
from yiwang.engines.feel.kinds import less
from yiwang.engines.feel.limits import null
from yiwang.engines.feel.signatures import BUILTINS, builtin
from yiwang.engines.feel.values import Range

Relation = Callable[[Range, Range], bool | None]


class _Unknown(Exception):
    """Two ends cannot be compared."""


def _less(left: Any, right: Any) -> bool:
    verdict = less(left, right)
    if verdict is None:
        raise _Unknown
    return verdict is True


def _same(left: Any, right: Any) -> bool:
    return not _less(left, right) and not _less(right, left)


def _before(a: Range, b: Range) -> bool:
    return _less(a.end, b.start) or (_same(a.end, b.start) and not (a.end_included and b.start_included))


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _same(a.end, b.start)


def _starts_no_later(a: Range, b: Range) -> bool:
    return _less(a.start, b.start) or (_same(a.start, b.start) and (a.start_included or not b.start_included))


def _ends_no_later(a: Range, b: Range) -> bool:
    return _less(a.end, b.end) or (_same(a.end, b.end) and (b.end_included or not a.end_included))


def _includes(a: Range, b: Range) -> bool:
    return _starts_no_later(a, b) and _ends_no_later(b, a)


def _same_start(a: Range, b: Range) -> bool:
    return _same(a.start, b.start) and a.start_included == b.start_included


def _same_end(a: Range, b: Range) -> bool:
    return _same(a.end, b.end) and a.end_included == b.end_included


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _overlaps(a, b) and not _starts_no_later(b, a) and _ends_no_later(a, b)


def _swapped(relation: Relation) -> Relation:
    return lambda a, b: relation(b, a)


def _declare(name: str, relation: Relation, first: str, second: str) -> None:
    """Declare a relation for the kinds of arguments it takes: `point`, `range` or `any` (either)."""

    def run(left: Any, right: Any) -> Any:
        for value, kind in ((left, first), (right, second)):
            if value is None or (kind != "any" and (type(value) is Range) != (kind == "range")):
                return null(f"函数 {name} 的参数应为{'区间' if kind == 'range' else '可比较的值'}")
        try:
            return relation(_as_range(left), _as_range(right))
        except _Unknown:
            return None

    names = [{"point": "point", "range": "range", "any": "value"}[kind] for kind in (first, second)]
    if names[0] == names[1]:
        names = [f"{names[0]}1", f"{names[1]}2"]
    builtin(name, f"{names[0]}: any, {names[1]}: any")(run)


def _as_range(value: Any) -> Range:
    return value if type(value) is Range else Range(value, value, True, True)


def _finishes(a: Range, b: Range) -> bool:
    return _same_end(a, b) and _starts_no_later(b, a)


def _starts(a: Range, b: Range) -> bool:
    return _same_start(a, b) and _ends_no_later(a, b)


@builtin("range", "from: string")
def _range(text: str) -> Any:
    """The range a text such as `[1..10)` stands for; only constants may be its ends."""
    from yiwang.engines.feel.compiler import compile_node
    from yiwang.engines.feel.primaries import parse_expression

    try:
        tree = parse_expression(text, BUILTINS)
        is_sound = isinstance(tree, s.RangeOf) and not tree.sign and _is_constant(tree.start) and _is_constant(tree.end)
    except FeelSyntaxError:
        is_sound = False
    if not is_sound:
        return null(f"“{text[:40]}”不是区间")
    made = compile_node(tree)({})
    return null(f"“{text[:40]}”的起点大于终点") if made is None or less(made.end, made.start) else made


def _is_constant(node: s.Node | None) -> bool:
    if isinstance(node, s.Call):
        is_builtin = isinstance(node.function, s.Name) and node.function.name in BUILTINS
        return is_builtin and all(isinstance(argument, s.Literal) for argument in node.arguments)
    return isinstance(node, s.Literal) and node.value is not None


_declare("before", _before, "any", "any")
_declare("after", _swapped(_before), "any", "any")
_declare("meets", _meets, "range", "range")
_declare("met by", _swapped(_meets), "range", "range")
_declare("overlaps", _overlaps, "range", "range")
_declare("overlaps before", _overlaps_before, "range", "range")
_declare("overlaps after", _swapped(_overlaps_before), "range", "range")
_declare("finishes", _finishes, "any", "range")
_declare("finished by", _swapped(_finishes), "range", "any")
_declare("includes", _includes, "range", "any")
_declare("during", _swapped(_includes), "any", "range")
_declare("starts", _starts, "any", "range")
_declare("started by", _swapped(_starts), "range", "any")
_declare("coincides", lambda a, b: _same_start(a, b) and _same_end(a, b), "any", "any")
