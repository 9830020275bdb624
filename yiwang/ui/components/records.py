"""Components of lists and records: table with pager and selection, filters, timeline, facts, attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.kernel.errors import SpecError
from yiwang.ui.components.base import Component, check_tone, component, escaped, icon
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.simple import Button


@dataclass(frozen=True, kw_only=True)
class Column:
    """`is_wide` columns give way when a detail stands beside the list; `is_figures` are right-aligned numbers."""

    title: str
    is_wide: bool = False
    is_figures: bool = False

    @property
    def classes(self) -> str:
        return " ".join(
            name for name, is_on in (("column-wide", self.is_wide), ("column-figures", self.is_figures)) if is_on
        )


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record. The first cell is its heading, and its link when `href` is given."""

    key: str
    cells: Sequence[object]
    href: str = ""
    is_current: bool = False
    is_selectable: bool = True


@component("table")
@dataclass(frozen=True, kw_only=True)
class Table(Component):
    """Records in rows; cards on a phone. Give `bulk_action` (an address) and `bulk` (buttons) to let people select.

    The addresses of the neighbouring pages come from keyset paging; '' when there is none. `opens_detail` loads a
    record beside the list. The selected keys are posted as `key`.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    is_title_shown: bool = False
    empty: Component = field(default_factory=lambda: EmptyState(title=gettext("没有记录")))
    opens_detail: bool = False
    is_cards: bool = True
    bulk_action: str = ""
    bulk: Sequence[Button] = ()
    previous_url: str = ""
    next_url: str = ""
    summary: str = ""

    template: ClassVar[str] = "ui/components/table.html"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise SpecError(
                    f"Table '{self.title}', row '{row.key}'",
                    f"has {len(row.cells)} cells for {len(self.columns)} columns.",
                    "Give one cell for each column; an empty text leaves it blank.",
                )

    @property
    def body(self) -> SafeString:
        """The rows. Long lists are why this is no template: 50 rows of 8 cells take about 1 ms."""
        begins = [
            f'<td role="cell" class="{column.classes}" data-title="{escaped(column.title)}">'
            for column in self.columns[1:]
        ]
        return SafeString("".join([self._row(row, begins) for row in self.rows]))

    def _row(self, row: Row, begins: Sequence[str]) -> str:
        key = escaped(row.key)
        head, *others = row.cells
        current = ' class="is-current" aria-current="true"' if row.is_current else ""
        parts = [f'<tr role="row" data-row="{key}"{current}>']
        if self.bulk_action:
            parts.append(self._box(row, key, head))
        parts.append(f'<th role="rowheader" scope="row">{self._heading(row, head)}</th>')
        for begin, cell in zip(begins, others, strict=True):
            parts.append(f"{begin}{'' if cell is None else escaped(cell)}</td>")
        return "".join((*parts, "</tr>"))

    @staticmethod
    def _box(row: Row, key: str, head: object) -> str:
        if not row.is_selectable:
            return '<td role="cell" class="column-select"></td>'
        return (
            f'<td role="cell" class="column-select"><input class="row-select" type="checkbox" name="key" value="{key}"'
            f' aria-label="{escaped(head)}"></td>'
        )

    def _heading(self, row: Row, head: object) -> str:
        text = escaped(head)
        if not row.href:
            return text
        address = escaped(row.href)
        loads = f' hx-get="{address}" hx-target="#detail" hx-push-url="true"' if self.opens_detail else ""
        return f'<a href="{address}"{loads}>{text}</a>'


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One choice of the filter bar: (value, title) options; the empty value stands for all."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    value: str = ""


@component("filters")
@dataclass(frozen=True, kw_only=True)
class FilterBar(Component):
    """A GET form above a list: text, choices, and saved filters (title, address, is current)."""

    action: str = ""
    filters: Sequence[Filter] = ()
    search_name: str = ""
    search_title: str = ""
    search_value: str = ""
    saved: Sequence[tuple[str, str, bool]] = ()
    clear_url: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    template: ClassVar[str] = "ui/components/filters.html"

    @property
    def is_filtered(self) -> bool:
        return bool(self.search_value or any(one.value for one in self.filters))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened: what, when, who, on whose behalf, why; `body` is further markup."""

    title: object
    at: datetime
    who: str = ""
    on_behalf_of: str = ""
    why: str = ""
    tone: str = "neutral"
    icon: str = "history"
    body: object = ""

    def __post_init__(self) -> None:
        check_tone(f"Moment '{self.title}'", self.tone)


@component("timeline")
@dataclass(frozen=True, kw_only=True)
class Timeline(Component):
    """Moments, in the order given. No template, for the same reason as the table: histories are long."""

    moments: Sequence[Moment]

    def render(self, request: HttpRequest | None = None) -> SafeString:
        return format_html('<ol class="timeline">{}</ol>', SafeString("".join(map(self._item, self.moments))))

    @staticmethod
    def _item(moment: Moment) -> str:
        who = f" · {escaped(moment.who)}" if moment.who else ""
        if moment.on_behalf_of:
            who += gettext("（代 %(name)s）") % {"name": escaped(moment.on_behalf_of)}
        why = f'<p class="moment-why">{escaped(moment.why)}</p>' if moment.why else ""
        body = f'<div class="moment-body">{escaped(moment.body)}</div>' if moment.body else ""
        return (
            f'<li class="moment moment-{moment.tone}"><span class="moment-mark">{icon(moment.icon)}</span>'
            f'<p class="moment-title">{escaped(moment.title)}</p>'
            f'<p class="moment-facts">{Time(at=moment.at).render()}{who}</p>{why}{body}</li>'
        )


@component("facts")
@dataclass(frozen=True, kw_only=True)
class Facts(Component):
    """A description list of (title, value). Values without content are shown as a dash."""

    pairs: Sequence[tuple[str, object]]

    def render(self, request: HttpRequest | None = None) -> SafeString:
        shown = [(title, "—" if value is None or value == "" else value) for title, value in self.pairs]
        inside = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", shown)
        return format_html('<dl class="facts">{}</dl>', inside)


@dataclass(frozen=True, kw_only=True)
class File:
    """One attachment; `thumbnail` is the address of a small picture, '' for other files."""

    name: str
    href: str
    thumbnail: str = ""
    note: str = ""


@component("gallery")
@dataclass(frozen=True, kw_only=True)
class Gallery(Component):
    """Attachments: pictures as pictures, other files by name."""

    files: Sequence[File]
    title: str = ""

    template: ClassVar[str] = "ui/components/gallery.html"


@component("breadcrumbs")
@dataclass(frozen=True, kw_only=True)
class Breadcrumbs(Component):
    """The way here: (title, address); the last one is this page and needs no address."""

    places: Sequence[tuple[str, str]]

    template: ClassVar[str] = "ui/components/breadcrumbs.html"


@dataclass(frozen=True, kw_only=True)
class Tab:
    title: str
    href: str
    is_current: bool = False
    count: int | None = None


@component("tabs")
@dataclass(frozen=True, kw_only=True)
class Tabs(Component):
    """Views of one thing, each with its own address; so they are links, and the current one says so."""

    title: str
    tabs: Sequence[Tab]
    attributes: dict[str, Any] = field(default_factory=dict)

    template: ClassVar[str] = "ui/components/tabs.html"
