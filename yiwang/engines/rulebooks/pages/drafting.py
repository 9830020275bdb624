"""Writing drafts: begun, filled from a file, written row by row, thrown away. No script is needed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.engines.rulebooks import drafting, selectors
from yiwang.engines.rulebooks.hashing import mark_of
from yiwang.engines.rulebooks.importing import NothingRead, Reading, import_draft, read_book
from yiwang.engines.rulebooks.models import DRAFT
from yiwang.engines.rulebooks.pages import showing
from yiwang.engines.rulebooks.pages.asking import (
    ask,
    cell_field,
    cells_as_written,
    faults_of,
    sent_cells,
)
from yiwang.engines.rulebooks.rights import require_edit
from yiwang.engines.rulebooks.selectors import BookState
from yiwang.engines.rulebooks.spreadsheets import MOST_BYTES
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound, TooLarge, UserError
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Facts
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

_asks = require_http_methods(["GET", "HEAD", "POST"])


@_asks
@staff_only
def draft(request: HttpRequest, book: str) -> HttpResponse:
    """A new draft with the rows of the latest edition."""
    actor = actor_of(request)
    state = selectors.book_state(actor, book)
    require_edit(actor, book)
    if request.method == "POST":
        made = drafting.begin_draft(actor, book)
        messages.success(request, gettext("草稿已备好，发布前不影响办理。"))
        return HttpResponseRedirect(reverse(showing.EDITION, args=[made.pk]))
    return ask(
        request, title=gettext("起草新版"), way=showing.way(state), fields=[], back=reverse(showing.BOOK, args=[book]),
        button=Button(text=gettext("开始起草"), icon="edit"),
        lead=gettext("以最新一版为底稿，逐条修改；一本规则簿同时只有一份草稿，大家写同一份。"),
    )  # fmt: skip


def _draft_of(actor: Actor, edition_id: int) -> tuple[Any, BookState]:
    """A draft this actor may write; NotAllowed or NotFound otherwise."""
    found = selectors.edition(actor, edition_id)
    require_edit(actor, found.book)
    return found, selectors.book_state(actor, found.book)


def _way(state: BookState, found: Any) -> list[tuple[str, str]]:
    return showing.way(state, (showing.edition_name(found), reverse(showing.EDITION, args=[found.pk])))


@_asks
@staff_only
def rule_new(request: HttpRequest, edition_id: int) -> HttpResponse:
    """One more row; "save and next" asks for another at once."""
    actor = actor_of(request)
    found, state = _draft_of(actor, edition_id)
    if request.method != "POST":
        return _row_form(request, state, found, None, {})
    sent = sent_cells(request, state.book.columns)
    try:
        no = drafting.set_row(actor, edition_id, None, sent)
    except InvalidInput as error:
        return _row_form(request, state, found, None, sent, error)
    messages.success(request, gettext("已新增第 {no} 条。").format(no=no))
    onward = "rulebooks:rule_new" if "another" in request.POST else showing.EDITION
    return HttpResponseRedirect(reverse(onward, args=[edition_id]))


@_asks
@staff_only
def rule(request: HttpRequest, edition_id: int, no: int) -> HttpResponse:
    """One row: a form in a draft one may write, its cells otherwise."""
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    state = selectors.book_state(actor, found.book)
    row = selectors.rule(actor, edition_id, no)
    if request.method != "POST":
        if found.status == DRAFT and state.may_edit:
            cells = cells_as_written(state.book.columns, row.values)
            return _row_form(request, state, found, no, cells, seen=mark_of(row.values))
        return _row_page(request, state, found, row)
    sent, seen = sent_cells(request, state.book.columns), request.POST.get("row-mark", "")
    try:
        drafting.set_row(actor, edition_id, no, sent, seen=seen)
    except InvalidInput as error:
        return _row_form(request, state, found, no, sent, error, seen)
    messages.success(request, gettext("第 {no} 条已保存。").format(no=no))
    return HttpResponseRedirect(reverse(showing.EDITION, args=[edition_id]))


def _row_form(
    request: HttpRequest, state: BookState, found: Any, no: int | None, values: dict[str, str],
    error: UserError | None = None, seen: str = "",
) -> HttpResponse:  # fmt: skip
    faults = faults_of(error) if error is not None else []
    beside = dict(reversed(faults))
    inputs = [
        cell_field(one, values.get(one.key, ""), beside.get(one.key, ""), blank=gettext("不限"))
        for one in state.book.inputs
    ]
    outputs = [cell_field(one, values.get(one.key, ""), beside.get(one.key, "")) for one in state.book.outputs]
    extra = []
    if no is None:
        extra.append(Button(text=gettext("保存并再写一条"), kind="secondary", name="another", value="1"))
    else:
        href = reverse("rulebooks:rule_remove", args=[found.pk, no])
        extra.append(Button(text=gettext("删去这一条"), kind="danger", href=href))
    return ask(
        request,
        title=gettext("第 {no} 条").format(no=no) if no else gettext("新增一条"),
        way=_way(state, found),
        fields=[],
        groups=[(gettext("什么情形"), inputs), (gettext("怎样办"), outputs)],
        faults=faults,
        button=Button(text=gettext("保存"), shortcut="s"),
        extra=extra,
        seen=seen,
        back=reverse(showing.EDITION, args=[found.pk]),
        status=error.status if error is not None else 200,
    )


def _row_page(request: HttpRequest, state: BookState, found: Any, row: Any) -> HttpResponse:
    def facts(columns: Any) -> Facts:
        return Facts(
            pairs=[(gettext(one.title), showing.cell(one, row.values.get(one.key), is_whole=True)) for one in columns]
        )

    title = gettext("第 {no} 条").format(no=row.no)
    context = {
        "title": title, "way": showing.crumbs(state, *_way(state, found)[2:], (title, "")),
        "tags": [Tag(text=showing.edition_name(found), tone="neutral")],
        "parts": [facts(state.book.inputs), facts(state.book.outputs)],
    }  # fmt: skip
    return staff_page(request, "rulebooks/page.html", context)


@_asks
@staff_only
def rule_remove(request: HttpRequest, edition_id: int, no: int) -> HttpResponse:
    """A row goes, after one more question."""
    actor = actor_of(request)
    found, state = _draft_of(actor, edition_id)
    row = selectors.rule(actor, edition_id, no)
    back = reverse(showing.EDITION, args=[edition_id])
    if request.method == "POST":
        drafting.remove_row(actor, edition_id, no)
        messages.success(request, gettext("第 {no} 条已删去。").format(no=no))
        return HttpResponseRedirect(back)
    pairs = [
        (gettext(one.title), showing.cell(one, row.values.get(one.key), is_whole=True)) for one in state.book.columns
    ]
    return ask(
        request,
        title=gettext("删去第 {no} 条").format(no=no),
        way=_way(state, found),
        fields=[],
        above=[Facts(pairs=pairs)],
        button=Button(text=gettext("删去"), kind="danger"),
        back=back,
    )


@_asks
@staff_only
def discard(request: HttpRequest, edition_id: int) -> HttpResponse:
    """A draft goes, after one more question."""
    actor = actor_of(request)
    found, state = _draft_of(actor, edition_id)
    if request.method == "POST":
        drafting.discard_draft(actor, edition_id)
        messages.success(request, gettext("草稿已作废，日志里有记录。"))
        return HttpResponseRedirect(reverse(showing.BOOK, args=[found.book]))
    return ask(
        request,
        title=gettext("作废草稿"),
        way=_way(state, found),
        fields=[],
        back=reverse(showing.EDITION, args=[edition_id]),
        lead=gettext("草稿里的 {count} 条都会丢掉，不能找回；已发布的版本不受影响。").format(count=found.rule_count),
        button=Button(text=gettext("作废草稿"), kind="danger"),
    )


@_asks
@staff_only
def import_file(request: HttpRequest, book: str) -> HttpResponse:
    """A spreadsheet: first read and reported, then made the draft."""
    actor = actor_of(request)
    state = selectors.book_state(actor, book)
    require_edit(actor, book)
    if request.method != "POST":
        return _import_form(request, state)
    sent: Any = request.FILES.get("content")
    if sent is None:
        return _import_form(request, state, [("content", gettext("请选择文件。"))])
    writes = request.POST.get("manner") == "write"
    try:
        if sent.size > MOST_BYTES:
            raise TooLarge(gettext("文件超过 {most} MB。").format(most=MOST_BYTES // 1_000_000))
        content = sent.read()
        if not writes:
            return _report(request, state, read_book(state.book, content, sent.name))
        made = import_draft(actor, book, content, sent.name, basis=request.POST.get("basis", "").strip())
    except NothingRead as error:
        return _report(request, state, error.reading, status=error.status)
    except (NotAllowed, NotFound):
        raise
    except UserError as error:
        return _import_form(request, state, [("content", faults_of(error)[0][1])], error.status)
    return _report(request, state, made.reading, edition=made.edition)


def _import_form(
    request: HttpRequest, state: BookState, faults: list[tuple[str, str]] | None = None, status: int = 422
) -> HttpResponse:
    error = dict(faults or {}).get("content", "")
    wanted = gettext("、").join(gettext(column.title) for column in state.book.columns)
    manners = [("try", gettext("先试读，不写入")), ("write", gettext("写入草稿，代替现有草稿"))]
    fields: list[Component] = [
        Field(
            name="content", label=gettext("表格文件"), type="file", width="", error=error,
            hint=gettext("XLSX 或 CSV，5 MB 以内；第一行写列标题：{wanted}。").format(wanted=wanted),
            attributes={"accept": ".xlsx,.csv"},
        ),
        Choice(name="manner", label=gettext("方式"), options=manners, value=request.POST.get("manner", "try")),
        Field(
            name="basis", label=gettext("依据"), value=request.POST.get("basis", ""), is_optional=True, width="wide",
            hint=gettext("如制度文件的名称和文号。"),
        ),
    ]  # fmt: skip
    return ask(
        request, title=gettext("导入表格"), way=showing.way(state), fields=fields, faults=faults or (), is_file=True,
        button=Button(text=gettext("读入"), icon="upload"), back=reverse(showing.BOOK, args=[state.key]),
        lead=gettext("读不懂的一格，整条不读，并列出在哪一格、为什么；系统不猜。"), status=status if faults else 200,
    )  # fmt: skip


def _report(
    request: HttpRequest, state: BookState, reading: Reading, edition: Any = None, status: int = 200
) -> HttpResponse:
    """What the file says, and what of it could not be read."""
    count, left = len(reading.stored), reading.left_out
    title = gettext("导入结果") if edition is not None else gettext("试读结果")
    text = gettext("读出 {count} 条，另有 {left} 条没有读。").format(count=count, left=left)
    if edition is not None:
        next_step = gettext("已写入草稿第 {number} 版。").format(number=edition.number)
    else:
        next_step = gettext("没有写入。") if count else gettext("一条规则也没有读出来，草稿没有变动。")
    tone = "success" if count and not left else "warning" if count else "danger"
    acts = [
        Button(
            text=gettext("再读一次"),
            href=reverse("rulebooks:import", args=[state.key]),
            kind="secondary",
            is_small=True,
        )
    ]
    if edition is not None:
        acts.insert(0, Button(text=gettext("看草稿"), href=reverse(showing.EDITION, args=[edition.pk]), is_small=True))
        acts.insert(1, Button(text=gettext("检查"), href=reverse("rulebooks:check", args=[edition.pk]), is_small=True))
    parts: list[Component] = [Notice(text=text, next_step=next_step, tone=tone, actions=acts)]
    if reading.findings:
        parts.append(showing.findings_table(state.book, reading.findings, None, gettext("没有读的和请核对的")))
    context = {"title": title, "way": showing.crumbs(state, (title, "")), "parts": parts}
    return staff_page(request, "rulebooks/page.html", context, status=status)
