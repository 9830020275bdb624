"""Effects that did not get through: what, of which case, why not, when next; and another round of tries."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import Stuck, StuckPage, retry, seen_cases, stuck_effects
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.feedback import Confirm, EmptyState, Notice
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Button, Link, Tag
from yiwang.ui.pages import staff_page

LIST = "desk:effects"
_KINDS = {
    "call": "调用外部程序", "open_case": "开办下级事项", "answer_parent": "答复上级事项", "message": "发送消息",
    "signal": "发出信号", "retime": "按新日历重算时限", "warning": "时限提醒", "urged": "催办通知",
    "supervised": "督办通知",
}  # fmt: skip
_CAUSES = {
    "ConnectionError": "对方系统连接不上。", "ConnectionRefusedError": "对方系统拒绝连接。",
    "TimeoutError": "对方系统没有按时应答。", "OperationalError": "数据库当时不可用。",
    "VerbRefused": "事项的状态已经变了，这一步做不成。", "NotFound": "要找的事项或对象不存在。",
    "StepTaken": "这一步已经被办理。", "DoesNotExist": "要找的记录不存在。",
}  # fmt: skip


@require_safe
@staff_only
def listed(request: HttpRequest) -> HttpResponse:
    """The list, the oldest first."""
    actor = actor_of(request)
    page = stuck_effects(actor, request.GET.get("after", ""))
    seen = set(seen_cases(actor, [row.case_id for row in page.rows if row.case_id]))
    titles = ("事项", "要做什么", "状态", "试过", "最近一次为什么没成", "下次")
    columns = [Column(title=gettext(title), is_figures=title == "试过") for title in titles]
    rows = [
        Row(
            key=str(row.id),
            is_selectable=row.is_dead,
            cells=[
                _case(row, row.case_id in seen), _what(row), _status(row), row.attempts, _why(row),
                Time(at=row.next_at) if row.next_at and not row.is_dead else "",
            ],
        )
        for row in page.rows
    ]  # fmt: skip
    table = Table(
        title=gettext("待发事项"),
        columns=columns,
        rows=rows,
        empty=EmptyState(title=gettext("没有积压"), text=gettext("通知和调用都已按时发出。"), icon="check"),
        bulk_action=reverse("desk:effects_retry") if page.dead else "",
        bulk=[Button(text=gettext("重试选中的"), icon="refresh", is_small=True)],
        next_url="?" + urlencode({"after": page.after}) if page.after else "",
        summary=_summary(page) if page.rows else "",
    )
    context = {"title": gettext("待发事项"), "parts": [*_advice(page), table], **_all_again(page)}
    return staff_page(request, "desk/running/page.html", context)


def _summary(page: StuckPage) -> str:
    return gettext("停发 {dead} 项，迟发 {late} 项。").format(dead=f"{page.dead:,}", late=f"{page.late:,}")


def _advice(page: StuckPage) -> list[Notice]:
    if not page.late:
        return []
    text = gettext("有 {count} 项到了时间还没有发出。").format(count=f"{page.late:,}")
    return [Notice(text=text, tone="warning", next_step=gettext("请检查后台工作进程是否在运行。"))]


def _all_again(page: StuckPage) -> dict[str, Any]:
    """The way to all of them: a dialog, or without scripts a page of its own."""
    if not page.dead:
        return {}
    address, text = reverse("desk:effects_retry"), gettext("全部重试")
    confirm = Confirm(
        key="retry-all", title=text, action=address, values={"all": "1"}, button=text, text=_warning(page)
    )  # fmt: skip
    opens: dict[str, object] = {"data-dialog": "retry-all"}
    return {
        "confirm": confirm,
        "actions": [Button(text=text, href=address, icon="refresh", is_small=True, attributes=opens)],
    }


def _warning(page: StuckPage) -> str:
    return gettext("停发的 {count} 项从头再试。请先确认原因已经排除。").format(count=f"{page.dead:,}")


def _case(row: Stuck, is_seen: bool) -> object:
    """A link only for who may open it."""
    text = row.number or gettext("不属于某个事项")
    return Link(text=text, href=reverse("desk:case", args=[row.case_id])) if is_seen else text


def _what(row: Stuck) -> object:
    title = gettext(_KINDS.get(row.kind, "其他"))
    name = row.payload.get("handler") or row.payload.get("name") or row.payload.get("type") or ""
    return format_html('{} <code class="soft">{}</code>', title, name) if name else title


def _status(row: Stuck) -> Tag:
    return Tag(text=gettext("停发"), tone="danger") if row.is_dead else Tag(text=gettext("迟发"), tone="warning")


def _why(row: Stuck) -> object:
    """The cause in words; what the program said stands behind it for who can read it."""
    if not row.last_error:
        return gettext("还没有试过。")
    name = row.last_error.partition(":")[0].strip()
    cause = gettext(_CAUSES.get(name, "处理程序出错。"))
    return format_html(
        '{}<details class="cause"><summary>{}</summary><code>{}</code></details>',
        cause, gettext("技术细节"), row.last_error,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def retry_them(request: HttpRequest) -> HttpResponse:
    """Another round of tries for those selected, or for all dead ones; GET asks about all of them."""
    if request.method != "POST":
        page = stuck_effects(actor_of(request))
        context = {
            "title": gettext("全部重试"), "lead": _warning(page), "parts": [], "fields": [], "hidden": {"all": "1"},
            "button": Button(text=gettext("全部重试"), icon="refresh"), "back": reverse(LIST),
        }  # fmt: skip
        return staff_page(request, "desk/running/page.html", context)
    chosen = None if request.POST.get("all") else _ids(request.POST.getlist("key"))
    count = retry(actor_of(request), chosen)
    if count:
        messages.success(request, gettext("已重新安排 {count} 项，稍候自动发出。").format(count=f"{count:,}"))
    else:
        messages.info(request, gettext("没有需要重试的事项，可能刚刚已经发出。"))
    return HttpResponseRedirect(reverse(LIST))


def _ids(keys: list[str]) -> list[UUID]:
    try:
        return [UUID(key) for key in keys]
    except ValueError:
        raise InvalidInput(message=gettext("选中的记录有误。")) from None
