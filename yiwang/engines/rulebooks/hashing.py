"""The fingerprint of an edition: over its book, its number and its rows in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from yiwang.kernel.canonical import canonical_json


def fingerprint(book: str, number: int, numbered: Iterable[tuple[int, Mapping[str, Any]]]) -> str:
    """Hex SHA-256 of the canonical JSON; a changed, added, removed or renumbered row changes it."""
    content = {"book": book, "number": number, "rows": [[no, dict(values)] for no, values in numbered]}
    return hashlib.sha256(canonical_json(content)).hexdigest()


def mark_of(values: Mapping[str, Any]) -> str:
    """A short mark of one row, to notice that somebody changed it meanwhile."""
    return hashlib.sha256(canonical_json(dict(values))).hexdigest()[:16]
