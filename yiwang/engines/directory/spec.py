"""Words an app may say about who and where: roles; and time limits, as `working_time` has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from yiwang.engines.geography.spec import LEVELS
from yiwang.engines.working_time.spec import (
    UNITS,
    Limit,
    calendar_days,
    statutory_days,
    urgent_hours,
    working_days,
    working_hours,
)
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean

__all__ = [
    "LEVELS", "SEES", "UNITS", "Limit", "Role", "calendar_days", "statutory_days", "urgent_hours", "working_days",
    "working_hours",
]  # fmt: skip

SEES: Mapping[str, str] = MappingProxyType({"division": "本区划", "organisation": "本单位", "own": "本人"})
"""How much of its division a role may look at."""


@dataclass(frozen=True, kw_only=True)
class Role(Part):
    """岗位角色: what a post lets its holder do.

    `scope` is the level of division a post of this role covers; `may` names the verbs; `sees` narrows the rows inside
    the division to those of the post's organisation or to the holder's own. `at` names the kinds of organisation that
    hold such posts (see `seed.BUREAUS`); empty means the government of the division itself. `also` names further levels
    that have such posts, as the centre of the district has beside those of its towns.
    """

    scope: str = "district"
    sees: str = "division"
    may: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Role '{self.key}'"
        for level in (self.scope, *self.also):
            if level not in LEVELS:
                raise SpecError(where, f"'{level}' is no level of division.", did_you_mean(level, LEVELS))
        if self.sees not in SEES:
            raise SpecError(where, f"sees '{self.sees}' is not known.", did_you_mean(self.sees, SEES))
        for name, words in (("may", self.may), ("at", self.at), ("also", self.also)):
            if isinstance(words, str):
                raise SpecError(where, f"{name}='{words}' is one text.", f"Write a tuple: {name}=('{words}',).")
