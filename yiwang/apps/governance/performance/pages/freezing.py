"""Frozen periods: freeze one that is over, look at it with what was corrected since, publish a correction."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.performance.formulas import LEAGUE
from yiwang.apps.governance.performance.pages.asked import KEYS, SHEET, shown, value_title
from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.api import (
    FREEZE,
    Change,
    Correction,
    Figure,
    Frozen,
    Period,
    correct,
    differences,
    freeze,
    frozen_figures,
    frozen_periods,
    group_title,
    indicators,
    is_league_published,
    period_of,
    publish_league,
    read_period,
    today,
)
from yiwang.engines.directory.api import Actor, actor_of, district_code
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Moment, Row, Table, Timeline
from yiwang.ui.pages import staff_page

GROUPS = ("town", "department", "category")
LATEST = 12
MOST_SHOWN = 40


@require_http_methods(["GET", "POST"])
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """What is frozen, and for whoever may: freeze another period, or publish the towns' table."""
    actor = actor_of(request)
    if request.method == "POST":
        return _changed(request, actor)
    frozen = frozen_periods(actor, SHEET)
    rows = [
        Row(key=period.code, cells=[period.title, str(period.first), str(period.last)], href=_address(period))
        for period in frozen
    ]
    columns = [Column(title=gettext(title)) for title in ("时段", "起", "止")]
    empty = EmptyState(
        title=gettext("还没有冻结的时段"), text=gettext("时段结束并核对后冻结，此后的变化只以更正列出。"), icon="shield"
    )
    may = actor.may(FREEZE, district_code())
    context = {
        "title": gettext("冻结与更正"),
        "table": Table(title=gettext("已冻结"), columns=columns, rows=rows, empty=empty),
        "may": may, "choices": [period for period in _over() if period not in frozen] if may else [],
        "is_published": is_league_published(actor, SHEET),
    }  # fmt: skip
    return staff_page(request, "performance/frozen_list.html", context)


def _address(period: Period) -> str:
    return reverse("performance:frozen", args=[period.code])


def _over() -> list[Period]:
    """Months and quarters that are over, the latest first."""
    found: list[Period] = []
    for kind, count in (("month", LATEST), ("quarter", LATEST // 3), ("year", 2)):
        period = period_of(kind, today()).before
        for _ in range(count):
            found.append(period)
            period = period.before
    return found


def _changed(request: HttpRequest, actor: Actor) -> HttpResponse:
    if "league" in request.POST:
        is_published = request.POST["league"] == "publish"
        publish_league(actor, SHEET, is_published)
        told = gettext("各镇街榜单已公布。") if is_published else gettext("各镇街榜单已收回。")
        messages.success(request, told)
        return HttpResponseRedirect(reverse("performance:frozen_list"))
    period = read_period(request.POST.get("period", ""))
    freeze(actor, SHEET, tuple(KEYS.values()), GROUPS, period)
    messages.success(request, gettext("已冻结{period}。").format(period=period.title))
    return HttpResponseRedirect(_address(period))


@require_http_methods(["GET", "POST"])
@staff_only
def one(request: HttpRequest, period: str) -> HttpResponse:
    """A frozen period; posting a reason publishes what differs today."""
    actor, asked = actor_of(request), read_period(period)
    found = frozen_figures(actor, SHEET, asked)
    if found is None:
        raise NotFound(gettext("这个时段没有冻结。"), next_step=gettext("请从冻结清单中选择。"))
    if request.method == "POST":
        correct(actor, SHEET, asked, request.POST.get("reason", ""))
        messages.success(request, gettext("更正已公布。"))
        return HttpResponseRedirect(_address(asked))
    may = actor.may(FREEZE, district_code())
    waiting = differences(actor, SHEET, asked) if may else []
    title = gettext("{period}（冻结）").format(period=asked.title)
    way = Breadcrumbs(places=[(gettext("冻结与更正"), reverse("performance:frozen_list")), (title, "")])
    context = {
        "title": title, "way": way, "facts": _facts(found), "table": _table(found),
        "corrections": _corrections(found.corrections), "may": may, "waiting": len(waiting),
        "waiting_table": _changes_table(waiting) if waiting else None,
    }  # fmt: skip
    return staff_page(request, "performance/frozen.html", context)


def _facts(found: Frozen) -> Facts:
    return Facts(
        pairs=[
            (gettext("统计截止"), Time(at=found.cutoff)), (gettext("冻结时间"), Time(at=found.at)),
            (gettext("冻结人"), gettext(found.who)),
            (gettext("更正"), gettext("{count} 次").format(count=len(found.corrections))),
            (gettext("校验值"), format_html("<code>{}</code>", found.hash[:16])),
        ]
    )  # fmt: skip


def _table(found: Frozen) -> Table:
    towns = sorted({value for group, value, _ in found.places() if group == "town"})
    columns = [Column(title=group_title("town"))]
    columns += [Column(title=gettext(one.title), is_figures=True) for one in LEAGUE]
    rows = [Row(key=town, cells=[value_title("town", town), *_cells(found, "town", town)]) for town in towns]
    if any(group == "" for group, _, _ in found.places()):
        rows.append(Row(key="total", cells=[gettext("合计"), *_cells(found, "", "")]))
    empty = EmptyState(title=gettext("您的区划没有冻结值"), text=gettext("冻结时您的区划没有事件。"), icon="shield")
    return Table(title=gettext("冻结值 / 更正后"), columns=columns, rows=rows, empty=empty, is_title_shown=True)


def _cells(found: Frozen, group: str, value: str) -> list[object]:
    cells: list[object] = []
    for one in LEAGUE:
        frozen = found.figure(KEYS[one.key], group, value, is_corrected=False)
        cells.append(_pair(frozen, found.figure(KEYS[one.key], group, value)))
    return cells


def _pair(frozen: Figure, corrected: Figure) -> object:
    if (frozen.numerator, frozen.denominator) == (corrected.numerator, corrected.denominator):
        return shown(frozen)
    return format_html('{} <span class="tone-accent nowrap">/ {}</span>', shown(frozen), shown(corrected))


def _corrections(published: Sequence[Correction]) -> Timeline:
    moments = [
        Moment(
            title=gettext("更正 {number}").format(number=one.sequence - 1), at=one.at, who=gettext(one.who),
            why=one.reason, icon="edit", body=_changes(one),
        )
        for one in reversed(published)
    ]  # fmt: skip
    return Timeline(moments=moments)


def _changes(one: Correction) -> SafeString:
    lines = ((_where(change), _what(change), _signed(change)) for change in one.changes[:MOST_SHOWN])
    inside = format_html_join("", "<li>{} {} {}</li>", lines)
    more = len(one.changes) - MOST_SHOWN
    rest = gettext("另有 {count} 处").format(count=more) if more > 0 else ""
    return format_html(
        '<ul class="performance-changes">{}</ul><p class="small soft">{} <code>{}</code></p>',
        inside,
        rest,
        one.hash[:16],
    )


def _where(change: Change) -> str:
    return f"{group_title(change.group)} {value_title(change.group, change.value)}" if change.group else gettext("合计")


def _what(change: Change) -> str:
    return gettext(indicators()[change.indicator].indicator.title)


def _sign(number: Decimal) -> str:
    return f"{number:+,}" if number else "0"


def _signed(change: Change) -> str:
    if indicators()[change.indicator].indicator.kind == "count":
        return _sign(change.numerator)
    text = gettext("分子 {above}，分母 {below}")
    return text.format(above=_sign(change.numerator), below=_sign(change.denominator))


def _changes_table(changes: Sequence[Change]) -> Table:
    columns = [Column(title=gettext(title)) for title in ("范围", "指标", "变化")]
    rows = [
        Row(key=str(number), cells=[_where(one), _what(one), _signed(one)])
        for number, one in enumerate(changes[:MOST_SHOWN])
    ]
    more = len(changes) - MOST_SHOWN
    summary = gettext("另有 {count} 处").format(count=more) if more > 0 else ""
    return Table(title=gettext("尚未更正的变化"), columns=columns, rows=rows, is_title_shown=True, summary=summary)
