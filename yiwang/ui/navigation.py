"""Entries of the staff rail and of the public header and footer; engines register theirs when Django starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

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
    """Add an entry, or replace the one of the same key."""
    _items[item.key] = item


def registered() -> tuple[NavItem, ...]:
    """All entries in the order they show."""
    return tuple(sorted(_items.values(), key=lambda item: (item.order, item.key)))


@lru_cache(maxsize=256)
def address_of(url_name: str, urlconf: str) -> str:
    """The address of a page without arguments, kept: every page of the frame asks a dozen; '' when it has none."""
    try:
        return reverse(url_name, urlconf)
    except NoReverseMatch:
        return ""


def _entry(item: NavItem, request: HttpRequest) -> Entry | None:
    if item.needs is not None and not item.needs(request):
        return None
    url = address_of(item.url_name, settings.ROOT_URLCONF)
    if not url:  # A deployment may leave an engine's pages unmounted; the check `ui.W001` names it.
        return None
    is_current = request.path == url or (url != "/" and request.path.startswith(url.rstrip("/") + "/"))
    count = item.count(request) if item.count is not None else None
    return Entry(item.key, gettext(item.title), url, item.icon, is_current, count)


def _nearest_only(entries: list[Entry]) -> list[Entry]:
    """Of several entries whose address begins the current one only the longest is current."""
    best = max((len(entry.url) for entry in entries if entry.is_current), default=0)
    return [
        Entry(e.key, e.title, e.url, e.icon, e.is_current and len(e.url) == best, e.count) if e.is_current else e
        for e in entries
    ]


def entries(request: HttpRequest, group: str) -> list[Entry]:
    """The entries of one group (PUBLIC or FOOTER) this reader may see."""
    found = [_entry(item, request) for item in registered() if item.group == group]
    return _nearest_only([entry for entry in found if entry is not None])


def rail(request: HttpRequest) -> list[tuple[str, list[Entry]]]:
    """The staff rail: (heading, entries), headings in the order of their first entry, empty ones left out."""
    found = [(item.group, _entry(item, request)) for item in registered() if item.group not in (PUBLIC, FOOTER)]
    seen = [(group, entry) for group, entry in found if entry is not None]
    current = {entry.key for entry in _nearest_only([entry for _, entry in seen]) if entry.is_current}
    order = {group: place for place, group in reversed(list(enumerate(group for group, _ in seen)))}
    seen.sort(key=lambda pair: order[pair[0]])
    return [
        (
            gettext(group) if group else "",
            [Entry(e.key, e.title, e.url, e.icon, e.key in current, e.count) for _, e in pairs],
        )
        for group, pairs in groupby(seen, key=lambda pair: pair[0])
    ]
