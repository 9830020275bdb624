"""Published months: which there are, one as it was published, and beside it what was corrected since."""

from __future__ import annotations

import re
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.governance.credit.kinds import CHANGES, EVENTS, FREEZE_MONTH
from yiwang.apps.governance.credit.models import Entry
from yiwang.apps.governance.credit.pages.league import kind_of, require_reading, tabs_of
from yiwang.apps.governance.credit.pages.showing import evidence, level_tag, score
from yiwang.apps.governance.credit.selectors.seeing import corrections, frozen_league, frozen_months
from yiwang.apps.governance.credit.services.counting import later
from yiwang.apps.governance.credit.services.months import freeze_month
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import district_code, path_of, today
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.pages import staff_page

CHOICES = 12
MOST = 500
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z")


def read_month(text: str) -> date | None:
    """The first day of `2026-05`; None for anything else."""
    found = _MONTH.match(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """The published months; whoever may publishes another that is over."""
    actor = require_reading(request)
    if request.method == "POST":
        month = read_month(request.POST.get("month", ""))
        if month is None:
            raise InvalidInput(message=gettext("请选择月份。"))
        freeze_month(actor, month)
        messages.success(request, gettext("{month} 已公布，榜单不再变动。").format(month=f"{month:%Y-%m}"))
        return HttpResponseRedirect(reverse("credit:month", args=[f"{month:%Y-%m}"]))
    known = frozen_months(actor)
    rows = [
        Row(key=f"{one:%Y-%m}", cells=[f"{one:%Y-%m}"], href=reverse("credit:month", args=[f"{one:%Y-%m}"]))
        for one in known
    ]
    may = actor.may(FREEZE_MONTH, district_code())
    over = [later(today().replace(day=1), -back) for back in range(1, CHOICES + 1)] if may else []
    empty = EmptyState(
        title=gettext("还没有公布的月份"), text=gettext("月份结束后，由信用管理员核对公布。"), icon="calendar"
    )
    context = {
        "title": gettext("已公布月份"), "may": may, "choices": [f"{one:%Y-%m}" for one in over if one not in known],
        "table": Table(title=gettext("已公布月份"), columns=[Column(title=gettext("月份"))], rows=rows, empty=empty),
    }  # fmt: skip
    return staff_page(request, "credit/months.html", context)


@require_safe
@staff_only
def shown(request: HttpRequest, month: str) -> HttpResponse:
    """One published month, by kind."""
    actor, kind, first = require_reading(request), kind_of(request), read_month(month)
    if first is None:
        raise NotFound
    frozen, rows = frozen_league(actor, first, kind)
    titles = ("名称", "名次", "区划", "分数", "等级")
    table = Table(
        title=gettext("公布的榜单"), columns=[Column(title=gettext(one), is_figures=one == "分数") for one in titles],
        rows=[
            Row(key=id, href=reverse("credit:subject", args=[id]),
                cells=[name, rank, path_of(division[:12]), score(value), level_tag(level)])
            for rank, id, name, division, _, value, level in rows[:MOST]
        ],
        empty=EmptyState(title=gettext("您的范围内没有对象"), icon="star"),
        summary=gettext("另有 {count} 个").format(count=len(rows) - MOST) if len(rows) > MOST else "",
    )  # fmt: skip
    facts = Facts(
        pairs=[
            (gettext("公布时间"), Time(at=frozen.at)), (gettext("公布人"), gettext(frozen.by)),
            (gettext("校验值"), format_html("<code>{}</code>", frozen.sha256[:16])),
        ]
    )  # fmt: skip
    title = gettext("{month} 信用榜单（已公布）").format(month=month)
    way = Breadcrumbs(places=[(gettext("已公布月份"), reverse("credit:months")), (month, "")])
    context = {"title": title, "way": way, "tabs": tabs_of(kind), "facts": facts, "table": table,
               "later": _corrections(corrections(actor, frozen))}  # fmt: skip
    return staff_page(request, "credit/month.html", context)


def _corrections(found: list[Entry]) -> Table:
    titles = ("对象", "变化", "记录时间", "理由", "凭据")
    rows = [
        Row(
            key=str(one.pk), href=reverse("credit:subject", args=[one.subject_id]),
            cells=[one.subject.name, _what(one), Time(at=one.recorded_at), one.reason, evidence(one)],
        )
        for one in found
    ]  # fmt: skip
    empty = EmptyState(title=gettext("公布后没有更正"), icon="check")
    columns = [Column(title=gettext(one)) for one in titles]
    return Table(title=gettext("公布后的更正"), columns=columns, rows=rows, empty=empty, is_title_shown=True)


def _what(one: Entry) -> str:
    if one.target is None:
        return gettext("补记：{event}").format(event=gettext(EVENTS[one.event]))
    about = gettext(EVENTS.get(one.target.event, one.target.event))
    return f"{gettext(CHANGES[one.event])}（{about}）"
