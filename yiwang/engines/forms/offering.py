"""Long lists of options as markup: a hundred entries drawn at every visit are most of what a fresh form costs.

They are kept by language for as long as whoever keeps the list answers with the very same one; a book in another
edition or a directory with another division is another object, and the list is drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils.autoreload import file_changed
from django.utils.safestring import SafeString

from yiwang.engines.forms import lookups
from yiwang.engines.forms.field_words import DivisionField, Listed
from yiwang.ui.words import reader_language, said

Line = tuple[str, str, str]
"""Heading, key and title of an option."""
_kept: dict[tuple[str, ...], tuple[Mapping[str, object], str]] = {}


def option_markup(key: str, title: str, *, is_chosen: bool = False) -> str:
    """One option of a select."""
    return f'<option value="{escape(key)}"{" selected" if is_chosen else ""}>{escape(title)}</option>'


def under_heading(heading: str, options: str, attributes: str = "") -> str:
    """Options under their heading; those without one stand alone."""
    return f'<optgroup label="{escape(heading)}"{attributes}>{options}</optgroup>' if heading else options


def listed_options(item: Listed, value: object) -> SafeString:
    """Entries of a list kept elsewhere, under their headings."""
    language, entries = reader_language(), lookups.entries(item.source)

    def lines() -> Iterable[Line]:
        return ((one.group, code, said(one.title, language)) for code, one in entries.items())

    return _chosen(_options(("listed", item.source, language), entries, lines), value)


def division_options(item: DivisionField, value: object) -> SafeString:
    """Divisions to choose from, grouped by what they lie in; their names are the same in every language."""

    def lines() -> Iterable[Line]:
        return ((one.group, one.code, one.title) for one in lookups.choosable(item.level, item.within))

    return _chosen(_options(("division", item.level, item.within), lookups.division_names(), lines), value)


def _options(key: tuple[str, ...], source: Mapping[str, object], lines: Callable[[], Iterable[Line]]) -> str:
    """Read once: another thread may put another list of that name in the place of this one at any moment."""
    found = _kept.get(key)
    if found is None or found[0] is not source:
        found = _kept[key] = (source, _drawn(lines()))
    return found[1]


def _drawn(lines: Iterable[Line]) -> str:
    return "".join(
        under_heading(heading, "".join(option_markup(key, title) for _, key, title in under))
        for heading, under in groupby(lines, key=lambda line: line[0])
    )


def _chosen(options: str, value: object) -> SafeString:
    if not isinstance(value, str) or not value:
        return SafeString(options)
    start = f'<option value="{escape(value)}"'
    return SafeString(options.replace(f"{start}>", f"{start} selected>", 1))


def forget(file_path: Path, **named: Any) -> None:
    """A catalogue was compiled anew while the site runs: titles drawn with the old one go."""
    if file_path.suffix == ".mo":
        _kept.clear()


file_changed.connect(forget)
