"""Entries of the staff rail and of the public header and footer; engines register theirs when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from yiwang.ui.words import reader_language, said

PUBLIC, FOOTER = "public", "footer"
"""Groups that show in the public shell; every other group is a Chinese heading of the staff rail."""


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry: Chinese title, name of an address without arguments, icon of the sprite, heading, and who sees it.

    `needs(request)` must be cheap (no SQL: ask `request.actor`); `count(request)` may give a number to show.
    """

    key: str
    title: str
    url_name: str
    icon: str = "list"
    group: str = ""
    needs: Callable[[HttpRequest], bool] | None = None
    order: int = 100
    count: Callable[[HttpRequest], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A NavItem as one request sees it."""

    key: str
    title: str
    url: str
    icon: str
    is_current: bool
    count: int | None


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry, or replace the one of the same key. They are kept in the order they show."""
    known = _items | {item.key: item}
    _items.clear()
    _items.update(sorted(known.items(), key=lambda pair: (pair[1].order, pair[0])))


def registered() -> tuple[NavItem, ...]:
    """All entries in the order they show."""
    return tuple(_items.values())


@lru_cache(maxsize=256)
def address_of(url_name: str, urlconf: str, *arguments: str) -> str:
    """An address that is the same for all, kept: every page of the frame asks a dozen; '' when it has none."""
    try:
        return reverse(url_name, urlconf, arguments)
    except NoReverseMatch:
        return ""


def _address_for(item: NavItem, request: HttpRequest) -> str:
    """Where the entry leads this reader; '' when it is not theirs to see."""
    if item.needs is not None and not item.needs(request):
        return ""
    # A deployment may leave an engine's pages unmounted; the check `ui.W001` names it.
    return address_of(item.url_name, settings.ROOT_URLCONF)


def _leads_here(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))


def _seen(request: HttpRequest, items: Iterable[NavItem]) -> list[tuple[str, Entry]]:
    """(group, entry) of what this reader may see. Of addresses that begin the current one only the longest counts."""
    found = [(item, url) for item in items if (url := _address_for(item, request))]
    current = max((url for _, url in found if _leads_here(url, request.path)), key=len, default="")
    language = reader_language()
    return [
        (item.group, Entry(item.key, said(item.title, language), url, item.icon, url == current, _count(item, request)))
        for item, url in found
    ]


def _count(item: NavItem, request: HttpRequest) -> int | None:
    return item.count(request) if item.count is not None else None


def entries(request: HttpRequest, group: str) -> list[Entry]:
    """The entries of one group (PUBLIC or FOOTER) this reader may see."""
    return [entry for _, entry in _seen(request, (item for item in registered() if item.group == group))]


def rail(request: HttpRequest) -> list[tuple[str, list[Entry]]]:
    """The staff rail: (heading, entries), headings in the order of their first entry, empty ones left out."""
    found: dict[str, list[Entry]] = {}
    for group, entry in _seen(request, (item for item in registered() if item.group not in (PUBLIC, FOOTER))):
        found.setdefault(group, []).append(entry)
    language = reader_language()
    return [(said(group, language) if group else "", under) for group, under in found.items()]
