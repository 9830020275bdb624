"""Published lists of services brought in: files or the optional package; and the report of what was read."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.governance.open311.models import Import
from yiwang.apps.governance.open311.offer import offered
from yiwang.apps.governance.open311.published import MOST_BYTES, UNREAD
from yiwang.apps.governance.open311.rights import may_edit_services, require
from yiwang.apps.governance.open311.selectors.keys import imports, one_import
from yiwang.apps.governance.open311.services.importing import import_services, packaged
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.ui.components.feedback import EmptyState, ErrorSummary, Notice
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Row, Table
from yiwang.ui.components.simple import Button, Stat, Tag
from yiwang.ui.pages import staff_page

MOST_FILES = 200
MOST_SHOWN = 300


@require_http_methods(["GET", "POST"])
@staff_only
def imported(request: HttpRequest) -> HttpResponse:
    """The form, and what is offered today."""
    actor = actor_of(request)
    require(may_edit_services(actor))
    package = packaged()
    if request.method == "GET":
        return _form(request, package is not None)
    sent = request.FILES.getlist("files")[:MOST_FILES]
    files = [(one.name or "file", one.read(MOST_BYTES + 1)) for one in sent]
    if request.POST.get("source") == "package" and package is not None:
        files = [package]
    if not files:
        return _form(request, package is not None, gettext("请选择文件。"))
    row = import_services(actor, files, is_trial=request.POST.get("manner") != "draft")
    return HttpResponseRedirect(reverse("open311:import_report", args=[row.pk]))


def _form(request: HttpRequest, has_package: bool, error: str = "") -> HttpResponse:
    sources = [("files", gettext("上传的文件"))]
    if has_package:
        sources.append(("package", gettext("已安装的 civicbot 包（两个城市的清单）")))
    manners = [("try", gettext("先试读，只看报告")), ("draft", gettext("写入草稿，供核对发布"))]
    context = {
        "errors": ErrorSummary(errors=[("files", error)]) if error else None,
        "source": Choice(name="source", label=gettext("来源"), options=sources) if has_package else None,
        "files": Field(
            name="files", label=gettext("清单和定义"), type="file", width="", error=error,
            hint=gettext("services.xml、services.json 和各项 services/代码.xml，可一起选；每个 5 MB 以内。"),
            attributes={"accept": ".xml,.json", "multiple": True},
        ),
        "manner": Choice(name="manner", label=gettext("方式"), options=manners),
        "count": len(offered()), "address": reverse("open311:services", args=["json"]), "kept": _kept(request),
    }  # fmt: skip
    return staff_page(request, "open311/import.html", context, status=422 if error else 200)


def _kept(request: HttpRequest) -> Table:
    rows = [
        Row(key=str(row.pk), href=reverse("open311:import_report", args=[row.pk]),
            cells=[row.name, Time(at=row.at), _as_written(row.by), str(row.facts["services"]),
                   gettext("试读") if row.is_trial else gettext("写入草稿")])
        for row in imports(actor_of(request))
    ]  # fmt: skip
    columns = [Column(title=gettext(title)) for title in ("文件", "时间", "经办人", "服务", "结果")]
    empty = EmptyState(title=gettext("还没有导入过"), text=gettext("别的城市公布的清单，可以拿来试读。"), icon="upload")
    return Table(title=gettext("最近的导入"), columns=columns, rows=rows, empty=empty, is_title_shown=True)


@require_GET
@staff_only
def report(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What was read and what was not."""
    row = one_import(actor_of(request), import_id)
    facts = row.facts
    pairs = (
        (gettext("读入的服务"), "services"), (gettext("认出类别的"), "matched"), (gettext("读入的问题"), "attributes"),
        (gettext("请核对"), "check"), (gettext("没有读入"), "unread"),
    )  # fmt: skip
    context = {
        "way": Breadcrumbs(places=[(gettext("服务目录"), reverse("open311:import")), (gettext("导入报告"), "")]),
        "row": row, "notice": _notice(row), "stats": [Stat(title=title, value=facts[key]) for title, key in pairs],
        "table": _findings(row), "more": max(0, len(facts["findings"]) - MOST_SHOWN),
    }  # fmt: skip
    return staff_page(request, "open311/report.html", context)


def _as_written(text: str, language: str = "zh-CN") -> SafeString:
    """A text in the language it was written in, whatever the page speaks."""
    return format_html('<span lang="{}">{}</span>', language, text)


def _notice(row: Import) -> Notice:
    if not row.facts["services"]:
        return Notice(
            text=gettext("没有一项服务可以读入。"), tone="danger", next_step=gettext("请按下表更正后重新上传。")
        )
    if row.is_trial:
        step = gettext("核对无误后，用同样的文件选“写入草稿”。")
        return Notice(text=gettext("这是试读，什么都没有写入。"), tone="accent", next_step=step)
    actions = [
        Button(text=title, href=reverse("rulebooks:edition", args=[number]), is_small=True)
        for title, number in zip((gettext("核对服务"), gettext("核对问题")), row.facts["drafts"], strict=False)
    ]
    step = gettext("请在规则簿里核对，由另一位同事发布后生效；现行的其他服务照旧。")
    return Notice(text=gettext("已写入草稿，尚未生效。"), tone="success", next_step=step, actions=actions)


def _findings(row: Import) -> Table:
    told = row.facts["findings"][:MOST_SHOWN]
    rows = [Row(key=str(place), cells=_line(one, row.facts["language"])) for place, one in enumerate(told)]
    columns = [Column(title=gettext(title)) for title in ("在哪里", "结果", "原文", "原因")]
    empty = EmptyState(title=gettext("全部读懂了"), text=gettext("没有需要核对的地方。"), icon="check")
    return Table(title=gettext("没有读入或需要核对的"), columns=columns, rows=rows, empty=empty)


def _line(one: dict[str, str], language: str) -> list[object]:
    is_unread = one["weight"] == UNREAD
    tag = Tag(text=gettext("没有读入") if is_unread else gettext("请核对"), tone="danger" if is_unread else "warning")
    spoken = "en" if language.startswith("en") else "zh-CN"
    return [one["place"], tag, one["text"], _as_written(one["reason"], spoken)]
