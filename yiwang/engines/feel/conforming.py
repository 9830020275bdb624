"""Which values are of a type, and what a value becomes where a type is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yiwang.engines.feel.kinds import kind_of
from yiwang.engines.feel.limits import null
from yiwang.engines.feel.temporal import Date, DateTime, Time, Zone
from yiwang.engines.feel.types import ANY, FeelType
from yiwang.engines.feel.values import Function


def conforms(value: Any, wanted: FeelType) -> bool:
    """Whether a value may stand where a type is asked for. Null may, everywhere.

    Allowed values count; a function may leave types open.
    """
    if value is None:
        return wanted.name != "Nothing"
    if wanted.parent is not None and not conforms(value, wanted.parent):
        return False
    return _is_of(value, wanted, conforms) and (wanted.allowed is None or wanted.allowed(value))


def is_instance(value: Any, wanted: FeelType) -> bool:
    """FEEL's `instance of`: the type's allowed values do not count, a function must fit exactly."""
    if wanted.name == "function" and isinstance(value, Function) and wanted.result is not None:
        own = FeelType("function", parts=value.types or (ANY,) * len(value.parameters), result=value.result)
        return is_subtype(own, wanted)
    return value is None or _is_of(value, wanted, is_instance)


def _is_of(value: Any, wanted: FeelType, check: Callable[[Any, FeelType], bool]) -> bool:
    """Whether the kind is right, and so is everything inside."""
    if wanted.name != "Any" and wanted.name != kind_of(value):
        return False
    if wanted.name == "list":
        return not wanted.parts or all(check(item, wanted.parts[0]) for item in value)
    if wanted.name == "context":
        return all(name in value and check(value[name], member) for name, member in wanted.members.items())
    if wanted.name == "range" and wanted.parts:
        return check(value.start, wanted.parts[0]) and check(value.end, wanted.parts[0])
    return wanted.name != "function" or wanted.result is None or len(value.parameters) == len(wanted.parts)


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
