"""Parties: found by an exact number or name, shown masked, revealed for a reason. Numbers never stand in an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory import api as directory
from yiwang.engines.directory.api import (
    EDIT_PARTIES,
    READ_PARTIES,
    REVEAL_PARTIES,
    Actor,
    actor_of,
    district_code,
    name_of,
)
from yiwang.engines.registry.asking import Act, Question
from yiwang.engines.registry.history import changes
from yiwang.engines.registry.listing import divisions_of
from yiwang.kernel.errors import NotAllowed
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.fields import Field
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

LIST, ONE = "directory:parties", "directory:party"
KINDS = (("person", "自然人"), ("firm", "法人和其他组织"))
FIELDS = (("id_number", "证件号码"), ("phone", "电话"))


@staff_only
def parties(request: HttpRequest) -> HttpResponse:
    """A search by whole number, telephone or name. It is posted, so that no log and no history keeps the number."""
    actor = actor_of(request)
    if not actor.scopes(READ_PARTIES):
        raise NotAllowed
    text, after = request.POST.get("q", "").strip(), request.POST.get("after", "")
    page = directory.find_parties(actor, text, after=after) if text else None
    titles = ("姓名或名称", "类型", "证件号码", "电话", "区划")
    columns = [Column(title=gettext(title)) for title in titles]
    kinds = dict(KINDS)
    rows = [
        Row(
            key=str(row.pk),
            href=reverse(ONE, args=[row.pk]),
            cells=[
                row.name,
                gettext(kinds[row.kind]),
                row.id_number_masked,
                row.phone_masked,
                name_of(row.division_id) if row.division_id else gettext("不详"),
            ],
        )
        for row in (page.rows if page else ())
    ]
    nobody = EmptyState(title=gettext("没有查到"), text=gettext("须填写完整的号码、电话或姓名，一字不差。"))
    context = {
        "field": Field(
            name="q",
            label=gettext("证件号码、电话或姓名"),
            value=text,
            width="wide",
            hint=gettext("须完整填写；号码不会出现在网址和日志中。"),
            attributes={"autocomplete": "off"},
        ),
        "table": Table(title=gettext("查询结果"), columns=columns, rows=rows, empty=nobody) if page else None,
        "text": text,
        "after": page.after if page else "",
        "may_edit": bool(actor.scopes(EDIT_PARTIES)),
    }
    return staff_page(request, "registry/parties.html", context)


@require_GET
@staff_only
def party(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """One party, masked."""
    actor = actor_of(request)
    return _shown(request, actor, directory.party(actor, party_id), {})


def _shown(request: HttpRequest, actor: Actor, row: Any, clear: dict[str, str]) -> HttpResponse:
    facts = [
        (gettext("类型"), gettext(dict(KINDS)[row.kind])),
        (gettext("证件号码"), clear.get("id_number") or row.id_number_masked),
        (gettext("电话"), clear.get("phone") or row.phone_masked),
        (gettext("区划"), name_of(row.division_id) if row.division_id else gettext("不详")),
    ]
    may = actor.may(REVEAL_PARTIES, row.division_id or district_code()) and bool(
        row.id_number_masked or row.phone_masked
    )
    address = reverse("directory:party_reveal", args=[row.pk])
    act = Button(text=gettext("查看完整号码"), href=address, icon="eye", kind="secondary", is_small=True)
    context = {
        "title": row.name,
        "way": Breadcrumbs(places=[(gettext("当事人"), reverse(LIST)), (row.name, "")]),
        "facts": Facts(pairs=facts),
        "actions": [act] if may else [],
        "changes": changes(actor, f"party/{row.pk}", READ_PARTIES),
    }
    response = staff_page(request, "registry/record.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@staff_only
def reveal(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """A number in the clear, on this one answer, for a reason that is journalled."""
    actor = actor_of(request)
    row = directory.party(actor, party_id)

    def do(values: dict[str, Any]) -> HttpResponse:
        clear = directory.reveal(actor, row.pk, values["field"], values["reason"])
        return _shown(request, actor, row, {values["field"]: clear})

    held = {"id_number": row.id_number_masked, "phone": row.phone_masked}
    options = [(field, gettext(title)) for field, title in FIELDS if held[field]]
    questions = [
        Question(name="field", title="查看内容", options=options),
        Question(name="reason", title="查看理由", width="wide", hint="写明因何事项查看，将记入日志。"),
    ]
    way = [(gettext("当事人"), reverse(LIST)), (row.name, reverse(ONE, args=[row.pk]))]
    act = Act(
        title="查看完整号码", questions=questions, do=do, back=reverse(ONE, args=[row.pk]), way=way, button="查看"
    )
    return act.answer(request)


@staff_only
def new(request: HttpRequest) -> HttpResponse:
    """A new party."""
    actor = actor_of(request)
    towns = divisions_of(actor, EDIT_PARTIES)
    if not towns:
        raise NotAllowed

    def do(values: dict[str, Any]) -> str:
        row = directory.record_party(actor, **values)
        return gettext("已登记“%(name)s”，证件号码%(number)s。") % {"name": row.name, "number": row.id_number_masked}

    questions = [
        Question(name="kind", title="类型", options=[(key, gettext(title)) for key, title in KINDS]),
        Question(name="name", title="姓名或名称"),
        Question(name="id_number", title="身份证号码或统一社会信用代码", is_optional=True),
        Question(name="phone", title="电话", is_optional=True),
        Question(name="division", title="区划", options=towns),
    ]
    way = [(gettext("当事人"), reverse(LIST))]
    return Act(title="登记当事人", questions=questions, do=do, back=reverse(LIST), way=way, button="登记").answer(
        request
    )
