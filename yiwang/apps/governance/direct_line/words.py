"""Texts cut into pairs of neighbouring characters: the same way when an article is kept and when it is looked for."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_SIGNS = re.compile(r"[\W_]+")
_WORDS, _SIGNS_OF_WORDS = Path(__file__).with_name("empty_words.txt").read_text(encoding="utf-8").split("\n")[:2]
EMPTY, SMALL = frozenset(_WORDS.split()), frozenset(_SIGNS_OF_WORDS)
"""Words, and signs of words, that stand in every question and tell nothing of what it is about (a proposal)."""
LONGEST = 400


def pairs_of(text: str) -> list[str]:
    """Pairs of each run of letters and digits, folded to one width and lower case; a lone sign stands for itself."""
    folded = unicodedata.normalize("NFKC", text).lower()
    found: dict[str, None] = {}
    for run in _SIGNS.split(folded):
        for place in range(max(len(run) - 1, 1 if run else 0)):
            found.setdefault(run[place : place + 2])
    return list(found)


def wanted_pairs(text: str) -> list[str]:
    """The pairs of a question that say what it is about (all when none does), and its signs, for tags of one sign."""
    text = text[:LONGEST]
    pairs = pairs_of(text)
    telling = [pair for pair in pairs if pair not in EMPTY and not SMALL.issuperset(pair)] or pairs
    signs = {sign: None for pair in telling for sign in pair if sign not in SMALL and not sign.isascii()}
    return list(dict.fromkeys([*telling, *signs]))


def terms(pairs: list[str]) -> list[str]:
    """Each as a tsquery. A question of a lone sign asks for every pair that begins with it."""
    quoted = ["'" + pair.replace("\\", "\\\\").replace("'", "''") + "'" for pair in pairs]
    return [f"{text}:*" for text in quoted] if len(pairs) == 1 and len(pairs[0]) == 1 else quoted
