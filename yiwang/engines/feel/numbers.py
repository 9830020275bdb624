"""Decimal arithmetic of 34 digits (IEEE 754 decimal128), as FEEL's numbers are defined."""

from __future__ import annotations

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[Overflow, InvalidOperation, DivisionByZero]
)
ZERO = Decimal(0)
ONE = Decimal(1)


def number_of(text: str) -> Decimal | None:
    """The number of a literal, rounded to 34 digits; None when it is no finite number."""
    try:
        value = CONTEXT.create_decimal(text)
    except (DecimalException, ValueError):
        return None
    return value if value.is_finite() else None


def number_text(value: Decimal) -> str:
    """Digits without exponent; a number too long for that keeps its exponent."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -400 <= exponent <= 400:
        return format(value, "f")
    return str(value)


def whole(value: Decimal) -> int | None:
    """The integer a number is, None when it has a fraction or is beyond 10**18."""
    if abs(value) > 10**18 or value != value.to_integral_value():
        return None
    return int(value)
