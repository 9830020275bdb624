"""Numbers as statistics print them: two decimals, half up, and nothing where there is nothing to divide by."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

PLACES = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Two decimals, half away from zero: 0.125 becomes 0.13."""
    return value.quantize(PLACES, ROUND_HALF_UP)


def percent(numerator: Decimal | int, denominator: Decimal | int | None) -> Decimal | None:
    """The share in percent; None without a denominator."""
    return rounded(Decimal(numerator) * 100 / Decimal(denominator)) if denominator else None


def quotient(numerator: Decimal | int, denominator: Decimal | int | None, scale: int = 1) -> Decimal | None:
    """The mean; None without anything to take it of."""
    return rounded(Decimal(numerator) / Decimal(denominator) / scale) if denominator else None


def growth(present: Decimal | None, base: Decimal | None) -> Decimal | None:
    """同比, 环比 of an amount, in percent of the base; None where the base is missing or zero: then there is none."""
    if present is None or not base:
        return None
    return rounded((present - base) * 100 / abs(base))


def difference(present: Decimal | None, base: Decimal | None) -> Decimal | None:
    """同比, 环比 of a rate, in percentage points; None where one of them is missing. A base of zero is a base."""
    return None if present is None or base is None else rounded(present - base)
