"""Parts of the case page that apps bring: a heading now, the part itself when the page has loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from yiwang.engines.cases.api import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePart:
    """One part. The page at `url_name` (its parameter `case_id`) holds a `<section id="<key>">`, which is taken in.

    `needs(view)` must be cheap (no SQL): whether this case has the part for who looks at it.
    """

    key: str
    title: str
    url_name: str
    needs: Callable[[CaseView], bool]


class Beside(NamedTuple):
    """A part as one page shows it."""

    key: str
    title: str
    url: str


_parts: dict[str, CasePart] = {}


def add_case_part(part: CasePart) -> None:
    """Called once at start; a second part of the same key replaces the first."""
    _parts[part.key] = part


def parts_beside(view: CaseView) -> list[Beside]:
    """The parts this case has for its reader; none whose page a deployment leaves unmounted."""
    found = []
    for part in _parts.values():
        if part.needs(view):
            try:
                url = reverse(part.url_name, kwargs={"case_id": view.id})
            except NoReverseMatch:
                continue
            found.append(Beside(part.key, gettext(part.title), url))
    return found
