"""What forms ask the directory: check digits, divisions, which division a point lies in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from yiwang.engines.directory import api as directory
from yiwang.engines.forms.schema import DIVISION_DIGITS
from yiwang.ui.navigation import address_of

_RESIDENT_ID = re.compile("[1-9][0-9]{16}[0-9X]\\Z")


@dataclass(frozen=True, slots=True)
class Choosable:
    """A division a person may choose: its code, its name, the name of what it lies in."""

    code: str
    title: str
    group: str


def is_resident_id(text: str) -> bool:
    """Whether `text` is a GB 11643 number: a day of birth that exists and the right check digit.

    The place of the first six digits is not judged: withdrawn codes and those of permanent residents from abroad stay
    valid for life.
    """
    if not _RESIDENT_ID.match(text) or mod_11_2.checksum(text) != 1:
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return True


def is_credit_code(text: str) -> bool:
    """Whether `text` is a GB 32100 code with the right check digit."""
    return len(text) == 18 and bool(uscc.is_valid(text))


def is_division(code: str) -> bool:
    """Whether the directory knows this code today."""
    return code in directory.division_names()


def locate(longitude: float, latitude: float) -> str | None:
    """The smallest division around a WGS-84 point; None outside the district."""
    return directory.locate(longitude, latitude)


def division_title(code: str) -> str:
    """The names from the town down to this division, or the code when the directory no longer knows it."""
    return directory.path_of(code)


def division_names() -> Mapping[str, str]:
    """Every division in force by code: the same object until one changes."""
    return directory.division_names()


def choosable(level: str, within: str) -> list[Choosable]:
    """Divisions of one level under a prefix, in order of code, each with its parent's name; '' for the district."""
    length, above = DIVISION_DIGITS[level], DIVISION_DIGITS[level] - 3 if level != "cell" else 12
    names = directory.division_names()
    return [
        Choosable(code, name, names.get(code[:above], ""))
        for code, name in names.items()
        if len(code) == length and code.startswith(within)
    ]


class Entry(NamedTuple):
    """An entry of a list kept elsewhere: its title, and the heading it stands under."""

    title: str
    group: str = ""


ListSource = Callable[[str], Mapping[str, Entry] | None]
_sources: list[ListSource] = []


def add_list_source(source: ListSource) -> None:
    """Answer for lists of some names: entries by key in the order to show, None for a list one does not keep."""
    if source not in _sources:
        _sources.append(source)


def entries(name: str) -> Mapping[str, Entry]:
    """A list by name; empty when nobody keeps it."""
    return next((found for source in _sources if (found := source(name)) is not None), {})


def map_address(level: str) -> str:
    """Where browsers get that layer."""
    return address_of("forms:map", settings.ROOT_URLCONF, level)


def map_layer(level: str) -> bytes:
    """GeoJSON of the divisions of a level, for the place picker; empty while none are loaded."""
    return directory.divisions_geojson(level)
