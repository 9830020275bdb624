"""Reads one field out of what a browser sent. Names: `key`, `key-part`, and `group-0-key` inside rows.

Readers are lenient with spelling (full-width digits, thousands commas, 2026/5/1) and leave what they cannot read as it
was typed, so that validation names the fault and the page shows the same text again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict

from yiwang.engines.forms.field_words import Boolean, Choice, Field, Number, PartyField, Text
from yiwang.engines.forms.schema import plain_number
from yiwang.kernel.clock import CHINA

Reader = Callable[[QueryDict, str, Any], Any]
_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?\Z")
_INSTANT = re.compile(r"(.+?)[T\s]+(\d{1,2}):(\d{2})(?::\d{2})?\Z")
_IDS = {"resident_id", "credit_code"}


def line(post: QueryDict, name: str) -> str:
    """One trimmed, normalised text; '' when absent."""
    return unicodedata.normalize("NFC", post.get(name, "").replace("\r\n", "\n")).strip()


def compact(post: QueryDict, name: str) -> str:
    """A code or number as typed, in half-width letters without spaces."""
    return "".join(unicodedata.normalize("NFKC", post.get(name, "")).split())


def _text(post: QueryDict, name: str, field: Text) -> str:
    if field.content == "any":
        return line(post, name)
    typed = compact(post, name)
    return typed.upper() if field.content in _IDS else typed


def decimal_of(typed: str) -> Decimal | None:
    """The number somebody typed, or None."""
    try:
        found = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 30 else None


def _number(post: QueryDict, name: str, field: Number) -> Any:
    typed = compact(post, name).replace("，", "")
    found = decimal_of(typed) if typed else None
    return typed if found is None else plain_number(found)


def _money(post: QueryDict, name: str, field: Number) -> str:
    typed = compact(post, name).removeprefix("¥").removeprefix("￥").removesuffix("元")
    found = decimal_of(typed) if typed else None
    return typed if found is None or found != round(found, 2) else f"{found:.2f}"


def day_of(typed: str) -> str:
    """The ISO day somebody typed, or the text itself."""
    found = _DAY.match(typed)
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else typed


def _date(post: QueryDict, name: str, field: Field) -> str:
    return day_of(unicodedata.normalize("NFKC", line(post, name)))


def _date_time(post: QueryDict, name: str, field: Field) -> str:
    typed = unicodedata.normalize("NFKC", line(post, name))
    found = _INSTANT.match(typed)
    if not found:
        return typed
    try:
        day = datetime.fromisoformat(f"{day_of(found[1])}T{int(found[2]):02}:{found[3]}:00")
    except ValueError:
        return typed
    return day.replace(tzinfo=CHINA).isoformat()


def _boolean(post: QueryDict, name: str, field: Boolean) -> Any:
    typed = post.get(name, "")
    return {"true": True, "false": False}.get(typed, typed)


def _choice(post: QueryDict, name: str, field: Choice) -> Any:
    return [item for item in post.getlist(name) if item] if field.multiple else post.get(name, "")


def _coordinate(post: QueryDict, name: str) -> Any:
    typed = compact(post, name)
    found = decimal_of(typed) if typed else None
    return typed if found is None else float(found)


def _place(post: QueryDict, name: str, field: Field) -> dict[str, Any]:
    found = {part: _coordinate(post, f"{name}-{part}") for part in ("longitude", "latitude")}
    found["address"] = line(post, f"{name}-address")
    return {part: value for part, value in found.items() if value != ""}


def _party(post: QueryDict, name: str, field: PartyField) -> dict[str, Any]:
    found = {
        "name": line(post, f"{name}-name"),
        "id_number": compact(post, f"{name}-id_number").upper(),
        "phone": compact(post, f"{name}-phone"),
    }
    filled = {part: value for part, value in found.items() if value}
    kind = post.get(f"{name}-kind", "") if field.party == "either" else field.party
    return {"kind": kind or "person"} | filled if filled else {}


READERS: dict[str, Callable[[QueryDict, str, Any], Any]] = {
    "text": _text,
    "long_text": lambda post, name, field: line(post, name),
    "number": _number,
    "money": _money,
    "date": _date,
    "date_time": _date_time,
    "boolean": _boolean,
    "choice": _choice,
    "division": lambda post, name, field: compact(post, name),
    "listed": lambda post, name, field: compact(post, name),
    "place": _place,
    "party": _party,
}
