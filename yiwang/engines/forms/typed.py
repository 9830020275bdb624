"""Between JSON and FEEL: decimals, days and instants for the rules, plain JSON back. Ill-typed values become None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.engines.forms.field_words import Field, Group, Money, Number
from yiwang.engines.forms.schema import LARGEST_NUMBER, plain_number

Converter = Callable[[Any], Any]


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _instant(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else None


def _context(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    return {key: _number(item) if isinstance(item, (int, float)) else item for key, item in value.items()}


_TYPED: Mapping[str, Converter] = {
    "number": _number,
    "money": _number,
    "date": _day,
    "date_time": _instant,
    "boolean": _truth,
    "place": _context,
    "party": _context,
}
COMPUTABLE = frozenset(
    {"text", "long_text", "number", "money", "date", "date_time", "boolean", "choice", "division", "listed"}
)


def typed(field: Field) -> Converter:
    """The function that turns this field's JSON value into a FEEL value."""
    if not isinstance(field, Group):
        return _TYPED.get(field.kind, _words)
    columns = {child.key: typed(child) for child in field.fields}

    def rows(value: Any) -> list[dict[str, Any]] | None:
        if not isinstance(value, list):
            return None
        found = [row for row in value if isinstance(row, dict)]
        return [{key: turn(row[key]) if key in row else None for key, turn in columns.items()} for row in found]

    return rows


def untyped(field: Field, value: Any) -> Any:
    """A computed FEEL value as this field's JSON value, rounded to its decimals; None when it does not fit the kind."""
    if isinstance(field, Number):
        return _plain_amount(field, value)
    if field.kind == "date_time" and isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else None
    if field.kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if field.kind == "boolean":
        return _truth(value)
    if field.kind in ("text", "long_text", "choice", "division", "listed"):
        return value if isinstance(value, str) and value else None
    return None


def _plain_amount(field: Number, value: Any) -> Any:
    number = _number(value)
    if number is None or not number.is_finite() or abs(number) > LARGEST_NUMBER:
        return None
    rounded = round(number, field.decimals)
    return f"{rounded:.2f}" if isinstance(field, Money) else plain_number(rounded)
