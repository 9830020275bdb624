"""Words an app may say about other systems: which type of case takes part, and what its places are called outside.

Six statuses are all that crosses the border; each side maps its own words to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean

__all__ = ["OURS_WHILE_WORKED", "RULES", "STATUSES", "Participation"]

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "received": "已收到", "accepted": "已受理", "working": "办理中", "suspended": "已暂停", "closed": "已办结",
        "cancelled": "已撤销",
    }
)  # fmt: skip
"""In the order a case passes them. A proposal of ours: no source names a vocabulary common to such systems."""
RULES: Mapping[str, str] = MappingProxyType(
    {
        "ours_after_dispatch": "派遣后以我方为准，之前以对方为准",
        "latest": "以后改的一方为准",
        "theirs": "以对方为准",
        "ours": "以我方为准",
    }
)
"""Who leads when both sides say different things. All of them are proposals; each system has one."""
OURS_WHILE_WORKED = ("working", "suspended", "closed")
"""Statuses of ours in which the work is under way here, for the rule `ours_after_dispatch`."""


@dataclass(frozen=True, kw_only=True)
class Participation(Part):
    """A type of case that other systems may open, follow and move.

    `type` is "<app>.<case type>"; `stages` gives the status for keys of nodes (others count as `received`; of several
    places where work stands the furthest counts). `opening` turns the `data` of an opening event into data of the
    form (ValueError with a Chinese sentence when it cannot), `telling` turns a case's data into what the other side is
    told when the case is handed over. `verbs` names the verb that brings a case into a status somebody outside asks
    for; a status without one is decided by a person. `reply` is the field their closing sentence is kept in.
    """

    type: str
    opening: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    telling: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    stages: Mapping[str, str] = field(default_factory=dict)
    verbs: Mapping[str, str] = field(default_factory=dict)
    reply: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Participation '{self.key}'"
        for status in (*self.stages.values(), *self.verbs):
            if status not in STATUSES:
                raise SpecError(where, f"status '{status}' is not known.", did_you_mean(status, STATUSES))
