"""指挥调度: the console of a centre, with its figures, its centres below, and one list at a time."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.dispatch.asked import LISTS, Asked, categories, read_asked, steps, towns
from yiwang.apps.governance.dispatch.centres import DISTRICT, KINDS, centres
from yiwang.apps.governance.dispatch.incidents import LEVELS, UNITS
from yiwang.apps.governance.dispatch.pages.showing import (
    below_table,
    console_address,
    list_table,
    share_stats,
    step_table,
)
from yiwang.apps.governance.dispatch.selectors.listing import console
from yiwang.apps.governance.dispatch.selectors.shares import recent_shares
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.ui.components.records import Filter, FilterBar, Tab, Tabs
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """One centre. Without a post in incidents it is refused."""
    actor = actor_of(request)
    asked = read_asked(actor, request.GET)
    found, rows = console(actor, asked)
    context: dict[str, Any] = {
        "title": gettext("指挥调度"), "centre": asked.centre, "kind": gettext(KINDS[asked.centre.kind]),
        "others": _others(actor, asked), "filters": filter_bar(asked), "tabs": _tabs(asked, found.lists),
        "steps": step_table(asked, found.steps), "below": below_table(asked, found.below),
        "shares": share_stats(recent_shares(actor, asked.centre)), "table": list_table(asked, rows),
        "step": gettext(steps().get(asked.step, "")), "all_steps": console_address(asked, step=""),
        "total": found.lists["all"], "urgent": found.lists["urgent"],
    }  # fmt: skip
    return staff_page(request, "dispatch/console.html", context)


def _others(actor: Actor, asked: Asked) -> list[tuple[str, str, str]]:
    """(kind, name, address) of the actor's other centres."""
    address = reverse("dispatch:console")
    own = [one for one in centres(actor) if one != asked.centre]
    return [(gettext(KINDS[one.kind]), one.name, f"{address}?centre={one.key}") for one in own]


def _tabs(asked: Asked, found: Any) -> Tabs:
    tabs = [
        Tab(title=gettext(title), href=console_address(asked, list=key), is_current=key == asked.list, count=found[key])
        for key, title in LISTS.items()
    ]
    return Tabs(title=gettext("清单"), tabs=tabs)


def filter_bar(asked: Asked) -> FilterBar:
    """层级, 单位, 类别 and, for the district, 镇街."""

    def one(name: str, title: str, options: Any) -> Filter:
        choices = [("", gettext("全部")), *((key, gettext(text)) for key, text in options.items())]
        return Filter(name=name, title=gettext(title), options=choices, value=getattr(asked, name))

    filters = [one("level", "层级", LEVELS), one("unit", "主办单位", UNITS), one("category", "类别", categories())]
    if asked.centre.kind == DISTRICT:
        filters.append(one("town", "镇街", towns()))
    kept = {"centre": asked.centre.key, "list": asked.list} | ({"step": asked.step} if asked.step else {})
    clear = console_address(Asked(asked.centre, asked.list))
    return FilterBar(action=reverse("dispatch:console"), filters=filters, kept=kept, clear_url=clear)
