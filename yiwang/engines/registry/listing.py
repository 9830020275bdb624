"""What lists of the registry share: filters kept from page to page, the towns to choose from, addresses."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext

from yiwang.engines.directory.api import Actor, children, district_code, name_of
from yiwang.ui.components.base import Component
from yiwang.ui.components.records import Filter, FilterBar
from yiwang.ui.components.simple import Tag


def onward(request: HttpRequest, after: str) -> str:
    """The address of the next page, with the filters of this one; '' when there is none."""
    return "?" + urlencode({**given(request), "after": after}) if after else ""


def given(request: HttpRequest) -> dict[str, str]:
    """The filters in force."""
    return {name: str(value) for name, value in request.GET.items() if value and name != "after"}


def divisions_of(actor: Actor, verb: str) -> list[tuple[str, str]]:
    """(code, name) of the district and towns where the actor holds the verb."""
    here = district_code()
    codes = [here, *(town.code for town in children(here))]
    return [(code, name_of(code)) for code in codes if actor.may(verb, code)]


def search_bar(request: HttpRequest, actor: Actor, verb: str, title: str) -> FilterBar:
    """Search by `title`, town and state: the bar of offices and of staff alike."""
    asked, everywhere = request.GET, ("", gettext("全部"))
    towns = [everywhere, *(pair for pair in divisions_of(actor, verb) if len(pair[0]) > 6)]
    states = [("", gettext("在用")), ("closed", gettext("已停用"))]
    return FilterBar(
        filters=[
            Filter(name="division", title=gettext("区划"), value=asked.get("division", ""), options=towns),
            Filter(name="state", title=gettext("状态"), value=asked.get("state", ""), options=states),
        ],
        search_name="q", search_title=title, search_value=asked.get("q", ""), clear_url=request.path,
    )  # fmt: skip


def state_tag(is_active: bool) -> Component | str:
    """Said only when it is not the ordinary state."""
    return "" if is_active else Tag(text=gettext("已停用"), tone="warning")
