"""What the command line prints: steps with their seconds, and tables that line up with Chinese characters in them."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


def say(text: str) -> None:
    print(text, flush=True)


def line() -> None:
    print(flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Name a step before it begins and its seconds after it ended well."""
    say(f"• {title} …")
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    if seconds >= 1:
        say(f"  {seconds:.1f} s")


def width(text: str) -> int:
    """Columns a terminal needs: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plain table: head, rule, rows."""
    columns = [max(width(row[place]) for row in (head, *rows)) for place in range(len(head))]
    rule = ["─" * size for size in columns]
    lines = (zip(row, columns, strict=True) for row in (head, rule, *rows))
    return "\n".join("  ".join(padded(cell, size) for cell, size in cells).rstrip() for cells in lines)


def complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
