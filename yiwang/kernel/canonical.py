"""One byte string for one value: JSON with sorted keys and no spaces, as hashes and signatures need it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, (datetime, date, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical JSON form; store text, numbers, lists or maps")


def canonical_json(value: Any) -> bytes:
    """UTF-8 canonical JSON. Decimals become strings, instants RFC 3339, sets sorted lists."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)
