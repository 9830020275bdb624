"""What `manage check` asks of the books: what they cover is there, and shares a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error

from yiwang.engines.rulebooks.books import all_books
from yiwang.kernel.errors import did_you_mean


def covers_lead_somewhere(app_configs: Sequence[Any] | None = None, **_: Any) -> list[CheckMessage]:
    """Every `covers` names a declared book that has a column this one asks by."""
    found: list[CheckMessage] = []
    known = all_books()
    for key, book in known.items():
        if not book.covers:
            continue
        other = known.get(book.covers)
        if other is None:
            hint = did_you_mean(book.covers, known)
            found.append(
                Error(f"Book '{key}' covers '{book.covers}', which no app declares.", hint, id="rulebooks.E001")
            )
        elif not any(column.key in other.by_key for column in book.inputs):
            hint = "Give both books an input with the same key."
            found.append(Error(f"Book '{key}' shares no column with '{book.covers}'.", hint, id="rulebooks.E002"))
    return found
