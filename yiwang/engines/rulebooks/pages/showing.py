"""How books, editions, rows and findings look: components from what the selectors give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext

from yiwang.engines.rulebooks.findings import ERROR, Finding
from yiwang.engines.rulebooks.models import DRAFT, PUBLISHED, Edition
from yiwang.engines.rulebooks.selectors import BookState, Change
from yiwang.engines.rulebooks.spec import Book, Column, Input
from yiwang.engines.rulebooks.values import named_key, shown
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Breadcrumbs, Row, Tab, Table, Tabs
from yiwang.ui.components.records import Column as Head
from yiwang.ui.components.simple import Button, Link, Tag

BOOKS, BOOK, EDITION = "rulebooks:books", "rulebooks:book", "rulebooks:edition"
MOST_SHOWN = 60
"""Signs of a cell in a list; the row's own page shows all."""
MOST_COLUMNS = 6
"""Columns that stay when a list has little room."""


def edition_name(edition: Any) -> str:
    return gettext("第 {number} 版").format(number=edition.number)


def state_tag(edition: Any, day: date, current: Any) -> Tag:
    """草稿, 生效中, 待生效, 已失效 or 已撤回."""
    if edition.status == DRAFT:
        return Tag(text=gettext("草稿"), tone="special")
    if edition.status != PUBLISHED:
        return Tag(text=gettext("已撤回"), tone="neutral")
    if edition.effective_on > day:
        return Tag(text=gettext("待生效"), tone="warning")
    if current is not None and current.number == edition.number:
        return Tag(text=gettext("生效中"), tone="success")
    return Tag(text=gettext("已由新版代替"), tone="neutral")


def way(state: BookState, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Breadcrumbs down to the book and further."""
    return [(gettext("规则簿"), reverse(BOOKS)), (gettext(state.book.title), reverse(BOOK, args=[state.key])), *more]


def crumbs(state: BookState, *more: tuple[str, str]) -> Breadcrumbs:
    places = way(state, *more)
    return Breadcrumbs(places=[*places[:-1], (places[-1][0], "")])


def tabs(state: BookState, current: str) -> Tabs:
    """The views of a book."""
    views = [("book", gettext("现行规则")), ("editions", gettext("各版")), ("applied", gettext("查用哪一条"))]
    found = [
        Tab(title=title, href=reverse(f"rulebooks:{name}", args=[state.key]), is_current=name == current)
        for name, title in views
    ]
    if state.draft is not None:
        href = reverse(EDITION, args=[state.draft.pk])
        found.append(Tab(title=gettext("草稿"), href=href, is_current=current == "draft", count=state.draft.rule_count))
    return Tabs(title=gettext("规则簿的内容"), tabs=found)


def actions(state: BookState) -> list[Button]:
    """What may be done with the book: begin a draft, import a file."""
    if not state.may_edit:
        return []
    if state.draft is not None:
        draft = Button(
            text=gettext("继续编写草稿"), href=reverse(EDITION, args=[state.draft.pk]), icon="edit", is_small=True
        )
    else:
        draft = Button(
            text=gettext("起草新版"), href=reverse("rulebooks:draft", args=[state.key]), icon="edit", is_small=True
        )
    file = Button(
        text=gettext("导入表格"), href=reverse("rulebooks:import", args=[state.key]), icon="upload", kind="secondary",
        is_small=True,
    )  # fmt: skip
    return [draft, file]


def exports(edition: Any) -> list[Button]:
    return [
        Button(
            text=title, href=reverse("rulebooks:export", args=[edition.pk, kind]), icon="download", kind="secondary",
            is_small=True,
        )
        for kind, title in (("xlsx", "XLSX"), ("csv", "CSV"))
    ]  # fmt: skip


def cell(column: Column, value: Any, *, is_whole: bool = False) -> object:
    """A cell as it stands in a list; a blank one of an input says that anything fits."""
    if value is None:
        return format_html('<span class="rule-any">{}</span>', gettext("不限")) if isinstance(column, Input) else ""
    text = shown(column, value)
    if not is_whole and len(text) > MOST_SHOWN:
        text = text[:MOST_SHOWN] + "…"
    if column.options or (not isinstance(column, Input) and column.kind != "text"):
        return text
    return format_html('<span class="rule-cell" lang="zh-CN">{}</span>', text)  # What people wrote stays as written.


def rows_table(
    book: Book, edition: Any, rows: Iterable[tuple[int, Mapping[str, Any]]], *, title: str, next_url: str = "",
    empty: Component | None = None, is_title_shown: bool = False,
) -> Table:  # fmt: skip
    """Rows of an edition, each leading to its own page."""
    heads = [
        Head(
            title=gettext(column.title),
            is_wide=place >= MOST_COLUMNS,
            is_figures=not isinstance(column, Input) and column.kind in ("number", "whole"),
        )
        for place, column in enumerate(book.columns)
    ]
    lines = [
        Row(
            key=str(no),
            href=reverse("rulebooks:rule", args=[edition.pk, no]),
            cells=[*(cell(column, values.get(column.key)) for column in book.columns), no],
        )
        for no, values in rows
    ]
    return Table(
        title=title,
        columns=[*heads, Head(title=gettext("序号"), is_figures=True)],
        rows=lines,
        next_url=next_url,
        is_title_shown=is_title_shown,
        empty=empty
        or EmptyState(title=gettext("没有找到规则"), text=gettext("换一个词再找，或清除筛选。"), icon="search"),
    )


def findings_table(book: Book, findings: Sequence[Finding], edition: Edition | None, title: str) -> Table:
    """Findings, each leading to the cell it is about."""
    heads = [Head(title=gettext(word)) for word in ("在哪里", "问题", "怎么办", "轻重")]
    lines = []
    for number, one in enumerate(findings):
        column = book.by_key.get(one.column)
        where = one.place or (gettext("第 {no} 条").format(no=one.no) if one.no else gettext("整本"))
        name = f"{where} · {gettext(column.title)}" if column is not None else where
        href = ""
        if edition is not None and one.no:
            href = reverse("rulebooks:rule", args=[edition.pk, one.no]) + (f"#{one.column}" if column else "")
        weight = (
            Tag(text=gettext("必须更正"), tone="danger")
            if one.weight == ERROR
            else Tag(text=gettext("请看一眼"), tone="warning")
        )
        lines.append(Row(key=str(number), href=href, cells=[name, one.message, one.next_step, weight]))
    return Table(title=title, columns=heads, rows=lines, is_title_shown=True)


_KINDS = {"added": ("新增", "success"), "removed": ("删去", "danger"), "changed": ("改动", "warning")}


def changes_table(book: Book, changes: Sequence[Change], before: Any, after: Any, title: str) -> Table:
    """What two editions do not share, cell by cell."""
    heads = [Head(title=gettext(word)) for word in ("规则", "变动", "内容")]
    lines = []
    for number, one in enumerate(changes):
        word, tone = _KINDS[one.kind]
        edition, no = (after, one.after_no) if one.after is not None else (before, one.before_no)
        href = reverse("rulebooks:rule", args=[edition.pk, no])
        tag = Tag(text=gettext(word), tone=tone)
        lines.append(Row(key=str(number), href=href, cells=[named_key(book, one.key), tag, _changed(book, one)]))
    empty = EmptyState(title=gettext("两版内容相同"), icon="check")
    return Table(title=title, columns=heads, rows=lines, is_title_shown=True, empty=empty)


def _changed(book: Book, change: Change) -> object:
    if change.before is None or change.after is None:
        values = change.after if change.before is None else change.before
        pairs = [
            (gettext(column.title), shown(column, (values or {})[column.key]))
            for column in book.outputs
            if column.key in (values or {})
        ]
        return format_html('<ul class="rule-diff">{}</ul>', format_html_join("", "<li>{}：{}</li>", pairs))
    lines = [
        (
            gettext(book.by_key[key].title),
            shown(book.by_key[key], change.before.get(key)) or gettext("空"),
            shown(book.by_key[key], change.after.get(key)) or gettext("空"),
        )
        for key in change.columns
    ]
    line = '<li>{}：<del class="rule-old">{}</del> → <ins class="rule-new">{}</ins></li>'
    return format_html('<ul class="rule-diff">{}</ul>', format_html_join("", line, lines))


def editions_table(state: BookState, editions: Sequence[Any], day: date) -> Table:
    """All editions, each with what it may be compared to."""
    titles = ("版本", "状态", "生效日期", "条数", "依据", "编写", "发布", "比较")
    heads = [
        Head(title=gettext(title), is_figures=title == "条数", is_wide=title in ("依据", "编写")) for title in titles
    ]
    lines = [
        Row(
            key=str(one.pk),
            href=reverse(EDITION, args=[one.pk]),
            cells=[
                edition_name(one),
                state_tag(one, day, state.current),
                one.effective_on or "",
                one.rule_count,
                *(gettext(word) if word else "" for word in (one.basis, one.author, one.publisher)),
                Link(text=gettext("与第 {number} 版比较").format(number=older.number), href=_compare(older, one))
                if older is not None
                else "",
            ],
        )
        for one, older in zip(editions, [*editions[1:], None], strict=False)
    ]
    empty = EmptyState(
        title=gettext("还没有版本"), text=gettext("起草或导入一份草稿，检查后发布。"), icon="table",
    )  # fmt: skip
    return Table(title=gettext("各版"), columns=heads, rows=lines, empty=empty)


def _compare(before: Any, after: Any) -> str:
    return reverse("rulebooks:compare", args=[after.pk]) + f"?with={before.pk}"
