"""Rows inside an actor's divisions, and pages of them by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Q

Row = TypeVar("Row")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of one page, and the key to go on after; '' at the end."""

    rows: Sequence[Row]
    after: str = ""


def within(column: str, prefixes: Iterable[str]) -> Q:
    """Rows whose division code begins with one of the prefixes; none without any."""
    found = Q(pk__in=[])
    for prefix in prefixes:
        if not prefix:
            return Q()
        found |= Q(**{f"{column}__startswith": prefix})
    return found
