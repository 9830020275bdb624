"""地址查找: words to places, each with what speaks for it. It decides nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from yiwang.apps.governance.intake.entries import may_read
from yiwang.apps.governance.intake.geocoding import Candidate, candidates
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page

KINDS = {
    "component": gettext_noop("部件台账"), "address": gettext_noop("以前的上报"), "division": gettext_noop("区划名称"),
}  # fmt: skip
_MOST_SIGNS = 200


@require_safe
@staff_only
def places(request: HttpRequest) -> HttpResponse:
    """The candidates for `q`."""
    if not may_read(request):
        raise NotAllowed
    words = request.GET.get("q", "").replace("\0", "").strip()[:_MOST_SIGNS]
    table = _table(candidates(actor_of(request), words)) if words else None
    return staff_page(request, "intake/places.html", {"q": words, "table": table})


def _table(found: list[Candidate]) -> Table:
    titles = ("地点", "依据", "把握", "理由", "辖区", "经纬度")
    empty = EmptyState(
        title=gettext("没有找到这个地址"), icon="pin",
        text=gettext("台账、以前的上报和区划名称里都没有。请联系上报人，或由人到地图上选定。"),
    )  # fmt: skip
    return Table(
        title=gettext("可能的地点"), columns=[Column(title=gettext(title)) for title in titles],
        rows=[_row(number, one) for number, one in enumerate(found)], empty=empty,
    )  # fmt: skip


def _row(number: int, one: Candidate) -> Row:
    sure = (
        Tag(text=gettext("可直接采用"), tone="success")
        if one.is_sure
        else Tag(text=gettext("须由人判断"), tone="warning")
    )
    point = f"{one.longitude:.5f}, {one.latitude:.5f}" if one.longitude is not None else gettext("只知道辖区")
    where = path_of(one.division) if one.division else gettext("不在本区")
    share = f"{round(one.confidence * 100)}%"
    return Row(
        key=str(number),
        cells=[
            one.title,
            gettext(KINDS[one.kind]),
            format_html("{} {}", share, sure),
            "".join(one.reasons),
            where,
            point,
        ],
    )
