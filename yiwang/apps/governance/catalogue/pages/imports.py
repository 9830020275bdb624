"""Spreadsheets brought in: the file with the choices it needs, and the report of what was read and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.governance.catalogue.book import BOOK
from yiwang.apps.governance.catalogue.findings import WEIGHTS
from yiwang.apps.governance.catalogue.importing import import_classes, may_import
from yiwang.apps.governance.catalogue.ledger.importing import import_components
from yiwang.apps.governance.catalogue.ledger.rights import may_keep
from yiwang.apps.governance.catalogue.ledger.selectors import imports, one_import
from yiwang.apps.governance.catalogue.limit_reading import CHOICE_TITLES, OPTIONS, Choices
from yiwang.apps.governance.catalogue.models import Import
from yiwang.apps.governance.catalogue.pages.wording import as_written, comma_separated
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.rulebooks.api import book_state
from yiwang.kernel.errors import InvalidInput, NotAllowed, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.base import Component as Piece
from yiwang.ui.components.feedback import EmptyState, ErrorSummary, Notice
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Stat, Tag
from yiwang.ui.pages import staff_page

MOST_SHOWN = 300
"""Findings on the page; the download has all."""
OPTION_TITLES = {
    "working_day": gettext_noop("工作日（只算上班时间）"), "working_hour": gettext_noop("工作时（只算上班时间）"),
    "calendar_day": gettext_noop("自然日（昼夜、节假日都算）"),
    "urgent_hour": gettext_noop("紧急工作时（昼夜、节假日都算）"),
    "list": gettext_noop("不读入，列入报告"), "down": gettext_noop("沿用上一行"),
}  # fmt: skip
HINTS = {
    "day": gettext_noop("如“3天”：没有写明工作日还是自然日。"),
    "hour": gettext_noop("如“4小时”：没有写明工作时还是紧急工作时。"),
    "urgent_day": gettext_noop("如“2紧急工作日”：四种单位里没有这个词，比照紧急工作时昼夜连续计算。"),
    "blank": gettext_noop("没有合并、只在第一行写了大类或小类的表格，选“沿用上一行”。"),
}
COORDINATES = {
    "wgs84": gettext_noop("WGS-84 或 CGCS2000"), "gcj02": gettext_noop("GCJ-02（网络地图，导入时转换）"),
}  # fmt: skip
_TONES = {"unread": "danger", "check": "warning"}


def _sent(request: HttpRequest) -> tuple[bytes, str]:
    sent = request.FILES.get("content")
    if sent is None:
        message = gettext("请选择文件。")
        raise InvalidInput([{"path": "content", "code": "REQUIRED", "message": message}], message)
    return sent.read(), sent.name or "file.xlsx"


def _file(hint: str) -> Field:
    return Field(
        name="content", label=gettext("表格文件"), type="file", width="", hint=hint, attributes={"accept": ".xlsx,.csv"}
    )


def _choice(name: str, label: str, options: Mapping[str, str], given: Mapping[str, str], hint: str = "") -> Choice:
    pairs = [(key, gettext(title)) for key, title in options.items()]
    return Choice(name=name, label=label, options=pairs, value=given.get(name, pairs[0][0]), hint=hint)


@require_http_methods(["GET", "POST"])
@staff_only
def classes(request: HttpRequest) -> HttpResponse:
    """A spreadsheet of classes."""
    actor = actor_of(request)
    if not may_import(actor):
        raise NotAllowed(next_step="类别由区的类别管理员维护，请联系城市管理部门。")
    if request.method == "GET":
        return _classes_form(request, {})
    try:
        choices = Choices(**{name: request.POST.get(name, options[0]) for name, options in OPTIONS.items()})
        row = import_classes(actor, *_sent(request), choices, is_trial=request.POST.get("manner") != "draft")
    except NotAllowed:
        raise
    except UserError as error:
        return _classes_form(request, request.POST.dict(), error)
    return HttpResponseRedirect(reverse("catalogue:import_report", args=[row.pk]))


def _classes_form(request: HttpRequest, given: Mapping[str, str], error: UserError | None = None) -> HttpResponse:
    choices = [
        _choice(
            name,
            gettext(CHOICE_TITLES[name]),
            {one: OPTION_TITLES[one] for one in options},
            given,
            gettext(HINTS[name]),
        )
        for name, options in OPTIONS.items()
    ]
    draft = book_state(actor_of(request), BOOK).draft
    manners = {"try": gettext_noop("先试读，只看报告"), "draft": gettext_noop("写入草稿，供核对发布")}
    hint = gettext("已有第 {number} 版草稿，写入会替换它。").format(number=draft.number) if draft else ""
    return _form(
        request, error, title=gettext("导入类别表"), way=_way("classes"), choices=choices,
        lead=gettext("直接上传本市在用的表格：合并单元格、列名在第二三行、编码写成一位都读得懂。读不懂的逐格列出，不猜。"),
        fields=[_file(gettext("xlsx 或 csv，5 MB 以内；工作表名或标题里要有“部件”或“事件”。"))],
        last=[_choice("manner", gettext("方式"), manners, given, hint)], back=reverse("catalogue:classes"),
        legend=gettext("这份表格里没有写明的，按哪种读"), kept=_kept(imports(actor_of(request), "classes")),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_only
def components(request: HttpRequest) -> HttpResponse:
    """A spreadsheet of components."""
    actor = actor_of(request)
    if not may_keep(actor):
        raise NotAllowed(next_step="部件由部件管理员维护，请联系所在镇街。")
    if request.method == "GET":
        return _components_form(request, {})
    try:
        row = import_components(actor, *_sent(request), coordinates=request.POST.get("coordinates", ""))
    except NotAllowed:
        raise
    except UserError as error:
        return _components_form(request, request.POST.dict(), error)
    return HttpResponseRedirect(reverse("catalogue:import_report", args=[row.pk]))


def _components_form(request: HttpRequest, given: Mapping[str, str], error: UserError | None = None) -> HttpResponse:
    hint = gettext("xlsx 或 csv，5 MB 以内；要有部件标识码、经度、纬度三列，标识码列设为文本格式。")
    return _form(
        request, error, title=gettext("导入台账"), way=_way("components"), fields=[_file(hint)], choices=[],
        lead=gettext("编码、区划、小类、位置都对的部件写入台账，其余逐行列出原因。同一份文件再导一次不会重复。"),
        last=[_choice("coordinates", gettext("坐标系"), COORDINATES, given)], back=reverse("catalogue:components"),
        kept=_kept(imports(actor_of(request), "components")),
    )  # fmt: skip


def _form(request: HttpRequest, error: UserError | None, **context: Any) -> HttpResponse:
    if error is not None:
        named = error.errors[0]["path"] if isinstance(error, InvalidInput) and error.errors else "content"
        text = joined(gettext(error.message), gettext(error.next_step))
        context["errors"] = ErrorSummary(errors=[(named, text)])
    return staff_page(request, "catalogue/import.html", context, status=error.status if error else 200)


def _way(kind: str, *more: tuple[str, str]) -> Breadcrumbs:
    first = (gettext("类别"), "classes") if kind == "classes" else (gettext("部件台账"), "components")
    last = (gettext("导入类别表") if kind == "classes" else gettext("导入台账"),
            reverse("catalogue:import" if kind == "classes" else "catalogue:component_import"))  # fmt: skip
    return Breadcrumbs(places=[(first[0], reverse(f"catalogue:{first[1]}")), last, *more])


def _kept(rows: Sequence[Import]) -> Table | None:
    if not rows:
        return None
    shown = [
        Row(
            key=str(row.pk), href=reverse("catalogue:import_report", args=[row.pk]),
            cells=[row.file_name, Time(at=row.at), gettext(row.by), _result(row)],
        )
        for row in rows
    ]  # fmt: skip
    columns = [Column(title=gettext(title)) for title in ("文件", "时间", "经办人", "结果")]
    return Table(title=gettext("最近的导入"), columns=columns, rows=shown, is_title_shown=True)


def _result(row: Import) -> str:
    if row.kind == "components":
        return gettext("已写入台账")
    return gettext("写入草稿") if row.edition else gettext("试读")


@require_GET
@staff_only
def report(request: HttpRequest, import_id: int) -> HttpResponse:
    """What an import found."""
    actor = actor_of(request)
    row = one_import(actor, import_id)
    findings = row.facts["findings"]
    context = {
        "title": gettext("导入报告"), "way": _way(row.kind, (gettext("导入报告"), "")), "row": row,
        "about": Facts(pairs=_about(row)),
        "stats": _stats(row), "notice": _notice(actor, row), "said": _said(row),
        "table": _findings(findings[:MOST_SHOWN], row.facts["language"]),
        "more": len(findings) - MOST_SHOWN if len(findings) > MOST_SHOWN else 0,
        "renamed": _renamed(row.facts.get("renamed", [])), "gone": row.facts.get("gone", []),
        "actions": [Button(text=gettext("下载报告"), icon="download", is_small=True, kind="secondary",
                           href=reverse("catalogue:import_download", args=[row.pk]))],
    }  # fmt: skip
    return staff_page(request, "catalogue/report.html", context)


def _about(row: Import) -> list[tuple[str, object]]:
    return [(gettext("文件"), row.file_name), (gettext("时间"), Time(at=row.at)), (gettext("经办人"), gettext(row.by))]


def _stats(row: Import) -> list[Piece]:
    facts, weights = row.facts, row.facts["weights"]
    pairs = [(gettext("读到的行"), facts["row_count"])]
    if row.kind == "classes":
        pairs += [(gettext("读入的立案条件"), facts["taken_count"]), (gettext("小类"), facts["class_count"])]
    else:
        pairs.append((gettext("写入台账"), facts["stored_count"]))
    pairs += [(gettext(title), weights[weight]) for weight, title in WEIGHTS.items()]
    return [Stat(title=title, value=value) for title, value in pairs]


def _notice(actor: Actor, row: Import) -> Notice:
    wrong = row.facts["weights"]["unread"]
    if row.kind == "components":
        done = gettext("已写入 {count} 个部件。").format(count=row.facts["stored_count"])
        rest = gettext("其余按下表更正后可再导一次。") if wrong else ""
        return Notice(text=done, tone="warning" if wrong else "success", next_step=rest)
    if row.edition:
        address = _draft(actor, row)
        actions = [Button(text=gettext("去规则簿核对草稿"), href=address, is_small=True)] if address else []
        step = gettext("请在规则簿里核对，由另一位同事发布后生效。")
        return Notice(text=gettext("已写入草稿，尚未生效。"), tone="success", next_step=step, actions=actions)
    if not row.facts["taken_count"]:
        return Notice(text=gettext("没有一行可以读入。"), tone="danger", next_step=gettext("请按下表更正后重新上传。"))
    step = gettext("核对无误后，用同一份文件选“写入草稿”。")
    return Notice(text=gettext("这是试读，什么都没有写入。"), tone="accent", next_step=step)


def _draft(actor: Actor, row: Import) -> str:
    """The draft's page; '' when it was published or thrown away meanwhile."""
    draft = book_state(actor, BOOK).draft
    return reverse("rulebooks:edition", args=[draft.pk]) if draft is not None and str(draft.pk) == row.edition else ""


def _said(row: Import) -> list[str]:
    """In sentences: how open words were read, what the edition in force lent, which columns nobody read."""
    facts, found = row.facts, []
    if row.kind == "components":
        return [gettext("坐标系：{system}。").format(system=gettext(COORDINATES[row.choices["coordinates"]]))]
    for name, count in facts["used"].items():
        found.append(
            gettext("{title}按“{option}”读入，共 {count} 格。").format(
                title=gettext(CHOICE_TITLES[name]), option=gettext(OPTION_TITLES[row.choices[name]]), count=count
            )
        )
    if facts["lent_count"]:
        text = gettext(
            "{count} 个立案条件的公众类别、处置层级、取证要求或俗称，文件没有写，沿用现行版本同名同码的小类。"
        )
        found.append(text.format(count=facts["lent_count"]))
    by_sheet: dict[str, list[str]] = {}
    for sheet, heading in facts["unused"]:
        by_sheet.setdefault(sheet, []).append(heading)
    for sheet, headings in by_sheet.items():
        text = gettext("工作表“{sheet}”里没有用到的列：{headings}。")
        found.append(text.format(sheet=sheet, headings="、".join(headings)))
    return found


def _findings(findings: Sequence[Mapping[str, str]], language: str) -> Table:
    rows = [Row(key=str(place), cells=_told(one, language)) for place, one in enumerate(findings)]
    columns = [Column(title=gettext(title)) for title in ("单元格", "结果", "原文", "原因", "怎么办")]
    empty = EmptyState(title=gettext("全部读懂了"), text=gettext("没有需要核对的单元格。"), icon="check")
    return Table(title=gettext("没有读入或需要核对的"), columns=columns, rows=rows, empty=empty)


def _told(one: Mapping[str, str], language: str) -> list[object]:
    place = f"{one['sheet']}!{one['cell']}" if one["cell"] else one["sheet"]
    weight = Tag(text=gettext(WEIGHTS[one["weight"]]), tone=_TONES[one["weight"]])
    return [place, weight, as_written(one["text"]), *(as_written(one[name], language) for name in ("why", "now"))]


def _renamed(renamed: Sequence[Sequence[str]]) -> Table | None:
    if not renamed:
        return None
    columns = [Column(title=gettext(title)) for title in ("编码", "现行名称", "文件中的名称")]
    rows = [Row(key=code, cells=[code, as_written(before), as_written(after)]) for code, before, after in renamed]
    return Table(title=gettext("同一编码，名称变了"), columns=columns, rows=rows)


@require_GET
@staff_only
def download(request: HttpRequest, import_id: int) -> HttpResponse:
    """The whole report as a CSV file that spreadsheet programs open as it is."""
    row = one_import(actor_of(request), import_id)
    titles = ("工作表", "单元格", "结果", "原文", "原因", "怎么办")
    lines = [
        (one["sheet"], one["cell"], gettext(WEIGHTS[one["weight"]]), one["text"], one["why"], one["now"])
        for one in row.facts["findings"]
    ]
    return comma_separated(f"import-{row.pk}.csv", [gettext(title) for title in titles], lines)
