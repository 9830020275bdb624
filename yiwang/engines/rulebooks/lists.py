"""A book as a list to choose from in forms: its first input is the key, `title` and `group_title` are the words.

A field `Listed(source="catalogue.classes")` offers what is in force today; several rows of one key stand as one entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from yiwang.engines.directory.api import today
from yiwang.engines.forms.api import Entry
from yiwang.engines.rulebooks.books import all_books
from yiwang.engines.rulebooks.timeline import Standing, in_force, rows


def entries(source: str) -> Mapping[str, Entry] | None:
    """Entries of the book of that name in force today; None when no book with titles has it."""
    book = all_books().get(source)
    if book is None or "title" not in book.by_key:
        return None
    standing = in_force(source, today())
    return _entries(standing) if standing is not None else {}


@lru_cache(maxsize=64)
def _entries(standing: Standing) -> Mapping[str, Entry]:
    book = all_books()[standing.book]
    key = book.inputs[0].key
    found: dict[str, Entry] = {}
    for row in rows(standing.book, standing.effective_on):
        if row.get(key):
            found.setdefault(row[key], Entry(str(row.get("title", row[key])), str(row.get("group_title", ""))))
    return found
