"""Conditions over a fact table: SQL that an app declares, checked at the start against the columns it names.

Nobody types them in a browser; the check is there so that a wrong name stops the start and not a page. Words allowed
are the columns, a short list of SQL words, literals, and the three instants `:cutoff`, `:begins` and `:ends`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from yiwang.kernel.errors import SpecError, did_you_mean

INSTANTS = ("cutoff", "begins", "ends")
"""Of the question that is asked: as of when, and the period's two ends (the second is outside)."""
_WORDS = frozenset(
    ("and", "or", "not", "is", "null", "true", "false", "between", "in", "like", "case", "when", "then", "else", "end")
)
_FUNCTIONS = frozenset(("coalesce", "nullif", "greatest", "least", "distinct", "from", "extract", "epoch", "interval"))
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|:(?P<instant>[a-z_]+)|(?P<word>[a-z_][a-z0-9_]*)"
    r"|(?P<sign>::numeric|<=|>=|<>|[-+*/()<>=,]))",
    re.IGNORECASE,
)


def check_condition(where: str, text: str, columns: Iterable[str]) -> None:
    """SpecError at `where` unless every word of the condition is known and its brackets match."""
    known, depth = frozenset(columns), 0
    for kind, word in _words(where, text):
        if kind == "sign":
            depth += {"(": 1, ")": -1}.get(word, 0)
        elif kind == "instant" and word not in INSTANTS:
            raise SpecError(where, f"':{word}' is no instant of a question.", did_you_mean(word, INSTANTS))
        elif kind == "word" and word not in known and word.lower() not in _WORDS | _FUNCTIONS:
            raise SpecError(where, f"'{word}' is no column of the dataset.", did_you_mean(word, known))
        if depth < 0:
            break
    if depth != 0 or not text.strip():
        raise SpecError(where, f"'{text}' is no whole condition.", "Match its brackets and say something.")


def _words(where: str, text: str) -> Iterable[tuple[str, str]]:
    place, end = 0, len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            now = "Use columns, literals and comparisons."
            raise SpecError(where, f"'{text[place : place + 20]}' cannot be read.", now)
        kind = str(found.lastgroup)
        yield kind, found[kind]
        place = found.end()


def with_instants(text: str, names: dict[str, str]) -> str:
    """The condition with each instant replaced by the SQL that stands for it; texts in quotes stay as they are."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(
        part if part.startswith("'") else re.sub(r"(?<!:):([a-z_]+)", lambda m: names.get(m[1], m[0]), part)
        for part in parts
    )
