"""Keys of programs, for staff: make one (shown once), see who uses it, withdraw it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.governance.open311.models import ApiKey
from yiwang.apps.governance.open311.offer import option
from yiwang.apps.governance.open311.rights import may_keep_keys, require
from yiwang.apps.governance.open311.selectors.keys import kept_keys
from yiwang.apps.governance.open311.services.keys import make_key, withdraw_key
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.feedback import EmptyState, ErrorSummary
from yiwang.ui.components.fields import Check, Field
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import staff_page


@require_http_methods(["GET", "POST"])
@staff_only
def keys(request: HttpRequest) -> HttpResponse:
    """All keys and the form for a new one; the answer to the form shows the key, and nothing ever does again."""
    actor = actor_of(request)
    require(may_keep_keys(actor))
    if request.method == "GET":
        return _page(request)
    minute = request.POST.get("per_minute", "").strip()
    try:
        made, text = make_key(
            actor, request.POST.get("name", ""), request.POST.get("contact", ""),
            per_minute=int(minute) if minute.isdecimal() and len(minute) < 7 else 0,
            is_test_only=bool(request.POST.get("is_test_only")),
        )  # fmt: skip
    except InvalidInput as error:
        return _page(request, {one["path"]: one["message"] for one in error.errors})
    return _page(request, made=made, text=text)


def _page(
    request: HttpRequest, errors: dict[str, str] | None = None, made: ApiKey | None = None, text: str = ""
) -> HttpResponse:
    errors = errors or {}
    given = request.POST.dict() if errors else {"per_minute": str(option("posts_per_minute"))}
    fields = [
        Field(name=name, label=label, hint=hint, value=given.get(name, ""), error=errors.get(name, ""), type=type)
        for name, label, hint, type in (
            ("name", gettext("谁的什么程序"), gettext("如“佛山生活”应用，立案时写作来源。"), "text"),
            ("contact", gettext("联系人"), gettext("姓名、单位和电话，出了问题找得到。"), "text"),
            ("per_minute", gettext("每分钟最多几次"), "", "number"),
        )
    ]
    check = Check(
        name="is_test_only", label=gettext("只能用于测试端点"), is_checked=bool(given.get("is_test_only")),
        hint=gettext("先给测试用的，联调好了再换正式的。"),
    )  # fmt: skip
    context = {
        "fields": fields, "check": check, "made": made, "text": text, "table": _table(request),
        "errors": ErrorSummary(errors=list(errors.items())) if errors else None,
    }  # fmt: skip
    return staff_page(request, "open311/keys.html", context, status=422 if errors else 200)


def _table(request: HttpRequest) -> Table:
    rows = [
        Row(
            key=str(row.pk),
            cells=[row.name, row.contact, f"…{row.tail}", str(row.per_minute), _status(row), Time(at=row.made_at),
                   Time(at=row.used_at) if row.used_at else gettext("没有用过"), count, _withdraw(request, row)],
        )
        for row, count in kept_keys(actor_of(request))
    ]  # fmt: skip
    columns = [
        Column(title=gettext(title), is_wide=title in ("联系人", "建立"), is_figures=title in ("每分钟", "上报"))
        for title in ("程序", "联系人", "密钥尾号", "每分钟", "状态", "建立", "最近使用", "上报", "操作")
    ]
    empty = EmptyState(title=gettext("还没有密钥"), text=gettext("有开发者来申请时，在上面填写。"), icon="key")
    return Table(title=gettext("密钥"), columns=columns, rows=rows, empty=empty)


def _status(row: ApiKey) -> Tag:
    if row.withdrawn_at is not None:
        return Tag(text=gettext("已收回"), tone="neutral")
    return Tag(text=gettext("测试"), tone="accent") if row.is_test_only else Tag(text=gettext("正式"), tone="success")


def _withdraw(request: HttpRequest, row: ApiKey) -> object:
    if row.withdrawn_at is not None:
        return ""
    from django.middleware.csrf import get_token

    return format_html(
        '<details class="open311-withdraw"><summary>{}</summary>'
        '<form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<button class="button button-danger button-small" aria-label="{}">{}</button></form></details>',
        gettext("收回"),
        reverse("open311:withdraw", args=[row.pk]), get_token(request),
        gettext("收回“{name}”的密钥").format(name=row.name), gettext("确认收回"),
    )  # fmt: skip


@require_POST
@staff_only
def withdraw(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key; what came with it stays."""
    row = withdraw_key(actor_of(request), key_id)
    messages.success(request, gettext("已收回“{name}”的密钥，即刻失效。").format(name=row.name))
    return HttpResponseRedirect(reverse("open311:keys"))
