"""One spelling for texts people type in a hurry: width, case, digits, colloquial words, punctuation.

`normalised` is for comparing and learning, never for showing: what a person wrote is kept as written elsewhere.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
BREAK = " "
_DIGITS: Mapping[str, int] = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_COUNTED = "盏个晚天日号楼栋座层户处棵条块米点时分小次辆张间家月年周吨路巷期区人车"
_NUMERAL = re.compile(f"([零〇一二三四五六七八九两十百千]+)(?=[{_COUNTED}])")
_MARKS = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


def number_of(numeral: str) -> int:
    """The value of a Chinese numeral below ten thousand: `三` 3, `十五` 15, `一百零二` 102, `二〇二` 202.

    >>> [number_of(numeral) for numeral in ("三", "十五", "一百零二", "二〇二")]
    [3, 15, 102, 202]
    """
    if not set(numeral) & set(_TENS):
        return int("".join(str(_DIGITS[sign]) for sign in numeral))
    total, pending = 0, 0
    for sign in numeral:
        if sign in _TENS:
            total, pending = total + (pending or 1) * _TENS[sign], 0
        else:
            pending = _DIGITS[sign]
    return total + pending


@cache
def spellings() -> Mapping[str, str]:
    """Colloquial, Cantonese and mistyped words by the plain word for the same thing, from `data/spellings.csv`."""
    with (DATA / "spellings.csv").open(encoding="utf-8", newline="") as file:
        return {row["said"]: row["plain"] for row in csv.DictReader(file)}


@cache
def _said() -> re.Pattern[str]:
    """Longer words first, so that `唔见咗` is read before `唔见`."""
    return re.compile("|".join(re.escape(word) for word in sorted(spellings(), key=len, reverse=True)))


def folded(text: str) -> str:
    """One width and case; each run of punctuation and blanks becomes one blank; words stay as they were written."""
    return _MARKS.sub(BREAK, unicodedata.normalize("NFKC", text).lower()).strip()


def normalised(text: str) -> str:
    """`folded`, with counted numerals in digits and colloquial words in plain ones.

    >>> normalised("路口  三盏路灯，唔着咗！")
    '路口 3盏路灯 不亮'
    """
    plain = _said().sub(lambda found: spellings()[found.group()], folded(text))
    return _NUMERAL.sub(lambda found: str(number_of(found.group(1))), plain).strip()
