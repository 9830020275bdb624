"""What is wrong, or worth a look, in the rows of a book; each finding says where, why, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `no` is the line number (0: the book as a whole), `column` a key ('' for the whole row).

    `weight` "error" stops publication, "warning" does not. `place` says where in a file it stands: `规则 F12`.
    """

    no: int
    column: str
    code: str
    message: str
    next_step: str
    weight: str = ERROR
    place: str = ""

    def as_json(self) -> Mapping[str, Any]:
        return asdict(self)


def errors_of(findings: list[Finding]) -> list[Finding]:
    """Those that stop publication."""
    return [one for one in findings if one.weight == ERROR]
