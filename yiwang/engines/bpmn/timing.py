"""Times of timer events: ISO 8601 texts of BPMN against a limit (`after`) or a FEEL instant (`at`) of the bundle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from yiwang.engines.processes.api import limit_of
from yiwang.kernel.errors import SpecError

_HOURS = re.compile(r"PT(\d{1,5})H\Z")
_DAYS = re.compile(r"P(\d{1,5})D\Z")
_WEEKS = re.compile(r"P(\d{1,4})W\Z")
_DURATION = re.compile(r"-?P(?!\Z)(\d+Y)?(\d+M)?(\d+D)?(T(?!\Z)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z")
_MONTHS = re.compile(r"-?P(\d+Y)?(\d+M)")
_YEARS = re.compile(r"-?P\d+Y")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_QUOTED = re.compile(r'(?:date and time|date|duration)\("([^"]+)"\)\Z')


def plain_feel(text: str) -> str:
    """A FEEL text as other tools wrap it: without a leading `=` and without `${…}` around it."""
    text = text.strip()
    if text.startswith("="):
        return text[1:].strip()
    if text[:2] in ("${", "#{") and text.endswith("}") and "}" not in text[2:-1]:
        return text[2:-1].strip()
    return text


def duration_fields(text: str) -> dict[str, Any]:
    """`timeDuration` as fields of a node. ValueError when its length is not certain (months, years)."""
    text = text.strip()
    for pattern, unit, times in ((_HOURS, "urgent_hour", 1), (_DAYS, "calendar_day", 1), (_WEEKS, "calendar_day", 7)):
        found = pattern.match(text)
        if found and int(found[1]) > 0:
            return {"after": {"amount": str(int(found[1]) * times), "unit": unit}}
    if _DURATION.match(text):
        if _MONTHS.match(text) or _YEARS.match(text):
            raise ValueError(text)
        return {"at": f'duration("{text}")'}
    return {"at": plain_feel(text)} if text else {}


def instant_fields(text: str) -> dict[str, Any]:
    """`timeDate` as fields of a node."""
    text = text.strip()
    if _INSTANT.match(text):
        return {"at": f'date and time("{text}")'}
    if _DATE.match(text):
        return {"at": f'date("{text}")'}
    return {"at": plain_feel(text)} if text else {}


def limit_text(data: Any) -> str:
    """The ISO 8601 length nearest to a limit: working days as days. '' when it is no limit."""
    try:
        limit = limit_of(data) if isinstance(data, Mapping) else None
    except (SpecError, KeyError, InvalidOperation, TypeError, ValueError, OverflowError):
        return ""
    if limit is None:
        return ""
    is_hours = limit.unit.endswith("_hour")
    if limit.amount == int(limit.amount):
        return f"PT{int(limit.amount)}H" if is_hours else f"P{int(limit.amount)}D"
    seconds = Decimal(limit.amount) * (3_600 if is_hours else 86_400)
    return f"PT{seconds.normalize():f}S"


def timer_texts(at: str) -> tuple[str, str] | None:
    """(element name, ISO 8601 text) that reads back as the FEEL instant `at`; None when only FEEL can say it."""
    found = _QUOTED.match(at)
    if not found:
        return None
    for name, fields in (("timeDate", instant_fields), ("timeDuration", duration_fields)):
        try:
            if fields(found[1]) == {"at": at}:
                return name, found[1]
        except ValueError:
            continue
    return None
