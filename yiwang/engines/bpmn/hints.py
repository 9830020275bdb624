"""The nearest name to a mistaken one, as a Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

CLOSE = 0.5
"""Chinese names are short: two characters of which one is right are close."""
MOST_NAMES = 12


def nearest(name: str, options: Iterable[str]) -> str:
    """“您是不是要写 …”, or the names there are; '' when there are none."""
    known = sorted(set(options))
    close = get_close_matches(name, known, n=1, cutoff=CLOSE)
    if close:
        return f"您是不是要写“{close[0]}”？"
    return f"可用的有：{'、'.join(known[:MOST_NAMES])}。" if known else ""
