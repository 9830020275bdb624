"""Words cities write in their spreadsheets, from `data/words.csv`; a deployment may add its own there."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
_BLANKS = re.compile(r"\s+")
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]")


def folded(text: str) -> str:
    """One width, no blanks, no line breaks, lower case: `街面秩序\\n` and `街面 秩序` are one name."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def without_aside(text: str) -> str:
    """Without what stands in brackets."""
    return _ASIDE.sub("", text)


@cache
def words(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Words of a kind by what they mean, in the order of the file."""
    with (DATA / "words.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return {row["key"]: tuple(folded(word) for word in row["words"].split()) for row in rows}


@cache
def meanings(kind: str) -> Mapping[str, str]:
    """What each word of a kind means; longer words first, so that `紧急工作时` is not read as `工作时`."""
    pairs = [(word, key) for key, spelled in words(kind).items() for word in spelled]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))
