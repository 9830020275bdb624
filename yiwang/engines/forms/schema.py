"""The JSON Schema (draft 2020-12) of a field's value: structure only; days, check digits, places are in `checking`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from yiwang.engines.forms.field_words import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DivisionField,
    Field,
    File,
    Group,
    Listed,
    LongText,
    Money,
    Number,
    PartyField,
    Photo,
    Place,
    Signature,
    Text,
)

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST_NUMBER = 999_999_999_999_999
DIVISION_DIGITS = {"district": 6, "town": 9, "village": 12, "cell": 16}
_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_CONTENT = {
    "phone": r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[48]00-?[0-9]{3}-?[0-9]{4})$",
    "email": r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$",
    "postal_code": "^[0-9]{6}$",
}
PHONE = _CONTENT["phone"]


def _text(field: Text) -> Schema:
    schema: Schema = {"type": "string", "minLength": max(1, field.min_length), "maxLength": field.max_length}
    pattern = f"^(?:{field.pattern})$" if field.pattern else _CONTENT.get(field.content)
    return schema | ({"pattern": pattern} if pattern else {})


def _number(field: Number) -> Schema:
    low = -LARGEST_NUMBER if field.minimum is None else plain_number(Decimal(field.minimum))
    high = LARGEST_NUMBER if field.maximum is None else plain_number(Decimal(field.maximum))
    return {"type": "number" if field.decimals else "integer", "minimum": low, "maximum": high}


def _choice(field: Choice) -> Schema:
    keys = [option.key for option in field.listed]
    if field.multiple:
        return {"type": "array", "items": {"enum": keys}, "minItems": 1, "uniqueItems": True}
    return {"enum": keys}


def _files(least: int, most: int) -> Schema:
    items = {"type": "string", "pattern": _UUID}
    return {"type": "array", "items": items, "minItems": max(1, least), "maxItems": most, "uniqueItems": True}


def _place(field: Place) -> Schema:
    properties = {
        "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        "latitude": {"type": "number", "minimum": -90, "maximum": 90},
        "address": {"type": "string", "maxLength": 200},
        "division": {"type": ["string", "null"], "maxLength": 16},
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _party(field: PartyField) -> Schema:
    kinds = ["person", "firm"] if field.party == "either" else [field.party]
    text = {"type": "string", "maxLength": 120}
    names = ("name", "id_number", "phone", "party_id", "id_masked", "phone_masked")
    properties = {"kind": {"enum": kinds}} | dict.fromkeys(names, text)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _group(field: Group) -> Schema:
    rows = object_schema(item for item in field.fields if not item.computed)
    return {"type": "array", "items": rows, "minItems": max(1, field.at_least), "maxItems": field.at_most}


_SIGNATURE: Schema = {
    "type": "object",
    "properties": {"picture": {"type": "string", "pattern": _UUID}, "typed": {"type": "string", "maxLength": 60}},
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}
_BUILDERS: dict[type[Field], Callable[[Any], Schema]] = {
    Text: _text,
    LongText: lambda field: {"type": "string", "minLength": 1, "maxLength": field.max_length},
    Number: _number,
    Money: lambda field: {"type": "string", "pattern": r"^-?(0|[1-9][0-9]{0,12})\.[0-9]{2}$"},
    Date: lambda field: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    DateTime: lambda field: {
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    },
    Boolean: lambda field: {"const": True} if field.consent else {"type": "boolean"},
    Choice: _choice,
    DivisionField: lambda field: {"type": "string", "pattern": f"^[0-9]{{{DIVISION_DIGITS[field.level]}}}$"},
    Listed: lambda field: {"type": "string", "maxLength": 80},
    Place: _place,
    Photo: lambda field: _files(field.at_least, field.at_most),
    File: lambda field: _files(field.at_least, field.at_most),
    PartyField: _party,
    Signature: lambda field: _SIGNATURE,
    Group: _group,
}


def plain_number(value: Decimal) -> int | float:
    """A decimal as the JSON number that reads the same."""
    return int(value) if value == value.to_integral_value() else float(value)


def must_have(field: Field) -> bool:
    """Whether the value is always demanded, whatever the other fields say."""
    return not field.visible_when and (field.required or getattr(field, "at_least", 0) > 0)


def field_schema(field: Field) -> Schema:
    """The schema of one field's value."""
    return _BUILDERS[type(field)](field)


def object_schema(fields: Iterable[Field]) -> Schema:
    """The schema of a form or row with these fields; any other key is refused."""
    listed = list(fields)
    return {
        "type": "object",
        "properties": {field.key: field_schema(field) for field in listed},
        "required": [field.key for field in listed if must_have(field)],
        "additionalProperties": False,
    }
