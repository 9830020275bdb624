"""Which rule would have applied: facts and a day, the row with its edition, what gave way to it, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import actor_of, today
from yiwang.engines.rulebooks import selectors
from yiwang.engines.rulebooks.index import IndexedRule
from yiwang.engines.rulebooks.pages import showing
from yiwang.engines.rulebooks.pages.asking import faults_of, read_day
from yiwang.engines.rulebooks.selectors import BookState
from yiwang.engines.rulebooks.spec import Input
from yiwang.engines.rulebooks.timeline import Standing, in_force
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import Notice
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Facts, Table
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

MOST = 20
"""Other rows that are shown beside the one that applies."""


@dataclass(frozen=True)
class _Numbered:
    """An edition known by its id only."""

    pk: int


@require_safe
@staff_only
def applied(request: HttpRequest, book: str) -> HttpResponse:
    """The form, and the answer when a day was given."""
    actor = actor_of(request)
    state = selectors.book_state(actor, book)
    facts = {column.key: request.GET.get(column.key, "").strip() for column in state.book.inputs}
    asked = request.GET.get("on", "")
    below: list[Component] = []
    error = ""
    if asked:
        try:
            below = _answer(state, facts, read_day(asked, "on", "日期"))
        except InvalidInput as refused:
            error = faults_of(refused)[0][1]
    fields: list[Component] = [_fact(column, facts[column.key]) for column in state.book.inputs]
    day = asked or today().isoformat()
    fields.append(Field(name="on", label=gettext("日期"), type="date", value=day, error=error))
    context = {
        "title": gettext(state.book.title),
        "way": showing.crumbs(state, (gettext("查用哪一条"), "")),
        "tabs": showing.tabs(state, "applied"),
        "lead": gettext("写下知道的情形和日期，看那天会用哪一条、出自哪一版；不知道的留空。"),
        "choose": fields,
        "choose_action": request.path,
        "choose_button": gettext("查"),
        "below": below,
    }
    return staff_page(request, "rulebooks/page.html", context)


def _fact(column: Input, value: str) -> Component:
    title = gettext(column.title)
    if column.options:
        options = [("", gettext("不知道")), *((key, gettext(name)) for key, name in column.options.items())]
        return Choice(name=column.key, label=title, options=options, value=value)
    return Field(name=column.key, label=title, value=value, attributes={"autocomplete": "off"})


def _answer(state: BookState, facts: Mapping[str, str], day: date) -> list[Component]:
    standing = in_force(state.key, day)
    if standing is None:
        return [Notice(text=gettext("{day} 还没有生效的版本，所以没有规则。").format(day=day), tone="warning")]
    fitting = standing.index.fitting(facts)
    parts: list[Component] = [*_found(state, standing, fitting[0])] if fitting else [_nothing(standing, day)]
    if len(fitting) > 1:
        parts.append(_others(state, standing, fitting[1:], gettext("也适用、但不如它具体的规则")))
    known = {rule.no for rule in fitting}
    further = [rule for rule in standing.index.fitting(facts, is_open=True) if rule.no not in known]
    missing = [gettext(column.title) for column in state.book.inputs if not facts[column.key]]
    if further and missing:
        title = gettext("还要看{missing}，可能用到这些").format(missing=gettext("、").join(missing))
        parts.append(_others(state, standing, further, title))
    return parts


def _found(state: BookState, standing: Standing, rule: IndexedRule) -> list[Component]:
    text = gettext("用第 {number} 版（{day}起）的第 {no} 条。").format(
        number=standing.number, day=standing.effective_on, no=rule.no
    )
    href = reverse("rulebooks:rule", args=[standing.id, rule.no])
    link = Button(text=gettext("看这一条"), href=href, kind="secondary", is_small=True)
    pairs = [
        (gettext(one.title), showing.cell(one, rule.values.get(one.key), is_whole=True)) for one in state.book.columns
    ]
    return [Notice(text=text, tone="success", actions=[link]), Facts(pairs=pairs)]


def _nothing(standing: Standing, day: date) -> Notice:
    text = gettext("{day} 有效的是第 {number} 版，凭这些情形还定不下用哪一条。").format(day=day, number=standing.number)
    return Notice(text=text, tone="warning", next_step=gettext("请多写一项，或向规则管理员核对。"))


def _others(state: BookState, standing: Standing, rules: Sequence[IndexedRule], title: str) -> Table:
    holder: Any = _Numbered(standing.id)
    listed = [(rule.no, rule.values) for rule in rules[:MOST]]
    if len(rules) > MOST:
        title = gettext("{title}（共 {count} 条，先列 {most} 条）").format(title=title, count=len(rules), most=MOST)
    return showing.rows_table(state.book, holder, listed, title=title, is_title_shown=True)
