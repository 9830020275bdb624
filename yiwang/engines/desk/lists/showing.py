"""Rows of a work list as they are seen: title, stage, time limit, place, who has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.engines.desk.lists.masking import masked
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import VERBS
from yiwang.engines.worklists.api import BULK_VERBS, STATUSES, Listed, Page, Search
from yiwang.kernel.clock import CHINA
from yiwang.ui.components.base import escaped
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import ClockPill, exact
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.words import reader_language, said

_ENDED = {"closed": "success", "cancelled": "neutral"}
_OWN_VERBS = {"mine": ("release", "transfer"), "post": ("claim", "transfer"), "unit": ("claim",)}
"""What performers do with their tasks, whatever else their posts name."""
_NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands in the pattern of a case's address, which is worked out once for fifty rows."""
_EMPTY = {
    "mine": ("您手上没有任务", "到“本岗”看看有没有待签收的任务。"),
    "post": ("本岗没有待签收的任务", "新任务到达后会出现在这里。"),
    "unit": ("本单位没有在办事项", "事项派到本单位后会出现在这里。"),
    "watched": ("您没有关注任何事项", "打开一件事项，点星号即可关注。"),
    "opened": ("您没有上报过事项", "您以自己的账号上报的事项会列在这里。"),
    "all": ("没有事项", "您职责范围内的事项会列在这里。"),
}


def columns(search: Search) -> list[Column]:
    """What a list shows; wide columns give way to a detail beside it."""
    came = gettext("到达时间") if search.of_tasks else gettext("上报时间")
    return [
        Column(title=gettext("标题")),
        Column(title=gettext("编号"), is_wide=True),
        Column(title=gettext("环节")),
        Column(title=gettext("期限")),
        Column(title=gettext("类别"), is_wide=True),
        Column(title=gettext("地点"), is_wide=True),
        Column(title=gettext("处理人"), is_wide=True),
        Column(title=came, is_wide=True),
    ]


def moment(row: Listed) -> SafeString:
    """Short, exact on hover: this year's moments need no year. Built by hand, like all that stands in fifty rows."""
    at = (row.since if row.no and row.since else row.opened_at).astimezone(CHINA)
    whole, short = at.strftime("%Y-%m-%d %H:%M"), at.strftime("%m-%d %H:%M")
    return SafeString(f'<time class="nowrap figures" datetime="{at.isoformat()}" title="{whole}">{short}</time>')


def standing(row: Listed, language: str) -> SafeString:
    """Where the case stands, and the pressure it is under."""
    tags = [Tag(text=said(title, language), tone="accent") for title in row.stage_titles]
    if row.status in _ENDED:
        tags = [Tag(text=ended_title(row), tone=_ENDED[row.status])]
    if row.is_supervised:
        tags.append(Tag(text=gettext("督办"), tone="special", icon="eye"))
    if row.urged:
        times = f" ×{row.urged}" if row.urged > 1 else ""
        tags.append(Tag(text=f"{gettext('催办')}{times}", tone="warning"))
    return SafeString(f'<span class="work-tags">{"".join([tag.render() for tag in tags])}</span>')


def ended_title(row: Listed) -> str:
    """How the case ended."""
    return gettext(row.outcome_title or ("已结案" if row.status == "closed" else "已作废"))


def limit(row: Listed) -> object:
    """What is left of the time limit; nothing once the case has ended."""
    if row.status in _ENDED:
        return ""
    near = row.is_near or None
    return ClockPill(
        due_at=row.due_at, is_stopped=row.is_stopped, is_provisional=row.is_provisional, is_near=near
    ).render()


def holder(row: Listed) -> str:
    """Who has it now: a person, else the unit, else nobody yet."""
    if row.status in _ENDED:
        return ""
    if row.assignee_name:
        return row.assignee_name
    return row.organisation_title or (gettext("待签收") if row.task_status == "open" else "")


def place(row: Listed) -> SafeString:
    """The village's name before the address, unless the address says it."""
    address = escaped(masked(row.address) or row.area_title)
    return SafeString(f'<span class="work-place" title="{address}">{address}</span>')


def _row(row: Listed, pattern: str, language: str) -> Row:
    cells = [
        masked(row.title), SafeString(f'<span class="figures">{escaped(row.number)}</span>'), standing(row, language),
        limit(row), said(row.category_title, language), place(row), holder(row), moment(row),
    ]  # fmt: skip
    return Row(key=row.key, cells=cells, href=pattern.replace(_NOBODY, str(row.id)))


def bulk_buttons(search: Search, actor: Actor) -> Sequence[Button]:
    """Verbs for the selected rows: those that make sense in the box, and that some post of the actor names."""
    own = _OWN_VERBS.get(search.box, ())
    held = {verb for grant in actor.grants for verb in grant.verbs}
    verbs = [verb for verb in BULK_VERBS if verb in own or verb == "urge" or verb in held]
    return [
        Button(
            text=gettext(VERBS[verb].title), name="verb", value=verb, is_small=True,
            kind="primary" if verb == "claim" else "danger" if verb == "cancel" else "secondary",
        )
        for verb in verbs
    ]  # fmt: skip


def table_of(search: Search, page: Page, actor: Actor) -> Table:
    """The list with its selection; the pager stands apart, so that it changes the list and not the page."""
    pattern, language = reverse("desk:case", args=[_NOBODY]), reader_language()
    return Table(
        title=gettext("事项列表"), columns=columns(search), rows=[_row(row, pattern, language) for row in page.rows],
        empty=_empty(search), opens_detail=True, bulk_action=reverse("desk:bulk") if page.rows else "",
        bulk=bulk_buttons(search, actor),
    )  # fmt: skip


def _empty(search: Search) -> EmptyState:
    if search.filters:
        clear = Button(text=gettext("清除筛选"), kind="secondary", href=f"{reverse('desk:work')}?box={search.box}")
        text = gettext("没有符合这些条件的事项。可以放宽条件，或在“全部”中查找。")
        return EmptyState(title=gettext("没有找到"), text=text, icon="search", action=clear)
    title, text = _EMPTY[search.box]
    return EmptyState(title=gettext(title), text=gettext(text))


def _minute(at: datetime | None) -> str:
    return exact(at) if at is not None else ""


def status_title(row: Listed) -> str:
    """在办, 已挂起, or how it ended."""
    if row.status in _ENDED:
        return ended_title(row)
    return gettext(STATUSES.get(row.status, row.status))


def exported(row: Listed) -> tuple[str, ...]:
    """A row as plain texts, for files."""
    due = "" if row.status in _ENDED else _minute(row.due_at)
    return (
        row.number, row.title, gettext(row.type_title), gettext(row.category_title), status_title(row),
        gettext("、").join(gettext(title) for title in row.stage_titles), due,
        row.assignee_name, row.organisation_title, row.area_title, row.address, _minute(row.opened_at),
        _minute(row.closed_at),
    )  # fmt: skip


def paper_cells(row: Listed) -> tuple[str, ...]:
    """A row on paper: what fits a sheet."""
    texts = exported(row)
    return tuple(masked(texts[place]) for place in (0, 1, 3, 4, 5, 6, 7, 10, 11))
