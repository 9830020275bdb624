"""A text in one width and case whose every character still knows where it stood in the text as written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

CLAUSE, SENTENCE = " ", "\n"
"""What a run of marks becomes: the end of a clause, or of a sentence when a mark of the run ends one."""
_ENDS = frozenset("。！？；!?;\n\r")
_KEPT = re.compile(r"[0-9a-z\u3400-\u9fff]")


@dataclass(frozen=True)
class Folded:
    """`text` folded, and for each of its characters its place in `source`."""

    source: str
    text: str
    places: tuple[int, ...]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Where the folded characters from `start` up to `end` stand in the source."""
        return self.places[start], self.places[end - 1] + 1

    def around(self, at: int, mark: str) -> tuple[int, int]:
        """The stretch around a place up to the nearest `mark` (or the end of a sentence) on both sides."""
        ends = self._clauses if mark == CLAUSE else self._sentences
        return next((start, end) for start, end in ends if start <= at <= end)

    @cached_property
    def _clauses(self) -> tuple[tuple[int, int], ...]:
        return tuple(found.span() for found in re.finditer(r"[^ \n]*(?:[ \n]|$)", self.text))

    @cached_property
    def _sentences(self) -> tuple[tuple[int, int], ...]:
        return tuple(found.span() for found in re.finditer(r"[^\n]*(?:\n|$)", self.text))


def fold(text: str) -> Folded:
    """One width, lower case, marks and blanks gathered into CLAUSE or SENTENCE."""
    signs: list[str] = []
    places: list[int] = []
    for place, written in enumerate(text):
        for sign in unicodedata.normalize("NFKC", written).lower():
            if _KEPT.match(sign):
                signs.append(sign)
                places.append(place)
            elif not signs or signs[-1] not in (CLAUSE, SENTENCE):
                signs.append(SENTENCE if written in _ENDS else CLAUSE)
                places.append(place)
            elif written in _ENDS:
                signs[-1] = SENTENCE
    return Folded(text, "".join(signs), tuple(places))
