"""Organisations and departments: the list, one of them, and what may be done with it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory import api as directory
from yiwang.engines.directory.api import EDIT_ORGANISATIONS, EDIT_STAFF, actor_of, name_of
from yiwang.engines.registry.asking import Act, Question
from yiwang.engines.registry.history import changes
from yiwang.engines.registry.listing import divisions_of, onward, search_bar, state_tag
from yiwang.engines.registry.staff_pages import post_names
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

LIST, ONE = "directory:organisations", "directory:organisation"
REASON = Question(name="reason", title="理由", width="wide")


def _table(rows: Any, title: str, next_url: str = "") -> Table:
    columns = [
        Column(title=gettext("名称")),
        Column(title=gettext("区划")),
        Column(title=gettext("上级机构"), is_wide=True),
        Column(title=gettext("派件类别"), is_wide=True),
        Column(title=gettext("在任"), is_figures=True),
        Column(title=gettext("状态")),
    ]
    cells = [
        Row(
            key=str(row.pk),
            href=reverse(ONE, args=[row.pk]),
            cells=[
                row.name,
                name_of(row.division_id),
                row.parent.name if row.parent else "",
                row.kind,
                row.people,
                state_tag(row.is_active),
            ],
        )
        for row in rows
    ]
    return Table(title=title, columns=columns, rows=cells, next_url=next_url)


@require_GET
@staff_only
def organisations(request: HttpRequest) -> HttpResponse:
    """The list, by division, with a search for a part of the name or a whole credit code."""
    actor, asked = actor_of(request), request.GET
    page = directory.organisations(
        actor,
        search=asked.get("q", ""),
        division=asked.get("division", ""),
        closed=asked.get("state") == "closed",
        after=asked.get("after", ""),
    )
    context = {
        "title": gettext("机构"),
        "bar": search_bar(request, actor, EDIT_ORGANISATIONS, gettext("名称或统一社会信用代码")),
        "table": _table(page.rows, gettext("机构"), onward(request, page.after)),
        "actions": [Button(text=gettext("新增机构"), href=reverse("directory:organisation_new"), icon="plus")],
    }
    return staff_page(request, "registry/list.html", context)


@require_GET
@staff_only
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation: its facts, and who holds which post there."""
    actor = actor_of(request)
    row = directory.organisation(actor, organisation_id)
    held = directory.staff(actor, organisation=row.pk).rows if actor.may(EDIT_STAFF, row.division_id) else ()
    above = (row.parent.name, reverse(ONE, args=[row.parent_id])) if row.parent else None
    facts = [
        (gettext("区划"), name_of(row.division_id)),
        (gettext("上级机构"), row.parent.name if row.parent else ""),
        (gettext("统一社会信用代码"), row.code),
        (gettext("派件类别"), row.kind),
        (gettext("状态"), gettext("在用") if row.is_active else gettext("已停用")),
    ]
    people = [
        Row(
            key=str(one.user.pk),
            href=reverse("directory:member", args=[one.user.pk]),
            cells=[one.user.name, one.user.username, post_names(one, row.pk)],
        )
        for one in held
    ]
    columns = [Column(title=gettext(title)) for title in ("姓名", "用户名", "岗位")]
    context = {
        "title": row.name,
        "way": Breadcrumbs(places=[(gettext("机构"), reverse(LIST)), *([above] if above else []), (row.name, "")]),
        "facts": Facts(pairs=facts),
        "actions": _actions(row),
        "changes": changes(actor, f"organisation/{row.pk}", EDIT_ORGANISATIONS),
        "tables": [Table(title=gettext("在任人员"), columns=columns, rows=people, is_title_shown=True)],
    }
    return staff_page(request, "registry/record.html", context)


def _actions(row: Any) -> list[Button]:
    def act(title: str, name: str, kind: str = "secondary") -> Button:
        return Button(text=gettext(title), href=reverse(name, args=[row.pk]), kind=kind, is_small=True)

    if not row.is_active:
        return [act("恢复使用", "directory:organisation_state")]
    found = [act("更名", "directory:organisation_rename"), act("停用", "directory:organisation_state", "danger")]
    return found if row.parent_id else [act("新增内设部门", "directory:department_new"), *found]


def _back(number: int) -> str:
    return reverse(ONE, args=[number])


@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new organisation."""
    actor = actor_of(request)
    towns = divisions_of(actor, EDIT_ORGANISATIONS)
    if not towns:
        raise NotAllowed

    def do(values: dict[str, Any]) -> str:
        row = directory.create_organisation(actor, **values)
        return gettext("已新增机构“%(name)s”。") % {"name": row.name}

    questions = [
        Question(name="name", title="名称", width="wide"),
        Question(name="division", title="区划", options=towns),
        Question(name="code", title="统一社会信用代码", is_optional=True),
        Question(
            name="kind", title="派件类别", is_optional=True, hint="流程按类别派件，如 water；不参与派件的可不填。"
        ),
    ]
    way = [(gettext("机构"), reverse(LIST))]
    return Act(title="新增机构", questions=questions, do=do, back=reverse(LIST), way=way).answer(request)


@staff_only
def new_department(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A department of this organisation."""
    actor = actor_of(request)
    row = directory.organisation(actor, organisation_id)

    def do(values: dict[str, Any]) -> str:
        made = directory.create_organisation(actor, division="", parent=row.pk, **values)
        return gettext("已新增内设部门“%(name)s”。") % {"name": made.name}

    ask = [Question(name="name", title="名称", width="wide")]
    return Act(title="新增内设部门", questions=ask, do=do, back=_back(row.pk), way=_way(row)).answer(request)


@staff_only
def rename(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Another name."""
    actor = actor_of(request)
    row = directory.organisation(actor, organisation_id)

    def do(values: dict[str, Any]) -> str:
        directory.rename_organisation(actor, row.pk, values["name"])
        return gettext("已更名。")

    ask = [Question(name="name", title="名称", value=row.name, width="wide")]
    return Act(title="更名", questions=ask, do=do, back=_back(row.pk), way=_way(row)).answer(request)


@staff_only
def change_state(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Close it, or open it again."""
    actor = actor_of(request)
    row = directory.organisation(actor, organisation_id)
    change = partial(directory.set_organisation_active, actor, row.pk, is_active=not row.is_active)

    def do(values: dict[str, Any]) -> str:
        change(reason=values["reason"])
        return gettext("已停用。") if row.is_active else gettext("已恢复使用。")

    title = "停用" if row.is_active else "恢复使用"
    act = Act(
        title=title,
        questions=[REASON],
        do=do,
        back=_back(row.pk),
        way=_way(row),
        is_danger=row.is_active,
        text=gettext("停用后不再派件给该机构，历史记录保留。") if row.is_active else "",
    )
    return act.answer(request)


def _way(row: Any) -> list[tuple[str, str]]:
    return [(gettext("机构"), reverse(LIST)), (row.name, _back(row.pk))]
