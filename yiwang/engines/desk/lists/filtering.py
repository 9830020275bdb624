"""The filters above a list, as the form that is shown, and the boxes as tabs with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, children, district_code, minimal_prefixes, name_of
from yiwang.engines.worklists.api import (
    BOUND,
    BOXES,
    DUES,
    SORTS,
    STATUSES,
    Catalogue,
    Counts,
    Search,
    catalogue,
)
from yiwang.ui.components.base import escaped
from yiwang.ui.components.records import Filter, Tab, Tabs

Options = Sequence[tuple[str, str]]
_RUNNING_BOXES = ("mine", "post", "unit")
"""Boxes of work at hand: no status to choose, and no days to look back to."""


@dataclass(frozen=True, kw_only=True)
class Chooser(Filter):
    """A choice whose options are built by hand: a town has a hundred villages, on every page."""

    @property
    def body(self) -> SafeString:
        """The options as markup."""
        parts = [
            f'<option value="{escaped(value)}"{" selected" if value == self.value else ""}>{escaped(title)}</option>'
            for value, title in self.options
        ]
        return SafeString("".join(parts))


def _options(named: Mapping[str, str], all_title: str) -> Options:
    return (("", all_title), *((key, gettext(title)) for key, title in named.items()))


def _kinds(known: Catalogue, search: Search) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Titles of types, and the stages and categories of the chosen one (of the only one, when there is one)."""
    chosen = known.kinds.get(search.type) or (next(iter(known.kinds.values())) if len(known.kinds) == 1 else None)
    types = {key: kind.title for key, kind in known.kinds.items()}
    return types, dict(chosen.stages) if chosen else {}, dict(chosen.categories) if chosen else {}


def areas(actor: Actor, search: Search) -> dict[str, str]:
    """Divisions to choose from: what the posts cover, the towns in it, the villages of one town."""
    covered = minimal_prefixes(grant.division for grant in actor.grants) or (district_code(),)
    found: dict[str, str] = {}
    for code in covered:
        if len(code) > 6:
            found[code] = name_of(code)
        for inside in children(code):
            found[inside.code] = inside.name if len(code) <= 6 else f"　{inside.name}"
            if len(code) <= 6 and search.area.startswith(inside.code):
                found |= {one.code: f"　{one.name}" for one in children(inside.code)}
    return found


def filters_of(actor: Actor, search: Search) -> list[Chooser]:
    """The choices this box offers."""
    types, stages, categories = _kinds(catalogue(), search)
    shown = [
        ("type", gettext("事项类型"), types if len(types) > 1 or search.type else {}, search.type),
        ("stage", gettext("环节"), stages, search.stage),
        ("category", gettext("类别"), categories, search.category),
        ("area", gettext("区划"), areas(actor, search), search.area),
        ("status", gettext("状态"), {} if search.box in _RUNNING_BOXES else STATUSES, search.status),
        ("due", gettext("期限"), DUES, search.due),
    ]
    return [
        Chooser(name=name, title=title, options=_options(named, gettext("全部")), value=value)
        for name, title, named, value in shown
        if named
    ]


def order_of(search: Search) -> Chooser:
    """How the list is sorted."""
    titles = {**SORTS, "due": gettext("期限最近")} if search.box in _RUNNING_BOXES else SORTS
    options = [(key, gettext(title)) for key, title in titles.items()]
    return Chooser(name="sort", title=gettext("排序"), options=options, value=search.order)


def has_days(search: Search) -> bool:
    return search.box not in _RUNNING_BOXES


def words_of(search: Search) -> list[str]:
    """The filters in force, in words: for paper and for screen readers."""
    known = catalogue()
    _, stages, categories = _kinds(known, search)
    kind = known.kinds.get(search.type)
    found = [
        gettext(kind.title) if kind else "", gettext(stages.get(search.stage, search.stage)),
        gettext(categories.get(search.category, search.category)), name_of(search.area) if search.area else "",
        gettext(STATUSES.get(search.status, "")), gettext(DUES.get(search.due, "")),
        gettext("%(day)s 起") % {"day": search.opened_from} if search.opened_from else "",
        gettext("%(day)s 止") % {"day": search.opened_to} if search.opened_to else "",
        f"“{search.q}”" if search.q else "",
    ]  # fmt: skip
    return [text for text in found if text]


def counted(number: int) -> int | str:
    """A count as shown: exact up to the bound, then 300+."""
    return f"{BOUND}+" if number > BOUND else number


def tabs_of(search: Search, figures: Counts) -> Tabs:
    """The boxes; changing the box drops filters that may mean nothing there."""
    tabs = [
        Tab(
            title=gettext(title), href=f"{reverse('desk:work')}?box={box}", is_current=box == search.box,
            count=counted(figures.boxes[box]) if box in figures.boxes else None,  # type: ignore[arg-type]
        )
        for box, title in BOXES.items()
    ]  # fmt: skip
    attributes = {
        "hx-boost": "true", "hx-target": "#main", "hx-select": "#main", "hx-swap": "outerHTML show:none",
    }  # fmt: skip
    return Tabs(title=gettext("列表"), tabs=tabs, attributes=attributes)
