"""Which values are of a type, and what a value becomes where a type is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.engines.rules.feel.kinds import kind_of
from yiwang.engines.rules.feel.limits import null
from yiwang.engines.rules.feel.temporal import Date, DateTime, Time, Zone
from yiwang.engines.rules.feel.types import ANY, FeelType


def conforms(value: Any, wanted: FeelType) -> bool:
    """Whether a value is of a type. Null is of every type, except where the type's allowed values refuse it."""
    if value is None:
        return wanted.name != "Nothing"
    if wanted.parent is not None and not conforms(value, wanted.parent):
        return False
    kind = kind_of(value)
    if wanted.name != "Any" and wanted.name != kind:
        return False
    check = _INSIDE.get(wanted.name)
    if check is not None and not check(value, wanted):
        return False
    return wanted.allowed is None or wanted.allowed(value)


def _list_inside(value: Any, wanted: FeelType) -> bool:
    return not wanted.parts or all(conforms(item, wanted.parts[0]) for item in value)


def _context_inside(value: Any, wanted: FeelType) -> bool:
    return all(name in value and conforms(value[name], member) for name, member in wanted.members.items())


def _range_inside(value: Any, wanted: FeelType) -> bool:
    return not wanted.parts or (conforms(value.start, wanted.parts[0]) and conforms(value.end, wanted.parts[0]))


def _function_inside(value: Any, wanted: FeelType) -> bool:
    if wanted.result is None:
        return True
    if len(value.parameters) != len(wanted.parts):
        return False
    given = value.types or (ANY,) * len(wanted.parts)
    return all(is_subtype(need, have) for need, have in zip(wanted.parts, given, strict=True)) and (
        is_subtype(value.result, wanted.result)
    )


_INSIDE: dict[str, Callable[[Any, FeelType], bool]] = {
    "list": _list_inside,
    "context": _context_inside,
    "range": _range_inside,
    "function": _function_inside,
}


def is_subtype(lower: FeelType, upper: FeelType) -> bool:
    """Whether every value of `lower` is one of `upper`."""
    if upper.name == "Any" or lower is upper or lower.name in ("Null", "Nothing"):
        return True
    if lower.name != upper.name:
        return False
    if upper.members:
        has = lower.members
        return all(name in has and is_subtype(has[name], part) for name, part in upper.members.items())
    if lower.name == "function" and upper.result is not None and lower.result is not None:
        same = len(lower.parts) == len(upper.parts)
        return same and is_subtype(lower.result, upper.result) and all(map(is_subtype, upper.parts, lower.parts))
    return len(lower.parts) >= len(upper.parts) and all(map(is_subtype, lower.parts, upper.parts))


def coerce(value: Any, wanted: FeelType, where: str) -> Any:
    """The value as a type: itself, wrapped in or unwrapped from a list of one, a date as its midnight, else null."""
    if wanted is ANY or value is None or conforms(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and wanted.name != "list" and conforms(value[0], wanted):
        return value[0]
    if wanted.name == "list" and not isinstance(value, list) and conforms([value], wanted):
        return [value]
    if wanted.name == "date and time" and isinstance(value, Date):
        return DateTime(value, Time(0, Zone(offset=0)))
    return null(f"{where}：值的类型是 {kind_of(value)}，与要求的 {wanted} 不符")
