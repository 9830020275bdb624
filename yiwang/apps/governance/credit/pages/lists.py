"""守信 and 失信 lists with the day they expire, and the entries under objection."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.credit.kinds import EVENTS, LISTS, RELEASE, SUBJECTS, WITHDRAW
from yiwang.apps.governance.credit.models import Entry, Listing
from yiwang.apps.governance.credit.pages.league import require_reading
from yiwang.apps.governance.credit.pages.showing import evidence, public_name, score
from yiwang.apps.governance.credit.selectors.seeing import listed, under_objection
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import path_of
from yiwang.kernel.errors import NotFound
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page

DECIDED = {None: ("审理中，暂不计分", "warning"), RELEASE: ("不成立，恢复计分", "neutral"),
           WITHDRAW: ("成立，已撤销", "success")}  # fmt: skip


@require_safe
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """`?list=trusted|distrusted`."""
    actor, chosen = require_reading(request), request.GET.get("list", "trusted")
    if chosen not in LISTS:
        raise NotFound
    rows, after = listed(actor, chosen, _day_key(request.GET.get("after", "")))
    tabs = [Tab(title=gettext(title), href=f"?list={key}", is_current=key == chosen) for key, title in LISTS.items()]
    titles = ("名称", "对象", "区划", "列入时分数", "列入日期", "到期日期")
    columns = [Column(title=gettext(one), is_figures=one == "列入时分数") for one in titles]
    empty = EmptyState(title=gettext("名单是空的"), text=gettext("等级够得上列入条件的对象会列在这里。"), icon="shield")
    table = Table(
        title=gettext(LISTS[chosen]), columns=columns, rows=[_listed(one) for one in rows], empty=empty,
        next_url=f"?list={chosen}&after={after}" if after else "",
    )  # fmt: skip
    note = gettext(
        "到期自动移出；失信对象完成信用修复、等级回升后提前移出，所依据的记录被撤销的重新判定。"
        "检查员只显示姓氏。有效期为建议值。"
    )
    context = {
        "title": gettext("守信失信名单"),
        "tabs": Tabs(title=gettext("名单"), tabs=tabs),
        "table": table,
        "note": note,
    }
    return staff_page(request, "credit/list.html", context)


def _day_key(text: str) -> str:
    day, _, key = text.partition("_")
    try:
        date.fromisoformat(day), int(key)
    except ValueError:
        return ""
    return text


def _listed(one: Listing) -> Row:
    subject = one.subject
    return Row(
        key=str(one.pk), href=reverse("credit:subject", args=[subject.pk]),
        cells=[public_name(subject), gettext(SUBJECTS[subject.kind]), path_of(subject.division[:12]), score(one.score),
               str(one.from_on), str(one.until_on)],
    )  # fmt: skip


@require_safe
@staff_only
def objections(request: HttpRequest) -> HttpResponse:
    """Entries that were objected to, those still frozen and those decided."""
    after = request.GET.get("after", "")
    rows, following = under_objection(require_reading(request), int(after) if after.isdecimal() else 0)
    titles = ("对象", "事项", "提出时间", "状态", "异议案件")
    empty = EmptyState(
        title=gettext("没有异议"), text=gettext("在对象页面的信用记录上可以提出异议，受理后该条冻结。"), icon="check"
    )
    table = Table(
        title=gettext("异议"), columns=[Column(title=gettext(one)) for one in titles],
        rows=[_objected(one) for one in rows], empty=empty, next_url=f"?after={following}" if following else "",
    )  # fmt: skip
    note = gettext("异议期间该条不计分；审定成立的以更正记录撤销，不成立的恢复计分，原记录都不改。")
    return staff_page(request, "credit/list.html", {"title": gettext("异议与冻结"), "table": table, "note": note})


def _objected(one: Entry) -> Row:
    text, tone = DECIDED[one.decided]  # type: ignore[attr-defined]
    target = one.target
    event = gettext(EVENTS.get(target.event, "")) if target is not None else ""
    return Row(
        key=str(one.pk), href=reverse("credit:subject", args=[one.subject_id]),
        cells=[one.subject.name, event, Time(at=one.at), Tag(text=gettext(text), tone=tone), evidence(one)],
    )  # fmt: skip
