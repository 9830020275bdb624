"""Bringing in lists of the police: a file, and a report of every row."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.apps.governance.non_motor.kinds import IMPORT, KINDS, SEVERITIES
from yiwang.apps.governance.non_motor.services.importing import REQUIRED, REQUIRED_OF_ACCIDENTS, Report, import_list
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of
from yiwang.kernel.errors import NotAllowed, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.fields import Field
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Stat
from yiwang.ui.pages import staff_page

MOST_SHOWN = 300


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def shown(request: HttpRequest) -> HttpResponse:
    """导入名单."""
    actor = actor_of(request)
    if not actor.scopes(IMPORT):
        raise NotAllowed(next_step=gettext("名单由公安的整治岗位导入。"))
    if request.method != "POST":
        return _page(request)
    sent = request.FILES.get("content")
    if sent is None:
        return _page(request, gettext("请选择文件。"), status=422)
    try:
        report = import_list(actor, sent.read())
    except UserError as error:
        return _page(request, joined(gettext(error.message), gettext(error.next_step)), status=error.status)
    return _page(request, report=report)


def _page(request: HttpRequest, error: str = "", report: Report | None = None, status: int = 200) -> HttpResponse:
    violations = gettext("xlsx 或 csv，5 MB 以内。要有{names}；地点、车主、身份证号可以有。违规行为写：{kinds}。")
    accidents = gettext("事故名单要有{names}；受伤人数可以有。伤亡情况写：{kinds}。")
    hint = joined(
        violations.format(names=_listed(REQUIRED), kinds=_listed(KINDS)),
        accidents.format(names=_listed(REQUIRED_OF_ACCIDENTS), kinds=_listed(SEVERITIES)),
    )
    context = {
        "title": gettext("导入名单"), "stats": _stats(report) if report else [],
        "table": _table(report) if report else None,
        "field": Field(name="content", label=gettext("表格文件"), type="file", width="", hint=hint, error=error,
                       attributes={"accept": ".xlsx,.csv"}),
    }  # fmt: skip
    return staff_page(request, "non_motor/import.html", context, status=status)


def _listed(titles: Mapping[str, str]) -> str:
    return "、".join(gettext(one) for one in titles.values())


def _stats(report: Report) -> list[Stat]:
    return [
        Stat(title=gettext("已登记"), value=report.kept), Stat(title=gettext("以前登记过"), value=report.known),
        Stat(title=gettext("没有登记"), value=len(report.left_out)),
    ]  # fmt: skip


def _table(report: Report) -> Table:
    rows = [
        Row(key=str(number), cells=[gettext("第 {number} 行").format(number=number), plate, why])
        for number, plate, why in report.left_out[:MOST_SHOWN]
    ]
    more = len(report.left_out) - MOST_SHOWN
    return Table(
        title=gettext("没有登记的行"), rows=rows,
        columns=[Column(title=gettext(one)) for one in ("行", "车牌或事故编号", "原因")],
        empty=EmptyState(title=gettext("每一行都读懂了"), icon="check"), is_title_shown=True,
        summary=gettext("另有 {count} 行").format(count=more) if more > 0 else "",
    )  # fmt: skip
