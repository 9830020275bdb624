"""Pages of the set: the 1+1+N list, what is in force on a day, and one policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.rulebook import policies as store
from yiwang.apps.governance.rulebook.keeping import faults_of, read_day
from yiwang.apps.governance.rulebook.models import PLACES, Policy
from yiwang.apps.governance.rulebook.rights import may_edit
from yiwang.engines.access.api import staff_only
from yiwang.engines.directory.api import Actor, actor_of, today
from yiwang.engines.forms.api import attachments_named
from yiwang.engines.rulebooks.api import all_books, in_force
from yiwang.kernel.errors import InvalidInput
from yiwang.ui.components.feedback import EmptyState, Notice
from yiwang.ui.components.fields import Field
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Link, Tag
from yiwang.ui.pages import staff_page

_TITLES = dict(PLACES)


def _state(one: Policy, on: date) -> Tag:
    if one.from_on is None:
        return Tag(text=gettext("未定生效日期"), tone="warning")
    if one.from_on > on:
        return Tag(text=gettext("待生效"), tone="warning")
    if one.to_on is not None and one.to_on <= on:
        return Tag(text=gettext("已废止"), tone="neutral")
    return Tag(text=gettext("有效"), tone="success")


def _tags(one: Policy, on: date) -> list[Tag]:
    return [_state(one, on), *([Tag(text=gettext("建议稿"), tone="special")] if one.is_proposal else [])]


def _together(parts: Sequence[object]) -> object:
    return format_html_join(" ", "{}", ((part,) for part in parts))


@require_safe
@staff_only
def policies(request: HttpRequest) -> HttpResponse:
    """The whole set, or what was in force on a day: policies and editions of the books."""
    actor, asked = actor_of(request), request.GET.get("on", "").strip()
    search = request.GET.get("q", "")
    error = ""
    day: date | None = None
    try:
        day = read_day(asked, "on") if asked else None
    except InvalidInput as refused:
        error = faults_of(refused)[0][1]
    found = store.policies(actor, on=day, search=search)
    counts = [sum(one.place == key for one in found) for key, _ in PLACES]
    context = {
        "title": gettext("制度体系"),
        "lead": gettext(
            "总体方案、综合办法、专项制度，合称“1+1+N”；制度管规则簿，一件事按它那天有效的制度和规则办理。"
        ),
        "count": "+".join(str(count) for count in counts),
        "day": day,
        "fields": [
            Field(name="on", label=gettext("哪一天有效"), type="date", value=asked, error=error),
            Field(name="q", label=gettext("名称、文号或正文"), type="search", value=search),
        ],
        "clear": request.path if asked or search else "",
        "actions": [Button(text=gettext("新增制度文件"), href=reverse("rulebook:new"), icon="plus", is_small=True)]
        if may_edit(actor)
        else [],
        "table": _table(found, day or today()),
        "books": _books(actor, day or today()),
    }
    return staff_page(request, "rulebook/policies.html", context)


def _table(found: Sequence[Policy], on: date) -> Table:
    titles = ("名称", "位置", "状态", "文号", "生效", "废止", "管哪些规则簿")
    columns = [Column(title=gettext(title), is_wide=title in ("文号", "废止")) for title in titles]
    rows = [
        Row(
            key=str(one.pk),
            href=reverse("rulebook:policy", args=[one.pk]),
            cells=[
                one.title, gettext(_TITLES[one.place]), _together(_tags(one, on)), one.number, one.from_on or "",
                one.to_on or "", _governed(one),
            ],
        )
        for one in found
    ]  # fmt: skip
    empty = EmptyState(title=gettext("没有找到制度文件"), text=gettext("换一天或换一个词再找。"), icon="file")
    return Table(title=gettext("制度文件"), columns=columns, rows=rows, empty=empty)


def _governed(one: Policy) -> object:
    books = all_books()
    known = [(key, books[key]) for key in one.books if key in books]
    return _together(
        [Link(text=gettext(book.title), href=reverse("rulebooks:book", args=[key])) for key, book in known]
    )


def _books(actor: Actor, on: date) -> Table:
    """The edition of each book that was in force that day, and by which policy."""
    governing = store.governing(actor, on)
    titles = ("规则簿", "那天有效的版本", "条数", "依据的制度")
    columns = [Column(title=gettext(title), is_figures=title == "条数") for title in titles]
    rows = []
    for key, book in sorted(all_books().items(), key=lambda pair: gettext(pair[1].title)):
        standing = in_force(key, on)
        edition: object = Tag(text=gettext("没有生效的版本"), tone="warning")
        if standing is not None:
            edition = gettext("第 {number} 版，{day}起").format(number=standing.number, day=standing.effective_on)
        by = [Link(text=one.title, href=reverse("rulebook:policy", args=[one.pk])) for one in governing.get(key, [])]
        href = reverse("rulebooks:book", args=[key]) + f"?on={on.isoformat()}"
        count = len(standing.index.rules) if standing is not None else ""
        rows.append(Row(key=key, href=href, cells=[gettext(book.title), edition, count, _together(by)]))
    empty = EmptyState(title=gettext("还没有规则簿"), icon="table")
    return Table(title=gettext("规则簿"), columns=columns, rows=rows, empty=empty)


@require_safe
@staff_only
def policy(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One policy: its dates, its text or file, the books it governs."""
    actor = actor_of(request)
    one = store.policy(actor, policy_id)
    successor = one.successors.first()
    facts: list[tuple[str, object]] = [
        (gettext("位置"), gettext(_TITLES[one.place])), (gettext("文号"), one.number),
        (gettext("生效日期"), one.from_on or ""), (gettext("废止日期"), one.to_on or ""),
        (gettext("管哪些规则簿"), _governed(one)), (gettext("原件"), _file(one)), (gettext("出处"), one.source),
    ]  # fmt: skip
    for title, other in ((gettext("代替"), one.replaces), (gettext("被代替于"), successor)):
        if other is not None:
            facts.append((title, Link(text=other.title, href=reverse("rulebook:policy", args=[other.pk]))))
    notice = None
    if one.is_proposal:
        notice = Notice(
            text=gettext("这是建议稿，不是本区已发布的文件。"), tone="warning",
            next_step=gettext("区里发文后，请由规则管理员填写文号、生效日期并上传原件。"),
        )  # fmt: skip
    context = {
        "title": one.title,
        "tags": _tags(one, today()),
        "notice": notice,
        "facts": Facts(pairs=facts),
        "text": one.text,
        "way": Breadcrumbs(places=[(gettext("制度体系"), reverse("rulebook:policies")), (one.title, "")]),
        "actions": _actions(one) if may_edit(actor) else [],
    }
    return staff_page(request, "rulebook/policy.html", context)


def _file(one: Policy) -> object:
    found = attachments_named([one.file]).get(one.file) if one.file else None
    if found is None:
        return ""
    return Link(text=found.name, href=reverse("forms:attachment", args=[one.file]))


def _actions(one: Policy) -> list[Button]:
    def act(title: str, name: str, kind: str = "secondary") -> Button:
        return Button(text=gettext(title), href=reverse(f"rulebook:{name}", args=[one.pk]), kind=kind, is_small=True)

    found = [act("修改", "change")]
    if one.from_on is not None and one.to_on is None:
        found += [act("以新文件代替", "replace"), act("废止", "repeal", "danger")]
    return found
