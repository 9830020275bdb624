"""Reading rules: the books, one book, its editions, one row, two editions compared, and which rule applies when."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of, today
from yiwang.engines.rulebooks import selectors
from yiwang.engines.rulebooks.history import changes
from yiwang.engines.rulebooks.importing import export_edition
from yiwang.engines.rulebooks.models import DRAFT
from yiwang.engines.rulebooks.pages import showing
from yiwang.engines.rulebooks.pages.asking import faults_of, read_day
from yiwang.engines.rulebooks.selectors import BookState
from yiwang.engines.rulebooks.timeline import Standing, in_force
from yiwang.kernel.errors import InvalidInput, NotFound
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import EmptyState, Notice
from yiwang.ui.components.fields import Choice
from yiwang.ui.components.records import Column, Facts, FilterBar, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

PAGE = "rulebooks/page.html"
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@require_safe
@staff_only
def books(request: HttpRequest) -> HttpResponse:
    """All books: what is in force and what comes next."""
    states = selectors.book_states(actor_of(request))
    heads = [
        Column(title=gettext(title), is_figures=title == "条数")
        for title in ("规则簿", "现行", "条数", "将要生效", "草稿")
    ]
    rows = [
        Row(
            key=one.key,
            href=reverse(showing.BOOK, args=[one.key]),
            cells=[
                gettext(one.book.title), _from(one.current), one.current.rule_count if one.current else "",
                _from(one.coming) if one.coming else "", _draft(one),
            ],
        )
        for one in states
    ]  # fmt: skip
    empty = EmptyState(
        title=gettext("还没有规则簿"), text=gettext("登记用到规则簿的应用后，会列在这里。"), icon="table"
    )
    context = {
        "title": gettext("规则簿"),
        "lead": gettext("规则分版，各有生效日期；一件事按它那天的规则办理，以后修改不影响它。"),
        "parts": [Table(title=gettext("规则簿"), columns=heads, rows=rows, empty=empty)],
    }
    return staff_page(request, PAGE, context)


def _from(edition: Any) -> object:
    if edition is None:
        return Tag(text=gettext("没有生效的版本"), tone="warning")
    return gettext("第 {number} 版，{day}起").format(number=edition.number, day=edition.effective_on)


def _draft(state: BookState) -> object:
    return Tag(text=gettext("编写中"), tone="special") if state.draft is not None else ""


@require_safe
@staff_only
def book(request: HttpRequest, book: str) -> HttpResponse:
    """The rows in force today, or on the day asked for."""
    actor = actor_of(request)
    state = selectors.book_state(actor, book)
    asked = request.GET.get("on", "")
    try:
        day, parts = read_day(asked, "on", "日期") if asked else today(), []
    except InvalidInput as error:
        day, parts = today(), [Notice(text=faults_of(error)[0][1], tone="warning")]
    standing = in_force(book, day)
    bar = FilterBar(
        search_name="q",
        search_title=gettext("查找规则"),
        search_value=request.GET.get("q", ""),
        clear_url=request.path,
        kept={"on": day.isoformat()} if asked else {},
    )
    if standing is None:
        text = gettext("{day} 还没有生效的版本。").format(day=day)
        below: list[Component] = [
            EmptyState(title=text, text=gettext("起草或导入一份草稿，检查后发布。"), icon="table")
        ]
        above: list[Component] = []
    else:
        above = [_standing(state, standing, day), bar]
        below = [_rows(request, actor, state, standing.id, on=asked)]
    context = {
        "title": gettext(state.book.title), "way": showing.crumbs(state), "tabs": showing.tabs(state, "book"),
        "lead": gettext(state.book.hint) if state.book.hint else "", "actions": showing.actions(state),
        "parts": [*parts, *above], "below": below,
    }  # fmt: skip
    return staff_page(request, PAGE, context)


def _standing(state: BookState, standing: Standing, day: Any) -> Notice:
    text = gettext("{day} 生效的是第 {number} 版，自 {begins} 起。").format(
        day=day, number=standing.number, begins=standing.effective_on
    )
    coming = state.coming
    after = ""
    if coming is not None and day == today():
        after = gettext("第 {number} 版将在 {day} 生效。").format(number=coming.number, day=coming.effective_on)
    link = Button(
        text=gettext("看这一版"), href=reverse(showing.EDITION, args=[standing.id]), kind="quiet", is_small=True
    )
    return Notice(text=text, next_step=after, actions=[link])


def _rows(request: HttpRequest, actor: Actor, state: BookState, edition_id: int, on: str = "") -> Table:
    """A page of rows, with the address of the next one."""
    search = request.GET.get("q", "")
    after = request.GET.get("after", "")
    page = selectors.rules(actor, edition_id, search=search, after=int(after) if after.isdecimal() else 0)
    kept = {name: value for name, value in (("q", search), ("on", on)) if value}
    onward = "?" + urlencode({**kept, "after": page.after}) if page.after else ""
    edition = page.edition
    numbered = [(row.no, row.values) for row in page.rows]
    empty = None
    if not search and not after:
        empty = EmptyState(title=gettext("这一版还没有规则"), text=gettext("逐条新增，或导入表格。"), icon="table")
    return showing.rows_table(state.book, edition, numbered, title=gettext("规则"), next_url=onward, empty=empty)


@require_safe
@staff_only
def editions(request: HttpRequest, book: str) -> HttpResponse:
    """All editions with their dates, and what was done with the book."""
    actor = actor_of(request)
    state = selectors.book_state(actor, book)
    table = showing.editions_table(state, selectors.editions(actor, book), today())
    context = {
        "title": gettext(state.book.title), "way": showing.crumbs(state, (gettext("各版"), "")), "parts": [table],
        "tabs": showing.tabs(state, "editions"), "actions": showing.actions(state),
        "changes": changes(actor, state.book, book),
    }  # fmt: skip
    return staff_page(request, PAGE, context)


@require_safe
@staff_only
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """One edition: its facts and rows; a draft with what may be done with it."""
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    state = selectors.book_state(actor, found.book)
    is_draft = found.status == DRAFT
    name = showing.edition_name(found)
    bar = FilterBar(
        search_name="q", search_title=gettext("查找规则"), search_value=request.GET.get("q", ""), clear_url=request.path
    )
    context = {
        "title": f"{gettext(state.book.title)} · {name}", "way": showing.crumbs(state, (name, "")),
        "tags": [showing.state_tag(found, today(), state.current)],
        "tabs": showing.tabs(state, "draft") if is_draft else showing.tabs(state, "editions"),
        "actions": _edition_actions(state, found), "lead": _lead(found), "parts": [bar],
        "below": [_rows(request, actor, state, found.pk), Facts(pairs=_facts(found))],
    }  # fmt: skip
    return staff_page(request, PAGE, context)


def _lead(found: Any) -> str:
    """What one wants to know first, on one line."""
    count = gettext("{count} 条").format(count=found.rule_count)
    if found.status == DRAFT:
        return gettext("{count} 条，{name}起草；发布前不影响办理。").format(
            count=found.rule_count, name=gettext(found.author)
        )
    begins = gettext("{day}起生效").format(day=found.effective_on)
    return gettext("，").join(filter(None, (begins, count, gettext(found.basis) if found.basis else "")))


def _facts(found: Any) -> list[tuple[str, object]]:
    digest = format_html('<code class="rule-code">{}</code>', found.sha256) if found.sha256 else gettext("发布时生成")
    facts: list[tuple[str, object]] = [
        (gettext("条数"), found.rule_count),
        (gettext("依据"), gettext(found.basis) if found.basis else ""),
    ]
    facts += [(gettext("编写"), gettext(found.author)), (gettext("发布"), gettext(found.publisher or "—"))]
    return [(gettext("生效日期"), found.effective_on or ""), *facts, (gettext("校验值"), digest)]


def _edition_actions(state: BookState, found: Any) -> list[Button]:
    def act(title: str, name: str, icon: str, kind: str = "secondary") -> Button:
        href = reverse(f"rulebooks:{name}", args=[found.pk])
        return Button(text=gettext(title), href=href, icon=icon, kind=kind, is_small=True)

    listed: list[Button] = []
    if found.status == DRAFT:
        if state.may_edit:
            listed.append(act("新增一条", "rule_new", "plus", "primary"))
        listed.append(act("检查", "check", "check"))
        if state.may_publish:
            listed.append(act("发布", "publish", "send"))
        if state.may_edit:
            listed.append(act("作废草稿", "discard", "trash", "quiet"))
    elif state.may_publish and found.status == "published" and found.effective_on > today():
        listed.append(act("撤回", "withdraw", "back", "danger"))
    return [*listed, *showing.exports(found)]


@require_safe
@staff_only
def compare(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Two editions side by side: what was added, removed and changed from `with` to this one."""
    actor = actor_of(request)
    after = selectors.edition(actor, edition_id)
    state = selectors.book_state(actor, after.book)
    others = [one for one in selectors.editions(actor, after.book) if one.pk != after.pk]
    wanted = request.GET.get("with", "")
    older = [one for one in others if one.number < after.number]
    chosen = next((one for one in others if str(one.pk) == wanted), next(iter(older or others), None))
    if chosen is None:
        raise NotFound(gettext("这本规则簿只有一版，没有可比的。"), next_step=gettext("有了第二版再来比较。"))
    found = selectors.difference(actor, chosen.pk, after.pk)
    title = gettext("第 {old} 版 → 第 {new} 版").format(old=chosen.number, new=after.number)
    counts = [
        (word, sum(one.kind == kind for one in found))
        for kind, word in (("added", "新增"), ("removed", "删去"), ("changed", "改动"))
    ]
    context = {
        "title": title,
        "way": showing.crumbs(state, (gettext("各版"), reverse("rulebooks:editions", args=[state.key])), (title, "")),
        "lead": gettext("，").join(
            gettext("{word} {count} 条").format(word=gettext(word), count=count) for word, count in counts
        ),
        "choose": [_other(others, chosen)],
        "choose_action": request.path,
        "choose_button": gettext("比较"),
        "below": [showing.changes_table(state.book, found, chosen, after, gettext("变动"))],
    }
    return staff_page(request, PAGE, context)


def _other(others: list[Any], chosen: Any) -> Component:
    options = [(str(one.pk), showing.edition_name(one)) for one in others]
    return Choice(name="with", label=gettext("与哪一版比较"), options=options, value=str(chosen.pk))


@require_safe
@staff_only
def export(request: HttpRequest, edition_id: int, kind: str) -> HttpResponse:
    """An edition as a spreadsheet."""
    if kind not in KINDS:
        raise NotFound
    actor = actor_of(request)
    found = selectors.edition(actor, edition_id)
    response = HttpResponse(export_edition(actor, edition_id, kind), content_type=KINDS[kind])
    name = f"{found.book.replace('.', '-')}-{found.number}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
