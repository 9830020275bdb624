"""Personal numbers people write into free text do not go round in lists and files."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"(?<!\d)(?:(\d{6})\d{8}(\d{3}[\dXx])|(1[3-9]\d)\d{4}(\d{4}))(?!\d)")


def _hidden(found: re.Match[str]) -> str:
    begin, end = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"{begin}{'*' * (len(found[0]) - len(begin) - len(end))}{end}"


def masked(text: str) -> str:
    """The text with the middle of ID card and mobile phone numbers hidden; other figures stay."""
    return _NUMBERS.sub(_hidden, text)
