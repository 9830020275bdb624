"""The rail, the tabs of a phone and the sheet of everything as markup.

No template, for the same reason as the table: two dozen entries stand twice on every page. Each link is kept by all
that it shows, so two people share one only where they would see the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from yiwang.ui.components.base import icon
from yiwang.ui.navigation import Entry

Group = tuple[str, Sequence[Entry]]
"""A heading and what stands under it."""


@lru_cache(maxsize=2048)
def _link(entry: Entry, kind: str, loads: bool) -> str:
    """One link; `loads`: htmx puts its page into the main region."""
    address = escape(entry.url)
    load = f' hx-get="{address}"' if loads else ""
    current = ' aria-current="page"' if entry.is_current else ""
    count = f'<span class="count">{entry.count}</span>' if entry.count and kind == "rail-link" else ""
    inside = f"{icon(entry.icon)}<span>{escape(entry.title)}</span>{count}"
    return f'<a class="{kind}" href="{address}"{load}{current}>{inside}</a>'


def _items(entries: Iterable[Entry], loads: bool) -> str:
    return "".join([f"<li>{_link(entry, 'rail-link', loads)}</li>" for entry in entries])


def groups(rail: Iterable[Group]) -> SafeString:
    """The rail itself: headings that name their lists."""
    parts = []
    for number, (heading, entries) in enumerate(rail, start=1):
        named = f' aria-labelledby="rail-{number}"' if heading else ""
        head = f'<p class="rail-heading" id="rail-{number}">{escape(heading)}</p>' if heading else ""
        parts.append(f"{head}<ul{named}>{_items(entries, loads=True)}</ul>\n")
    return SafeString("".join(parts))


def sheet(rail: Iterable[Group]) -> SafeString:
    """The same on a phone, in the window that "more" opens."""
    parts = []
    for heading, entries in rail:
        head = f'<p class="rail-heading">{escape(heading)}</p>' if heading else ""
        parts.append(f"{head}<ul>{_items(entries, loads=False)}</ul>")
    return SafeString("".join(parts))


def tabs(entries: Iterable[Entry]) -> SafeString:
    """The bar at the bottom of a phone."""
    return SafeString("".join([_link(entry, "tab-bar-link", True) for entry in entries]))
