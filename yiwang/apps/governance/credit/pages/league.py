"""League tables of towns, departments, inspectors and firms, best or worst first."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.credit.kinds import LEVELS, SUBJECTS
from yiwang.apps.governance.credit.models import Subject
from yiwang.apps.governance.credit.pages.showing import level_tag, score
from yiwang.apps.governance.credit.rules import BASE, effect_of
from yiwang.apps.governance.credit.selectors.seeing import Asked, league, reads
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of, children, district_code, path_of, today
from yiwang.kernel.errors import NotAllowed, NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Column, Filter, FilterBar, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page


def require_reading(request: HttpRequest) -> Actor:
    """The actor, when its posts look at credit; NotAllowed otherwise."""
    actor = actor_of(request)
    if not reads(actor):
        raise NotAllowed(next_step=gettext("信用评价由信用联络员查看，请联系本单位管理员。"))
    return actor


def tabs_of(kind: str, **kept: str) -> Tabs:
    """One tab for each kind of subject."""
    rest = {key: value for key, value in kept.items() if value}
    tabs = [
        Tab(title=gettext(title), href=f"?{urlencode({'kind': key, **rest})}", is_current=key == kind)
        for key, title in SUBJECTS.items()
    ]
    return Tabs(title=gettext("评价对象"), tabs=tabs)


def kind_of(request: HttpRequest) -> str:
    """The kind asked for, departments when none is; NotFound for nonsense."""
    kind = request.GET.get("kind", "department")
    if kind not in SUBJECTS:
        raise NotFound
    return kind


@require_safe
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """`?kind=&town=&level=&q=&order=`, paged by `after`."""
    actor, kind, given = require_reading(request), kind_of(request), request.GET
    town = given.get("town", "")
    level = given.get("level", "") if given.get("level", "") in LEVELS else ""
    asked = Asked(kind, town if town.isdigit() else "", level, given.get("q", "")[:40].strip(),
                  given.get("order") == "up", _after(given.get("after", "")))  # fmt: skip
    rows, after = league(actor, asked)
    kept = {"kind": kind, "town": asked.division, "level": level, "q": asked.search}
    kept["order"] = "up" if asked.is_worst_first else ""
    following = urlencode({**{key: value for key, value in kept.items() if value}, "after": after}) if after else ""
    context = {
        "title": gettext("信用榜单"), "tabs": tabs_of(kind, town=asked.division), "bar": _bar(asked),
        "table": _table(kind, rows, f"?{following}" if following else ""),
        "note": gettext("基准分 {base}。分数由信用记录和当天规则重算得出，规则为建议值。").format(base=int(BASE)),
    }  # fmt: skip
    return staff_page(request, "credit/league.html", context)


def _after(text: str) -> str:
    score_text, _, key = text.partition("_")
    try:
        float(score_text), UUID(key)
    except ValueError:
        return ""
    return text


def _bar(asked: Asked) -> FilterBar:
    every = ("", gettext("全部"))
    towns = [every, *((one.code, one.name) for one in children(district_code()))]
    levels = [every, *((key, gettext(one)) for key, one in LEVELS.items())]
    orders = [("", gettext("最高的在前")), ("up", gettext("最低的在前"))]
    order = "up" if asked.is_worst_first else ""
    return FilterBar(
        action=reverse("credit:league"), kept={"kind": asked.kind}, search_name="q", search_title=gettext("名称"),
        search_value=asked.search, clear_url=f"?kind={asked.kind}",
        filters=[
            Filter(name="town", title=gettext("镇街"), options=towns, value=asked.division),
            Filter(name="level", title=gettext("等级"), options=levels, value=asked.level),
            Filter(name="order", title=gettext("次序"), options=orders, value=order),
        ],
    )  # fmt: skip


def _table(kind: str, rows: list[Subject], next_url: str) -> Table:
    on = today()
    columns = [
        Column(title=gettext("名称")), Column(title=gettext("区划"), is_wide=True),
        Column(title=gettext("分数"), is_figures=True), Column(title=gettext("等级")),
        Column(title=gettext("检查频次系数"), is_figures=True), Column(title=gettext("绿色通道")),
    ]  # fmt: skip
    shown_rows = []
    for one in rows:
        effect = effect_of(one.level, one.kind, on)
        green = Tag(text=gettext("可走"), tone="success") if effect.green_channel else "—"
        shown_rows.append(
            Row(
                key=str(one.pk), href=reverse("credit:subject", args=[one.pk]),
                cells=[
                    one.name, path_of(one.division[:12]), score(one.score), level_tag(one.level),
                    f"{effect.factor:g}", green,
                ],
            )
        )  # fmt: skip
    empty = EmptyState(
        title=gettext("没有符合条件的对象"),
        text=gettext("检查员和企业有了信用记录后才会列出；也可以放宽筛选。"),
        icon="star",
    )
    return Table(title=gettext(SUBJECTS[kind]), columns=columns, rows=shown_rows, empty=empty, next_url=next_url)
