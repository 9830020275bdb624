"""What came in: today's counts by channel, the list, one mail with the way to take it as a report after all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.governance.intake import selectors
from yiwang.apps.governance.intake.entries import may_read
from yiwang.apps.governance.intake.models import Arrival
from yiwang.apps.governance.intake.rights import AGAIN
from yiwang.apps.governance.intake.services.again import take_again
from yiwang.apps.governance.intake.sources import IGNORED, OPENED, REFUSED, SOURCES, STATES, TONES
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import case_numbered
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.kernel.errors import NotAllowed, UserError
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Tab, Table, Tabs
from yiwang.ui.components.simple import Stat, Tag
from yiwang.ui.pages import staff_page

SHOWN_SIGNS, _TITLE_SIGNS = 4000, 40


@require_safe
@staff_only
def arrivals(request: HttpRequest) -> HttpResponse:
    """Today by channel, then mails and reports of programs, newest first."""
    if not may_read(request):
        raise NotAllowed
    actor, state = actor_of(request), request.GET.get("state", "")
    known = selectors.today(actor)
    here = reverse("intake:arrivals")
    waits = Stat(
        title=gettext("待人工处理的邮件"), value=known[REFUSED], unit=gettext("封"), href=f"{here}?state={REFUSED}",
        tone="warning" if known[REFUSED] else "neutral",
    )  # fmt: skip
    stats = [Stat(title=gettext(title), value=known[key], unit=gettext("件")) for key, title in SOURCES.items()]
    found = selectors.page(actor, state=state, after=request.GET.get("after", ""))
    context = {"waits": waits, "stats": stats, "tabs": _tabs(here, state), "table": _table(found, here, state)}
    return staff_page(request, "intake/arrivals.html", context)


def _tabs(here: str, state: str) -> Tabs:
    tabs = [Tab(title=gettext("全部"), href=here, is_current=state not in STATES)]
    tabs += [
        Tab(title=gettext(title), href=f"{here}?state={key}", is_current=state == key) for key, title in STATES.items()
    ]
    return Tabs(title=gettext("收件"), tabs=tabs)


def _table(found: selectors.Page, here: str, state: str) -> Table:
    titles = ("标题", "渠道", "结果", "案件编号", "发件人", "辖区", "时间")
    if state == REFUSED:
        empty = EmptyState(title=gettext("没有待人工处理的邮件"), icon="check", text="")
    else:
        text = gettext("邮件由邮件服务器投进收件目录，几秒后出现在这里；其他程序经接口上报的也在这里。")
        empty = EmptyState(title=gettext("还没有收件"), icon="inbox", text=text)
    kept = f"state={state}&" if state in STATES else ""
    return Table(
        title=gettext("收件"),
        columns=[Column(title=gettext(title), is_wide=title in ("发件人", "辖区")) for title in titles],
        rows=[_row(one) for one in found.rows], empty=empty,
        next_url=f"{here}?{kept}after={found.after}" if found.after else "",
    )  # fmt: skip


def _row(one: Arrival) -> Row:
    state: object = Tag(text=gettext(STATES[one.state]), tone=TONES[one.state])
    if one.reason and one.state in (REFUSED, IGNORED):
        state = format_html('{}<span class="intake-reason">{}</span>', state, gettext(one.reason))
    cells = [
        _title(one)[:_TITLE_SIGNS], gettext(SOURCES[one.channel]), state, one.number,
        _sender(one),
        path_of(one.division), Time(at=one.at),
    ]  # fmt: skip
    return Row(key=str(one.pk), cells=cells, href=reverse("intake:arrival", args=[one.pk]))


def _sender(one: Arrival) -> str:
    return one.sender_masked or (gettext("不明") if one.channel == "email" else one.by)


def _title(one: Arrival) -> str:
    return one.title or gettext("（没有标题）")


@require_safe
@staff_only
def arrival(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """One arrival: what became of it and why; of a mail that waits, its words."""
    return _shown(request, selectors.arrival_of(actor_of(request), arrival_id))


def _shown(request: HttpRequest, row: Arrival, refusal: UserError | None = None) -> HttpResponse:
    actor = actor_of(request)
    is_open = row.state in (REFUSED, IGNORED) and row.channel == "email"
    mail = selectors.mail_of(row) if is_open else None
    way = Breadcrumbs(places=[(gettext("收件"), reverse("intake:arrivals")), (_title(row)[:_TITLE_SIGNS], "")])
    case = case_numbered(actor, row.number) if row.number else None
    context = {
        "way": way, "title": _title(row), "row": row, "facts": Facts(pairs=_facts(row)),
        "tag": Tag(text=gettext(STATES[row.state]), tone=TONES[row.state]),
        "mail": mail, "text": mail.text[:SHOWN_SIGNS] if mail is not None else "",
        "files": [file.name for file in mail.files] if mail is not None else [],
        "may_again": is_open and actor.may(AGAIN, row.division), "is_lost": is_open and mail is None,
        "case": case, "error": refusal.sentence() if refusal is not None else "",
    }  # fmt: skip
    return staff_page(request, "intake/arrival.html", context, status=refusal.status if refusal is not None else 200)


def _facts(row: Arrival) -> list[tuple[str, object]]:
    return [
        (gettext("渠道"), gettext(SOURCES[row.channel])),
        (gettext("说明"), gettext(row.reason) if row.reason else ""),
        (gettext("案件编号"), row.number),
        (gettext("发件人"), _sender(row)),
        (gettext("辖区"), path_of(row.division)),
        (gettext("收到时间"), Time(at=row.at)),
        (gettext("回执"), Time(at=row.receipt_at) if row.receipt_at else ""),
    ]


@require_POST
@staff_only
def again(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Take a mail that was set aside as a report."""
    try:
        row = take_again(actor_of(request), arrival_id)
    except UserError as refusal:
        if refusal.status in (NotAllowed.status, 404):
            raise
        return _shown(request, selectors.arrival_of(actor_of(request), arrival_id), refusal)
    said = gettext("已立案，编号 {number}。") if row.state == OPENED else gettext("已补充到案件 {number}。")
    messages.success(request, said.format(number=row.number))
    return HttpResponseRedirect(reverse("intake:arrival", args=[arrival_id]))
