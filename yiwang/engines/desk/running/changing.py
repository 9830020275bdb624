"""Definitions changed: a file becomes a draft, a draft is published, running cases move to what is published."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.engines.access.api import staff_only
from yiwang.engines.bpmn.api import FILE_LIMIT, BpmnError, Problem, Reading, read_bpmn
from yiwang.engines.cases import api as cases
from yiwang.engines.cases.api import Definition, DefinitionFaulty, MigrationReport
from yiwang.engines.desk.running import showing
from yiwang.engines.desk.running.definitions import ONE, show, version_of, way
from yiwang.engines.directory.api import actor_of
from yiwang.engines.processes.api import Finding
from yiwang.kernel.errors import Conflict
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.fields import Field
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

MOST_NAMED = 200
"""Cases that cannot move are named up to this many."""


@require_http_methods(["GET", "POST"])
@staff_only
def upload(request: HttpRequest, type: str) -> HttpResponse:
    """A BPMN file becomes a draft of this type. What cannot be read is explained, and nothing of it is kept."""
    found = cases.definition(actor_of(request), type)
    if request.method != "POST":
        return _upload_page(request, found)
    sent = request.FILES.get("file")
    if sent is None:
        return _upload_page(request, found, error=gettext("请选择文件。"), status=422)
    app, _, key = type.partition(".")
    try:
        reading = read_bpmn(sent.read(FILE_LIMIT + 1), app=app, key=key)
        return _kept(request, found, reading)
    except BpmnError as error:
        return _refused(request, found, _findings(error.problems, "error"))
    except DefinitionFaulty as error:
        return _refused(request, found, error.findings)


def _kept(request: HttpRequest, found: Definition, reading: Reading) -> HttpResponse:
    actor = actor_of(request)
    reading.bundle["title"] = reading.bundle["title"] or found.shown.title
    stored = cases.store_draft(actor, reading.bundle)
    now_found = cases.definition(actor, found.type)
    chosen = version_of(now_found, stored.number)
    is_new = all(one.number != stored.number for one in found.versions)
    text = gettext("已存为草稿{version}。") if is_new else gettext("文件内容与{version}相同，没有另存。")
    told = Notice(text=text.format(version=showing.number_of(chosen)), tone="success" if is_new else "accent")
    return show(request, now_found, chosen, [told], _findings(reading.notes, "warning"))


def _findings(problems: Sequence[Problem], level: str) -> list[Finding]:
    return [Finding(level, _place(one) or gettext("文件"), one.what, one.now) for one in problems]


def _place(problem: Problem) -> str:
    line = gettext("第 {line} 行").format(line=problem.line) if problem.line else ""
    return gettext("，").join(part for part in (problem.element, line) if part)


def _refused(request: HttpRequest, found: Definition, told: Sequence[Finding]) -> HttpResponse:
    text = gettext("文件不能使用，没有保存。")
    notice = Notice(text=text, tone="danger", next_step=gettext("请按下表更正后重新上传。"))
    parts = [notice, showing.findings_table(told, gettext("文件中的问题"))]
    return _upload_page(request, found, parts=parts, status=422)


def _upload_page(
    request: HttpRequest, found: Definition, parts: Sequence[Component] = (), error: str = "", status: int = 200
) -> HttpResponse:
    title = gettext("上传新版本")
    hint = gettext("BPMN 2.0 文件，可先下载现有版本修改。存为草稿，发布前不影响办理。")
    field = Field(
        name="file", label=gettext("流程文件"), type="file", hint=hint, error=error, width="",
        attributes={"accept": ".bpmn,.xml"},
    )  # fmt: skip
    context = {
        "title": title, "way": way(found, title), "lead": gettext(found.shown.title), "parts": parts, "fields": [field],
        "button": Button(text=gettext("上传并检查"), icon="upload"), "is_file": True,
        "back": reverse(ONE, args=[found.type]),
    }  # fmt: skip
    return staff_page(request, "desk/running/page.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_only
def publish(request: HttpRequest, type: str, version: int) -> HttpResponse:
    """A version becomes the one new cases start on; asked for once more, on a page of its own without scripts."""
    actor = actor_of(request)
    found = cases.definition(actor, type)
    chosen = version_of(found, version)
    if request.method != "POST":
        return _publish_page(request, found, showing.number_of(chosen))
    try:
        cases.publish_number(actor, type, version)
    except DefinitionFaulty as error:
        text = gettext("有 {count} 处错误，没有发布。").format(count=len(error.findings))
        return show(request, found, chosen, [Notice(text=text, tone="danger")])
    messages.success(request, gettext("已发布{version}。").format(version=showing.number_of(chosen)))
    return HttpResponseRedirect(reverse(ONE, args=[type]))


def _publish_page(request: HttpRequest, found: Definition, number: str) -> HttpResponse:
    title = gettext("发布{version}").format(version=number)
    context = {
        "title": title, "way": way(found, title), "parts": [], "fields": [],
        "lead": gettext("发布后，新上报的事项按这一版办理；正在办理的事项仍按原来的版本，需要时另行迁移。"),
        "button": Button(text=gettext("发布"), icon="check"), "back": reverse(ONE, args=[found.type]),
    }  # fmt: skip
    return staff_page(request, "desk/running/page.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
def migrate(request: HttpRequest, type: str) -> HttpResponse:
    """The dry run; then, asked to, all that can move to the version that was looked at."""
    actor = actor_of(request)
    found = cases.definition(actor, type)
    if found.published is None:
        raise Conflict(gettext("还没有发布的版本，无处可迁。"), next_step=gettext("请先发布一个版本。"))
    number = found.published.number
    if request.method != "POST":
        return _migration_page(request, found, cases.look_at_migration(actor, type, number))
    if request.POST.get("to") != str(number):
        raise Conflict(gettext("试算之后又发布了别的版本。"), next_step=gettext("请重新试算。"))
    report = cases.migrate_cases(actor, type, number)
    return _migration_page(request, cases.definition(actor, type), report)


def _migration_page(request: HttpRequest, found: Definition, report: MigrationReport) -> HttpResponse:
    title = gettext("迁移结果") if report.is_done else gettext("迁移试算")
    version = gettext("第 {number} 版").format(number=report.to)
    moves = bool(report.moved) and not report.is_done
    context = {
        "title": title, "way": way(found, title), "lead": gettext(found.shown.title),
        "parts": [*_moved(report, version), *_staying(report)], "fields": [], "hidden": {"to": report.to},
        "button": _move_button(report) if moves else None, "back": reverse(ONE, args=[found.type]),
    }  # fmt: skip
    return staff_page(request, "desk/running/page.html", context)


def _move_button(report: MigrationReport) -> Button:
    text = gettext("迁移这 {count} 件").format(count=f"{report.moved:,}")
    return Button(text=text, icon="transfer")


def _moved(report: MigrationReport, version: str) -> list[Component]:
    count = f"{report.moved:,}"
    if report.is_done:
        text = gettext("已迁移 {count} 件到{version}。").format(count=count, version=version)
        tone = "success"
    elif report.moved:
        text = gettext("可以迁移 {count} 件到{version}。这是试算，什么也没有改。").format(count=count, version=version)
        tone = "accent"
    else:
        text, tone = gettext("没有可以迁移到{version}的事项。").format(version=version), "neutral"
    parts: list[Component] = [Notice(text=text, tone=tone)]
    if report.late:
        late = gettext("其中 {count} 件按新时限已经超期。").format(count=f"{report.late:,}")
        parts.append(Notice(text=late, tone="warning"))
    return parts


def _staying(report: MigrationReport) -> list[Component]:
    if not report.staying:
        return []
    columns = [Column(title=gettext(title)) for title in ("事项", "在哪里", "为什么", "怎么办")]
    rows = [Row(key=one.number, cells=[one.number, one.where, one.why, one.now]) for one in report.staying[:MOST_NAMED]]
    title = gettext("不能迁移的 {count} 件，留在原来的版本继续办理").format(count=f"{len(report.staying):,}")
    more = len(report.staying) - MOST_NAMED
    summary = gettext("另有 {count} 件没有列出。").format(count=f"{more:,}") if more > 0 else ""
    return [Table(title=title, columns=columns, rows=rows, is_title_shown=True, summary=summary)]
