"""FEEL's types as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

BASE_NAMES = {
    "any": "Any",
    "duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "dateTime": "date and time",
    "dateandtime": "date and time",
    "daysandtimeduration": "days and time duration",
    "yearsandmonthsduration": "years and months duration",
    "null": "Null",
}
"""Other spellings of the base types."""


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type. `name` is a base type, `list`, `context`, `range` or `function`.

    `parts` holds the element type of a list or range, or a function's parameter types; `members` the entries of a
    context; `allowed` an extra test of the value (allowed values of an item definition).
    """

    name: str
    parts: tuple[FeelType, ...] = ()
    members: Mapping[str, FeelType] = field(default_factory=dict)
    result: FeelType | None = None
    allowed: Callable[[Any], bool] | None = None
    title: str = ""
    parent: FeelType | None = None

    def __str__(self) -> str:
        return self.title or self.name


ANY = FeelType("Any")
BASE_TYPES = {
    name: FeelType(name)
    for name in (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "Null",
        "Nothing",
    )
} | {"Any": ANY}


def base_type(name: str) -> FeelType | None:
    """A base type under any of its spellings."""
    return BASE_TYPES.get(BASE_NAMES.get(name, name))
