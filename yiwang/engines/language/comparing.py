"""How alike two short texts are, with the words they share.

The score is the geometric mean of two shares of common character pairs: of both texts together (Dice) and of the
shorter one (containment), so that a short report inside a long one still counts. Courtesies and filler say nothing
and are left out. A proposal of ours: no source states a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt

from yiwang.engines.language.normalising import BREAK, DATA, normalised

_FEW = 4


@dataclass(frozen=True)
class Similarity:
    """`score` from 0 (nothing in common) to 1 (the same), and the shared words, longest first: the reasons."""

    score: float
    shared: tuple[str, ...] = ()


@cache
def _filler() -> re.Pattern[str]:
    """Courtesies and filler of `data/filler.txt`, longer ones first."""
    said = (DATA / "filler.txt").read_text(encoding="utf-8").split()
    return re.compile("|".join(re.escape(word) for word in sorted(said, key=len, reverse=True)))


def essence(text: str) -> str:
    """The normalised text without courtesies and filler: `您好，路灯不亮，请尽快处理` is `路灯不亮`."""
    plain = _filler().sub(BREAK, normalised(text))
    return BREAK.join(plain.split())


@lru_cache(maxsize=20_000)
def grams(text: str, size: int = 2) -> frozenset[str]:
    """Runs of `size` characters of the text's essence, none across a break; a text too short gives itself."""
    pieces = essence(text).split(BREAK)
    found = {piece[at : at + size] for piece in pieces for at in range(len(piece) - size + 1)}
    return frozenset(found or {piece for piece in pieces if piece})


def shared_words(first: str, second: str, at_most: int = 6) -> tuple[str, ...]:
    """Longest runs of two or more characters of the first text's essence that stand in the second's, longest first."""
    other, found = essence(second), []
    for piece in essence(first).split(BREAK):
        start = 0
        while start < len(piece) - 1:
            end = start + 2
            while end <= len(piece) and piece[start:end] in other:
                end += 1
            if end - 1 - start >= 2:
                found.append(piece[start : end - 1])
                start = end - 1
            else:
                start += 1
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True)[:at_most])


def score(first: frozenset[str], second: frozenset[str]) -> float:
    """The score of two sets of grams. Sets of fewer than four count for less: two characters alike prove little."""
    common = len(first & second)
    if not common:
        return 0.0
    if first == second:
        return 1.0
    small = min(len(first), len(second))
    dice, inside = 2 * common / (len(first) + len(second)), common / small
    return sqrt(dice * inside) * min(1.0, small / _FEW)


def similarity(first: str, second: str) -> Similarity:
    """How alike two texts are, 0 to 1, the same whichever comes first, with the words they share.

    >>> found = similarity("小学门口井盖不见了", "您好，小学门口的沙井盖唔见咗，请尽快处理")
    >>> round(found.score, 2), found.shared
    (0.96, ('小学门口', '井盖缺失'))
    """
    value = score(grams(first), grams(second))
    return Similarity(value, shared_words(first, second) if value else ())
