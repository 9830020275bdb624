"""One subject: its score, how it came about over a year, and every entry with what it rests on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.credit.kinds import CHANGES, EVENTS, LISTS, SUBJECTS
from yiwang.apps.governance.credit.models import Entry, Subject
from yiwang.apps.governance.credit.pages.showing import evidence, level_tag, points, score, state_tag
from yiwang.apps.governance.credit.rules import BASE, effect_of, rule_of
from yiwang.apps.governance.credit.scoring import day_of
from yiwang.apps.governance.credit.selectors.seeing import may_speak_for, one_subject
from yiwang.apps.governance.credit.selectors.standing import (
    Explained,
    curve,
    ended_listings,
    explained,
    listings,
    scored,
)
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, path_of, today
from yiwang.kernel.clock import now
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.figures import Chart, Series
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Link, Stat
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def shown(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """The page of a subject; `?after=` pages its entries."""
    actor, at = actor_of(request), now()
    subject = one_subject(actor, subject_id)
    found = scored(subject, at)
    after = request.GET.get("after", "")
    lines, following = explained(found, int(after) if after.isdecimal() else 0)
    speaks = may_speak_for(actor, subject)
    way = Breadcrumbs(
        places=[(gettext("信用榜单"), f"{reverse('credit:league')}?kind={subject.kind}"), (subject.name, "")]
    )
    counting = sum(1 for line in found.lines if line.state == "counts")
    frozen = sum(1 for line in found.lines if line.state == "frozen")
    context = {
        "title": subject.name, "way": way, "chart": _chart(subject, curve(subject, at)),
        "stats": [
            Stat(title=gettext("分数"), value=score(found.score)),
            Stat(title=gettext("等级"), value=level_tag(subject.level)),
            Stat(title=gettext("计分记录"), value=f"{counting:,}"), Stat(title=gettext("异议冻结"), value=frozen),
        ],
        "facts": _facts(subject), "table": _table(subject, lines, speaks, following),
        "sum": gettext("分数 = 基准分 {base} + 各条“现在计”之和 = {score}").format(base=int(BASE), score=found.score),
    }  # fmt: skip
    return staff_page(request, "credit/subject.html", context)


def _chart(subject: Subject, months: list[tuple[str, float]]) -> Chart:
    series = [Series(name=gettext("分数"), values=[value for _, value in months])]
    return Chart(
        title=gettext("一年来的分数（月末）"), kind="line", categories=[month for month, _ in months], series=series,
        source=gettext("由信用记录重算"),
    )  # fmt: skip


def _facts(subject: Subject) -> Facts:
    effect = effect_of(subject.level, subject.kind, today())
    lists = [
        gettext("{name}，至 {day}").format(name=gettext(LISTS[one.listed]), day=one.until_on)
        for one in listings(subject)
    ]
    left = [
        gettext("{name}，{begin} 列入，{end} 移出：{reason}").format(
            name=gettext(LISTS[one.listed]), begin=one.from_on, end=one.ended_on, reason=gettext(one.end_reason)
        )
        for one in ended_listings(subject)
    ]
    return Facts(
        pairs=[
            (gettext("对象"), gettext(SUBJECTS[subject.kind])), (gettext("区划"), path_of(subject.division[:12])),
            (gettext("检查频次系数"), f"{effect.factor:g}"),
            (gettext("绿色通道"), gettext("可走") if effect.green_channel else gettext("不可走")),
            (gettext("名单"), "、".join(lists)), (gettext("一年内移出的名单"), "；".join(left)),
        ]
    )  # fmt: skip


def _table(subject: Subject, lines: list[Explained], speaks: bool, following: int) -> Table:
    titles = ("事项", "编号", "发生时间", "计分", "现在计", "状态", "凭据", "办理")
    columns = [Column(title=gettext(one), is_figures=one in ("计分", "现在计")) for one in titles]
    rows = [_row(subject, one, speaks) for one in lines]
    empty = EmptyState(title=gettext("还没有信用记录"), text=gettext("没有记录时按基准分计。"), icon="star")
    return Table(
        title=gettext("信用记录"), columns=columns, rows=rows, empty=empty, is_title_shown=True,
        next_url=f"?after={following}" if following else "",
    )  # fmt: skip


def _row(subject: Subject, one: Explained, speaks: bool) -> Row:
    entry, line = one.entry, one.line
    rule = rule_of(entry.event, subject.kind, day_of(entry.at))
    what = format_html(
        '{}<span class="soft small credit-why">{}</span>',
        gettext(EVENTS[entry.event]),
        gettext(rule.statement) if rule else "",
    )
    capped = line.state == "counts" and line.counted != line.points
    shown_points = f"{points(line.points)} → {points(line.counted)}" if capped else points(line.points)
    return Row(
        key=str(entry.pk),
        cells=[what, entry.pk, Time(at=entry.at), shown_points, points(line.effect), _state(one), evidence(entry),
               _acts(entry, one, speaks, rule is not None and rule.repair_days is not None)],
    )  # fmt: skip


def _state(one: Explained) -> SafeString:
    about = ((gettext(CHANGES[change.event]), f"{change.at:%Y-%m-%d}", change.reason) for change in one.changes)
    lines = format_html_join("", '<span class="soft small credit-why">{} {} {}</span>', about)
    return format_html("{}{}", state_tag(one.line.state).render(), lines)


def _acts(entry: Entry, one: Explained, speaks: bool, is_repairable: bool) -> SafeString | str:
    if not speaks or one.line.state != "counts":
        return ""
    acts = [] if one.changes else [(gettext("提出异议"), "credit:objection")]
    acts += [(gettext("申请修复"), "credit:repair")] if is_repairable else []
    links = ((Link(text=text, href=reverse(name, args=[entry.pk])).render(),) for text, name in acts)
    return format_html_join(" ", "{}", links)
