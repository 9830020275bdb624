"""消息: warnings, urgings and supervision reach those who work on a case and those who watch it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import Noticed, listeners_of
from yiwang.engines.desk.cases.pages import number_in
from yiwang.engines.desk.models import PersonalNotice
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotFound
from yiwang.kernel.events import subscribe
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Tag
from yiwang.ui.navigation import NavItem, register
from yiwang.ui.pages import staff_page

PAGE = 50
_UNREAD = "SELECT count(*) FROM desk_personalnotice WHERE user_id = %s AND seen_at IS NULL"
KINDS = {
    "warning": ("时限提醒", "warning"), "urged": ("催办", "warning"), "supervised": ("督办", "special"),
    "circulated": ("通报", "danger"),
}  # fmt: skip


class NoticeLine(NamedTuple):
    """A notice as the list shows it."""

    id: int
    case_id: UUID
    number: str
    title: str
    kind: str
    tone: str
    text: str
    at: datetime
    is_new: bool


def keep(event: Noticed) -> None:
    """One row for each person who works on the case or watches it. Inside the transaction that published the event."""
    heard = listeners_of(event.case)
    payload = {key: event.payload[key] for key in ("share", "node", "count") if key in event.payload}
    payload["step"] = heard.titles.get(str(payload.get("node", "")), "")
    PersonalNotice.objects.bulk_create(
        PersonalNotice(
            user_id=person, case_id=event.case, number=heard.number, title=heard.title, kind=event.kind,
            payload=payload, at=now(),
        )
        for person in sorted(heard.people)
    )  # fmt: skip


def _mine(actor: Actor) -> Any:
    return PersonalNotice.objects.filter(user_id=actor.user_id or 0)


def unread_count(request: HttpRequest) -> int | None:
    """How many notices nobody has looked at yet; one statement. None for visitors."""
    actor = actor_of(request)
    if actor.user_id is None:
        return None
    with connection.cursor() as cursor:  # Every staff page asks this.
        cursor.execute(_UNREAD, [actor.user_id])
        return cursor.fetchone()[0] or None


def notices(actor: Actor, before: int | None = None) -> list[NoticeLine]:
    """The actor's notices, newest first; the page after `before`."""
    rows = _mine(actor).filter(Q(pk__lt=before) if before else Q()).order_by("-pk")[:PAGE]
    return [_line(row) for row in rows]


def _line(row: PersonalNotice) -> NoticeLine:
    title, tone = KINDS.get(row.kind, (row.kind, "neutral"))
    text = gettext(title)
    facts: Mapping[str, Any] = row.payload
    if row.kind == "warning":
        step = gettext(facts.get("step") or "全程")
        text = gettext("%(step)s时限已用 %(share)s%%") % {"step": step, "share": facts.get("share", "")}
        tone = "danger" if facts.get("share") == 100 else tone
    elif facts.get("count"):
        text = gettext("第 %(count)s 次催办") % {"count": facts["count"]}
    return NoticeLine(
        row.pk, row.case_id, row.number, row.title, gettext(title), tone, text, row.at, row.seen_at is None
    )


def see(actor: Actor, number: int | None = None) -> UUID | None:
    """Note that the actor has seen all notices, or notice `number` and the others of its case; the case's id then."""
    fresh = _mine(actor).filter(seen_at=None)
    case_id: UUID | None = None
    if number is not None:
        case_id = _mine(actor).filter(pk=number).values_list("case_id", flat=True).first()
        if case_id is None:
            raise NotFound
        fresh = fresh.filter(case_id=case_id)
    fresh.update(seen_at=now())
    return case_id


@staff_only
def inbox(request: HttpRequest) -> HttpResponse:
    """消息: the person's notices; POST marks all as seen."""
    actor = actor_of(request)
    if request.method == "POST":
        see(actor)
        return HttpResponseRedirect(reverse("desk:notices"))
    lines = notices(actor, number_in(request.GET.get("before")) or None)
    older = f"?before={lines[-1].id}" if len(lines) == PAGE else ""
    columns = [Column(title=title) for title in (gettext("事项"), gettext("消息"), gettext("时间"), gettext("编号"))]
    why = gettext("您办理或关注的事项被催办、督办或临近时限时，会在这里提醒。")
    empty = EmptyState(title=gettext("没有消息"), icon="bell", text=why)
    rows = [_row(line) for line in lines]
    table = Table(title=gettext("消息"), columns=columns, rows=rows, next_url=older, empty=empty)
    has_new = any(line.is_new for line in lines)
    return staff_page(request, "desk/cases/notices.html", {"table": table, "has_new": has_new})


def _row(line: NoticeLine) -> Row:
    tag = Tag(text=line.text, tone=line.tone if line.is_new else "neutral", icon="bell" if line.is_new else "")
    cells = [line.title, tag, Time(at=line.at), line.number]
    return Row(key=str(line.id), cells=cells, href=reverse("desk:notice", args=[line.id]), is_current=line.is_new)


@require_safe
@staff_only
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """To the case a notice is about; its notices count as seen."""
    return HttpResponseRedirect(reverse("desk:case", args=[see(actor_of(request), number)]))


def connect() -> None:
    """Called once at start: hear what the engine notices, and show the bell in the rail."""
    subscribe(Noticed, keep)
    bell = NavItem(
        key="notices", title="消息", url_name="desk:notices", icon="bell", order=30, count=unread_count,
        needs=lambda request: not actor_of(request).is_anonymous,
    )  # fmt: skip
    register(bell)
