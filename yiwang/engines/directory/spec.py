"""Words an app may say about who and where: roles, and time limits in Chinese official time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from yiwang.engines.geography.spec import LEVELS
from yiwang.kernel.app import Part
from yiwang.kernel.errors import SpecError, did_you_mean

if TYPE_CHECKING:
    from yiwang.engines.directory.working_time import WorkingCalendar

__all__ = [
    "LEVELS", "SEES", "UNITS", "Limit", "Role", "calendar_days", "statutory_days", "urgent_hours", "working_days",
    "working_hours",
]  # fmt: skip

SEES: Mapping[str, str] = MappingProxyType({"division": "本区划", "organisation": "本单位", "own": "本人"})
"""How much of its division a role may look at."""

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "urgent_hour": "紧急工作时",
        "working_hour": "工作时",
        "working_day": "工作日",
        "statutory_day": "法定工作日",
        "calendar_day": "自然日",
    }
)
"""Units of a time limit 时限. Hours and working days run second by second; a statutory day counts dates."""


@dataclass(frozen=True, kw_only=True)
class Role(Part):
    """岗位角色: what a post lets its holder do.

    `scope` is the level of division a post of this role covers; `may` names the verbs; `sees` narrows the rows inside
    the division to those of the post's organisation or to the holder's own. `at` names the kinds of organisation that
    hold such posts (see `seed.BUREAUS`); empty means the government of the division itself.
    """

    scope: str = "district"
    sees: str = "division"
    may: tuple[str, ...] = ()
    at: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        where = f"Role '{self.key}'"
        if self.scope not in LEVELS:
            raise SpecError(where, f"scope '{self.scope}' is no level of division.", did_you_mean(self.scope, LEVELS))
        if self.sees not in SEES:
            raise SpecError(where, f"sees '{self.sees}' is not known.", did_you_mean(self.sees, SEES))
        for name, words in (("may", self.may), ("at", self.at)):
            if isinstance(words, str):
                raise SpecError(where, f"{name}='{words}' is one text.", f"Write a tuple: {name}=('{words}',).")


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of one unit of time, such as 2 working days. Amounts are whole numbers or decimals above 0."""

    amount: int | Decimal
    unit: str

    def __post_init__(self) -> None:
        where = f"Limit of {self.amount} '{self.unit}'"
        if self.unit not in UNITS:
            raise SpecError(where, f"unit '{self.unit}' is not known.", did_you_mean(self.unit, UNITS))
        if isinstance(self.amount, bool) or not isinstance(self.amount, (int, Decimal)):
            raise SpecError(
                where, "the amount is neither a whole number nor a Decimal.", "Write Decimal('1.5'), not 1.5."
            )
        if not 0 < self.amount <= 100_000:
            raise SpecError(where, "the amount must be above 0 and at most 100000.", "Check the amount.")
        if self.unit == "statutory_day" and self.amount != int(self.amount):
            raise SpecError(where, "statutory days are whole dates.", "Use working_days(...) for parts of a day.")

    @property
    def title(self) -> str:
        """For people: `2个工作日`."""
        return f"{self.amount}个{UNITS[self.unit]}"


def working_hours(amount: int | Decimal) -> Limit:
    """工作时: seconds that pass only inside office hours of working days."""
    return Limit(amount, "working_hour")


def working_days(amount: int | Decimal) -> Limit:
    """工作日 as a running clock: `amount` times the office hours of one day."""
    return Limit(amount, "working_day")


def statutory_days(amount: int) -> Limit:
    """Working days as statutes count them: the day of the start is not counted, due when the last day ends."""
    return Limit(amount, "statutory_day")


def urgent_hours(amount: int | Decimal) -> Limit:
    """紧急工作时: hours on the wall clock, through nights and holidays."""
    return Limit(amount, "urgent_hour")


def calendar_days(amount: int | Decimal) -> Limit:
    """自然日: days of 24 hours on the wall clock."""
    return Limit(amount, "calendar_day")


def noticed_calendar() -> WorkingCalendar:
    """The working calendar of the published notices, without a database: what a simulation counts by."""
    from yiwang.engines.directory.calendar_seed import seed_calendar

    return seed_calendar()
