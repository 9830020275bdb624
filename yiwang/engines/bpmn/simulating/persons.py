"""Names of people and organisations in a script against the numbers the step works with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PEOPLE = {"to", "signers"}
"""Arguments of verbs that name people. Where a step is sent back to is a node."""


class Persons:
    """Gives each name the next number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int | None:
        """The number of a name; None for ''."""
        return self._numbers.setdefault(name, len(self._numbers) + 1) if name else None

    def name(self, number: int | None) -> str:
        """The name a number was given for."""
        return next((name for name, known in self._numbers.items() if known == number), "")

    def numbered(self, verb: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of a verb with people as numbers."""
        found = dict(arguments)
        for name in PEOPLE & found.keys() if verb != "send_back" else ():
            value = found[name]
            if isinstance(value, list):
                found[name] = [self.number(item) if isinstance(item, str) else item for item in value]
            elif isinstance(value, str):
                found[name] = self.number(value)
        return found
