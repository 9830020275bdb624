"""Words an app may say about time limits in Chinese official time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from yiwang.kernel.errors import SpecError, did_you_mean

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
