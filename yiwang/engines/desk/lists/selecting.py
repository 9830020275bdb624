"""One verb on the ticked rows: asks what the verb needs, does it, and tells of every row what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from yiwang.engines.access.api import staff_only
from yiwang.engines.desk.lists.masking import masked
from yiwang.engines.directory.api import actor_of
from yiwang.engines.processes.api import VERBS, VerbRefused
from yiwang.engines.worklists.api import BULK_VERBS, Done, act_on_all, read_keys, receivers
from yiwang.kernel.errors import UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.pages import safe_address, staff_page

_REASON_SIGNS = 500


@require_POST
@staff_only
def bulk(request: HttpRequest) -> HttpResponse:
    """The ticked rows come as `key`, the verb as `verb`; a verb that needs words gets a page for them first."""
    verb, keys = request.POST.get("verb", ""), request.POST.getlist("key")
    if verb not in BULK_VERBS:
        raise VerbRefused("没有这个批量操作。", next_step="请回到列表重新选择。")
    read_keys(keys)
    if not VERBS[verb].needs_reason:
        return _result(request, verb, act_on_all(actor_of(request), verb, keys))
    if request.POST.get("step") != "do":
        return _ask(request, verb, keys)
    arguments, errors = _arguments(request, verb)
    if errors:
        return _ask(request, verb, keys, errors)
    return _result(request, verb, act_on_all(actor_of(request), verb, keys, arguments))


def _back(request: HttpRequest) -> str:
    """The list the person came from."""
    asked = request.POST.get("back") or request.headers.get("Referer", "")
    return safe_address(request, asked, reverse("desk:work"))


def _arguments(request: HttpRequest, verb: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    reason = request.POST.get("reason", "").strip()
    arguments: dict[str, Any] = {"reason": reason}
    errors = []
    if not reason or len(reason) > _REASON_SIGNS:
        message = gettext("请填写理由，最多 %(signs)s 个字。") % {"signs": _REASON_SIGNS}
        errors.append(("bulk-reason", message))
    if verb == "transfer":
        to = request.POST.get("to", "")
        if to.isascii() and to.isdigit() and len(to) < 19:
            arguments["to"] = int(to)
        else:
            errors.append(("bulk-to", gettext("请选择接收人。")))
    return arguments, errors


def _ask(request: HttpRequest, verb: str, keys: list[str], errors: list[tuple[str, str]] | None = None) -> HttpResponse:
    people = receivers(actor_of(request), keys) if verb == "transfer" else []
    if verb == "transfer" and not people:
        message = gettext("没有人能同时接手所选的全部任务。")
        raise UserError(message, next_step=gettext("请按环节或区划分批勾选后再转办。"), code="NO_COMMON_RECEIVER")
    context = {
        "verb": verb, "title": gettext(VERBS[verb].title), "keys": keys, "people": people, "back": _back(request),
        "faults": ErrorSummary(errors=errors) if errors else None, "wrong": dict(errors or ()),
        "reason": request.POST.get("reason", ""), "to": request.POST.get("to", ""), "is_danger": verb == "cancel",
        "most": _REASON_SIGNS,
    }  # fmt: skip
    return staff_page(request, "desk/lists/ask.html", context, status=422 if errors else 200)


def _result(request: HttpRequest, verb: str, rows: list[Done]) -> HttpResponse:
    done = [row for row in rows if row.problem is None]
    shown = [*(row for row in rows if row.problem is not None), *done]
    columns = [Column(title=gettext(title)) for title in ("标题", "编号", "结果", "说明")]
    table = Table(title=gettext("逐件结果"), columns=columns, rows=[_told(row) for row in shown])
    context = {
        "title": gettext(VERBS[verb].title), "done": len(done), "failed": len(rows) - len(done), "table": table,
        "back": _back(request),
    }  # fmt: skip
    return staff_page(request, "desk/lists/result.html", context)


def _told(row: Done) -> Row:
    title = masked(row.title) or gettext("（不在您的范围内）")
    href = reverse("desk:case", args=[row.case]) if row.number else ""
    if row.problem is None:
        tag, why = Tag(text=gettext("已办理"), tone="success", icon="check"), ""
    else:
        tag = Tag(text=gettext("未办理"), tone="danger", icon="alert")
        why = joined(gettext(row.problem.message), gettext(row.problem.next_step))
    return Row(key=f"{row.case}.{row.no}", cells=[title, row.number, tag, why], href=href)
