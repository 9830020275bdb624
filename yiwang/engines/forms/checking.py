"""What a JSON Schema cannot say: days that exist, check digits, places inside the district, money bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yiwang.engines.forms import lookups
from yiwang.engines.forms.field_words import (
    Date,
    DateTime,
    DivisionField,
    Field,
    Listed,
    Money,
    Number,
    PartyField,
    Place,
    Signature,
    Text,
)
from yiwang.engines.forms.messages import Problem, required
from yiwang.engines.forms.schema import PHONE
from yiwang.kernel.clock import CHINA, now

Check = Callable[[Any], Problem | None]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PHONE = re.compile(PHONE)


def _clean_text(field: Field) -> Check:
    blank, bad = required(field), Problem("FORM_CONTROL_CHARACTER", {})

    def check(value: str) -> Problem | None:
        if value.isprintable() and not value.isspace():
            return None
        return blank if value.isspace() else bad if _CONTROL.search(value) else None

    return check


def _coded_text(field: Text) -> Check:
    clean = _clean_text(field)
    code, is_valid = {
        "resident_id": ("FORM_RESIDENT_ID", lookups.is_resident_id),
        "credit_code": ("FORM_CREDIT_CODE", lookups.is_credit_code),
    }[field.content]
    return lambda value: clean(value) or (None if is_valid(value) else Problem(code, {}))


def _text(field: Text) -> Check:
    return _coded_text(field) if field.content in ("resident_id", "credit_code") else _clean_text(field)


def _number(field: Number) -> Check | None:
    places, problem = field.decimals, Problem("FORM_DECIMALS", {"limit": field.decimals})
    if not places:
        return None
    return lambda value: None if isinstance(value, int) or round(value, places) == value else problem


def _money(field: Money) -> Check:
    low, high = field.minimum, field.maximum

    def check(value: str) -> Problem | None:
        amount = Decimal(value)
        if low is not None and amount < Decimal(low):
            return Problem("FORM_TOO_SMALL", {"limit": low, "unit": field.unit})
        if high is not None and amount > Decimal(high):
            return Problem("FORM_TOO_BIG", {"limit": high, "unit": field.unit})
        return None

    return check


def _bounds(field: Date) -> Callable[[date], Problem | None]:
    early, late = field.earliest, field.latest

    def check(day: date) -> Problem | None:
        text, today = day.isoformat(), now().astimezone(CHINA).date().isoformat()
        low, high = (today if bound == "today" else bound for bound in (early, late))
        if low and text < low:
            return Problem("FORM_TOO_EARLY", {"limit": low})
        if high and text > high:
            return Problem("FORM_TOO_LATE", {"limit": high})
        return None

    return check


def _date(field: Date) -> Check:
    is_bounded, within, wrong = bool(field.earliest or field.latest), _bounds(field), Problem("FORM_DATE", {})

    def check(value: str) -> Problem | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return wrong
        return within(day) if is_bounded else None

    return check


def _date_time(field: DateTime) -> Check:
    is_bounded, within, wrong = bool(field.earliest or field.latest), _bounds(field), Problem("FORM_DATE_TIME", {})

    def check(value: str) -> Problem | None:
        try:
            day = datetime.fromisoformat(value).astimezone(CHINA).date()
        except (ValueError, OverflowError):
            return wrong
        return within(day) if is_bounded else None

    return check


def _division(field: DivisionField) -> Check:
    def check(value: str) -> Problem | None:
        if not value.startswith(field.within) or not lookups.is_division(value):
            return Problem("FORM_UNKNOWN_DIVISION", {"value": value})
        return None

    return check


def _listed(field: Listed) -> Check:
    def check(value: str) -> Problem | None:
        return None if value in lookups.entries(field.source) else Problem("FORM_NOT_LISTED", {"value": value[:20]})

    return check


def _place(field: Place) -> Check:
    def check(value: dict[str, Any]) -> Problem | None:
        longitude, latitude, address = value.get("longitude"), value.get("latitude"), value.get("address", "")
        if _CONTROL.search(address):
            return Problem("FORM_CONTROL_CHARACTER", {}, "address")
        if (longitude is None) != (latitude is None):
            return Problem("FORM_PLACE_INCOMPLETE", {}, "latitude" if latitude is None else "longitude")
        if longitude is None or latitude is None:
            return None if address.strip() and field.unknown_allowed else required(field)
        is_settled = field.unknown_allowed or lookups.locate(longitude, latitude)
        return None if is_settled else Problem("FORM_PLACE_OUTSIDE", {})

    return check


def _party_number(kind: str, number: str) -> str | None:
    if kind == "firm":
        return None if lookups.is_credit_code(number) else "FORM_CREDIT_CODE"
    return None if lookups.is_resident_id(number) else "FORM_RESIDENT_ID"


_PARTY_WORDS = {
    "person": {"name": "姓名", "number": "身份证号码"},
    "firm": {"name": "名称", "number": "统一社会信用代码"},
}


def _party(field: PartyField) -> Check:
    def check(value: dict[str, Any]) -> Problem | None:
        kind = value.get("kind") or ("person" if field.party == "either" else field.party)
        name, number, phone = (str(value.get(part, "")).strip() for part in ("name", "id_number", "phone"))
        if "party_id" in value:  # kept parties come back unchanged or not at all
            return Problem("FORM_MALFORMED", {}, "name")
        if not name or _CONTROL.search(name):
            return Problem("FORM_PARTY_NAME", {"name": _PARTY_WORDS[kind]["name"]}, "name")
        if not number and field.id_required:
            return Problem("FORM_PARTY_NUMBER", {"number": _PARTY_WORDS[kind]["number"]}, "id_number")
        wrong = _party_number(kind, number) if number else None
        if wrong:
            return Problem(wrong, {}, "id_number")
        if not phone and field.phone_required:
            return Problem("FORM_PARTY_PHONE", {}, "phone")
        return Problem("FORM_PHONE", {}, "phone") if phone and not _PHONE.match(phone) else None

    return check


def _signature(field: Signature) -> Check:
    blank, bad = required(field), Problem("FORM_CONTROL_CHARACTER", {}, "typed")

    def check(value: dict[str, Any]) -> Problem | None:
        typed = value.get("typed")
        if typed is None:
            return None
        return blank if not typed.strip() else bad if _CONTROL.search(typed) else None

    return check


_CHECKS: dict[str, Callable[[Any], Check | None]] = {
    "text": _text,
    "long_text": _clean_text,
    "number": _number,
    "money": _money,
    "date": _date,
    "date_time": _date_time,
    "division": _division,
    "listed": _listed,
    "place": _place,
    "party": _party,
    "signature": _signature,
}


def check_of(field: Field) -> Check | None:
    """The check of this field's structurally valid value; None when the schema says it all."""
    build = _CHECKS.get(field.kind)
    return build(field) if build else None
