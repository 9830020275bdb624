"""What an import could not read, or read in a way somebody should look at: sheet, cell, text, why, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_noop

WEIGHTS = {"unread": gettext_noop("未读入"), "check": gettext_noop("请核对")}
"""`unread`: not taken over. `check`: taken over as it stands, somebody should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an import's report. `cell` is a name such as `F12`, '' for a whole sheet."""

    sheet: str
    cell: str
    text: str
    why: str
    now: str
    weight: str = "unread"

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def counted(findings: Iterable[Finding]) -> dict[str, int]:
    """How many of each weight."""
    found = list(findings)
    return {weight: sum(one.weight == weight for one in found) for weight in WEIGHTS}
