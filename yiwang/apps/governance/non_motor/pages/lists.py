"""Violations, who repeats them, and one offender with all plates and measures."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.non_motor.kinds import KINDS, SOURCES, STEPS
from yiwang.apps.governance.non_motor.models import Measure, Violation
from yiwang.apps.governance.non_motor.selectors.reading import (
    Asked,
    Offender,
    offender_of,
    offenders,
    violations,
)
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, children, district_code, path_of
from yiwang.kernel.clock import now
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Filter, FilterBar, Row, Table
from yiwang.ui.components.simple import Button, Link, Stat, Tag
from yiwang.ui.pages import staff_page

YEAR = timedelta(days=365)
TITLES = ("车牌", "违规行为", "时间", "地点", "来源", "车主", "照片", "处理")


@require_safe
@staff_only
def violations_page(request: HttpRequest) -> HttpResponse:
    """`?kind=&source=&town=&plate=`, paged by `after`."""
    given = request.GET
    asked = Asked(
        given.get("kind", "") if given.get("kind", "") in KINDS else "",
        given.get("source", "") if given.get("source", "") in SOURCES else "",
        given.get("town", "") if given.get("town", "").isdigit() else "",
        given.get("plate", "").strip().upper()[:12], _instant_key(given.get("after", "")),
    )  # fmt: skip
    rows, after = violations(actor_of(request), asked)
    kept = {"kind": asked.kind, "source": asked.source, "town": asked.division, "plate": asked.plate}
    following = urlencode({**{key: value for key, value in kept.items() if value}, "after": after}) if after else ""
    empty = EmptyState(
        title=gettext("没有违规记录"), text=gettext("登记的、导入的违规会列在这里；也可以放宽筛选。"), icon="list"
    )
    context = {
        "title": gettext("违规记录"), "bar": _bar(asked),
        "table": _table(rows, empty, f"?{following}" if following else ""),
        "button": Button(text=gettext("登记违规"), href=reverse("non_motor:record"), icon="camera"),
    }  # fmt: skip
    return staff_page(request, "non_motor/list.html", context)


def _instant_key(text: str) -> str:
    at, _, key = text.partition("_")
    try:
        datetime.fromisoformat(at), UUID(key)
    except ValueError:
        return ""
    return text


def _bar(asked: Asked) -> FilterBar:
    every = ("", gettext("全部"))

    def options(named: dict[str, str]) -> list[tuple[str, str]]:
        return [every, *((key, gettext(title)) for key, title in named.items())]

    towns = [every, *((one.code, one.name) for one in children(district_code()))]
    return FilterBar(
        action=reverse("non_motor:violations"), search_name="plate", search_title=gettext("车牌开头"),
        search_value=asked.plate, clear_url=reverse("non_motor:violations"),
        filters=[
            Filter(name="kind", title=gettext("违规行为"), options=options(dict(KINDS)), value=asked.kind),
            Filter(name="source", title=gettext("来源"), options=options(dict(SOURCES)), value=asked.source),
            Filter(name="town", title=gettext("镇街"), options=towns, value=asked.division),
        ],
    )  # fmt: skip


def _table(rows: list[Violation], empty: EmptyState, next_url: str = "") -> Table:
    columns = [Column(title=gettext(one)) for one in TITLES]
    return Table(
        title=gettext("违规记录"), columns=columns, rows=[_row(one) for one in rows], empty=empty, next_url=next_url
    )


def _row(one: Violation) -> Row:
    measure = _measure(one)
    taken: object = ""
    if measure is not None:
        href = reverse("desk:case", args=[measure.case_id])
        taken = Link(text=f"{gettext(STEPS[measure.step])} {measure.number}", href=href)
    where = format_html('{}<span class="soft small block">{}</span>', path_of(one.division[:12]), one.address)
    return Row(
        key=str(one.pk), href=reverse("non_motor:offender", args=[one.pk]),
        cells=[one.plate, gettext(KINDS[one.kind]), Time(at=one.at), where, gettext(SOURCES[one.source]),
               one.name_masked or gettext("未登记"), _photos(one), taken],
    )  # fmt: skip


def _measure(one: Violation) -> Measure | None:
    return getattr(one, "measure", None)


def _photos(one: Violation) -> SafeString:
    links = (
        (Link(text=str(number), href=reverse("forms:attachment", args=[photo])).render(),)
        for number, photo in enumerate(one.photos, start=1)
    )
    return format_html_join(" ", "{}", links)


@require_safe
@staff_only
def offenders_page(request: HttpRequest) -> HttpResponse:
    """Who broke the rules twice or more within a year."""
    after = request.GET.get("after", "")
    rows, following = offenders(actor_of(request), now() - YEAR, after if after.partition("_")[0].isdecimal() else "")
    table = Table(
        title=gettext("多次违规"),
        columns=[
            Column(title=gettext("车主或车牌")), Column(title=gettext("次数"), is_figures=True),
            Column(title=gettext("车牌数"), is_figures=True), Column(title=gettext("最近一次")),
        ],
        rows=[
            Row(
                key=row["offender"], href=reverse("non_motor:offender", args=[row["newest"]]),
                cells=[_named(row["name"], row["plate"]), row["count"], row["plates"], Time(at=row["latest"])],
            )
            for row in rows
        ],
        empty=EmptyState(title=gettext("一年内没有多次违规的"), icon="check"),
        next_url="?" + urlencode({"after": following}) if following else "",
    )  # fmt: skip
    note = gettext("一年内两次以上。登记了车主的按人合并计算，换车也算；没有登记的按车牌。车卖出后，新车主从头算起。")
    return staff_page(request, "non_motor/list.html", {"title": gettext("多次违规"), "table": table, "note": note})


def _named(name: str, plate: str) -> str:
    return f"{name}（{plate}）" if name else plate


@require_safe
@staff_only
def offender_page(request: HttpRequest, violation_id: UUID) -> HttpResponse:
    """Whoever a violation is laid to."""
    found = offender_of(actor_of(request), violation_id)
    way = Breadcrumbs(places=[(gettext("违规记录"), reverse("non_motor:violations")), (found.name, "")])
    latest = next(filter(None, map(_measure, found.violations)), None)
    stats = [
        Stat(title=gettext("违规"), value=len(found.violations)),
        Stat(title=gettext("车牌数"), value=len({one.plate for one in found.violations})),
        Stat(title=gettext("最近处理"), value=gettext(STEPS[latest.step]) if latest else "—"),
    ]
    context = {
        "title": found.name, "way": way, "stats": stats, "owned": _owned(found) if found.ownerships else None,
        "table": _table(found.violations, EmptyState(title=gettext("没有违规记录"))),
    }  # fmt: skip
    return staff_page(request, "non_motor/offender.html", context)


def _owned(found: Offender) -> Table:
    rows = [
        Row(
            key=str(one.pk),
            cells=[one.plate, str(one.from_on),
                   Tag(text=gettext("现在")) if one.to_on is None else str(one.to_on - timedelta(days=1))],
        )
        for one in found.ownerships
    ]  # fmt: skip
    columns = [Column(title=gettext(one)) for one in ("车牌", "自", "至")]
    return Table(title=gettext("名下车辆"), columns=columns, rows=rows, is_title_shown=True)
