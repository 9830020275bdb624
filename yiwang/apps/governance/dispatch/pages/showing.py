"""Figures and rows of a centre as people see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.apps.governance.dispatch.asked import Asked, steps
from yiwang.apps.governance.dispatch.centres import DISTRICT, TOWN
from yiwang.apps.governance.dispatch.incidents import DISPATCHING, LEVELS, TYPE, UNITS
from yiwang.apps.governance.dispatch.selectors.counting import Below, Step
from yiwang.apps.governance.dispatch.selectors.listing import Listed, Page
from yiwang.apps.governance.dispatch.selectors.shares import Shares
from yiwang.engines.directory.api import name_of, organisation_name, path_of
from yiwang.ui.components.base import escaped
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import ClockPill, exact
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Stat, Tag

RISEN = {"1": "村居未决，已上报镇街", "2": "镇街未决，已上报区级"}
_EMPTY = {
    "all": ("没有在办事件", "新事件受理后会出现在这里。"),
    "urgent": ("没有紧急事件", "受理时标为紧急，或类别在目录中为紧急的，排在最前。"),
    "risen": ("没有下级上报的事件", "下级在规定时限内没有办成的，会自动上报到这里。"),
    "returned": ("没有被退回的事件", "处置单位退回的，连同理由列在这里。"),
    "ruling": ("没有待裁定的事件", "退回超过两次的，由值班长裁定。"),
    "ruled": ("没有已裁定的在办事件", "裁定以后不能再退回。"),
    "late_helpers": ("没有协办超时", "协办单位各有各的时钟，超时的单独列出。"),
}


def console_address(asked: Asked, **changes: str) -> str:
    """The console of this page with changes."""
    return f"{reverse('dispatch:console')}?{asked.query(**changes)}"


def _number(count: int, href: str = "", tone: str = "") -> object:
    """A count, quiet when nothing is wrong; a link to its rows."""
    if not count:
        return SafeString('<span class="soft">0</span>')
    text = format_html('<strong class="tone-{}">{}</strong>', tone, count) if tone else str(count)
    return format_html('<a class="link-quiet" href="{}">{}</a>', href, text) if href else text


def _clock(due: datetime | None) -> object:
    return ClockPill(due_at=due).render() if due is not None else ""


def worklist(asked: Asked, **more: str) -> str:
    """The same rows on the desk, as far as its filters go (type, town, class, step, limit)."""
    given = {"box": "unit", "type": TYPE, "status": "running", "sort": "due", "category": asked.category}
    area = asked.town or (asked.centre.division if asked.centre.kind == TOWN else "")
    return f"{reverse('desk:work')}?{urlencode({k: v for k, v in (given | {'area': area} | more).items() if v})}"


def step_table(asked: Asked, found: Sequence[Step]) -> Table:
    """The queue by step."""
    titles = steps()
    rows = [
        Row(
            key=one.key, href=console_address(asked, list="all", step=one.key), is_current=one.key == asked.step,
            cells=[
                gettext(titles.get(one.key, one.key)), one.tasks, _number(one.free), _number(one.today, tone="warning"),
                _number(one.late, worklist(asked, stage=one.key, due="overdue"), "danger"), _clock(one.due),
            ],
        )
        for one in found
    ]  # fmt: skip
    names = ("环节", "任务", "待签收", "今日到期", "已超时", "最近期限")
    return Table(
        title=gettext("各环节的队列"), columns=[Column(title=gettext(name)) for name in names], rows=rows,
        is_cards=False, empty=_empty("all"),
    )  # fmt: skip


def below_table(asked: Asked, found: Sequence[Below]) -> Table | None:
    """Centres below: towns for the district, departments for a town; None for the others."""
    if asked.centre.kind not in (DISTRICT, TOWN) or not found:
        return None
    is_district = asked.centre.kind == DISTRICT
    name, title = ("town", gettext("各镇街")) if is_district else ("unit", gettext("各部门"))
    rows = []
    for one in found:
        is_known = bool(one.key) and (not is_district or len(one.key) > len(asked.centre.division))
        label = (name_of(one.key) if is_district else gettext(UNITS.get(one.key, ""))) if is_known else gettext("未定")
        changes = {name: one.key}
        rows.append(
            Row(
                key=one.key or "none", href=console_address(asked, **changes) if is_known else "",
                is_current=is_known and getattr(asked, name) == one.key,
                cells=[
                    label, one.cases, _number(one.late, tone="danger"), _number(one.risen), _number(one.returned),
                    _clock(one.due),
                ],
            )
        )  # fmt: skip
    names = (title, gettext("在办"), gettext("有超时"), gettext("上报过"), gettext("退回过"), gettext("最近期限"))
    return Table(title=title, columns=[Column(title=text) for text in names], rows=rows, is_cards=False)


def share_stats(found: Shares) -> list[Stat]:
    """Three figures: of the closed ones, how many each level solved."""
    stats = []
    for one in found.rows:
        value = "—" if one.percent is None else f"{one.percent:.2f}"
        words = gettext("本月结案 %(closed)s 件，%(level)s解决 %(solved)s 件") % {
            "closed": one.closed, "level": gettext(LEVELS[one.level]), "solved": one.solved,
        }  # fmt: skip
        stats.append(Stat(title=gettext(one.title), value=value, unit="" if one.percent is None else "%", change=words))
    return stats


def list_table(asked: Asked, page: Page) -> Table:
    """The list asked for; a row opens the case beside it."""
    names = [gettext(name) for name in ("标题", "环节", "期限", "层级与单位", "办理人", "地点")]
    return Table(
        title=gettext("清单"), rows=[_row(one) for one in page.rows], opens_detail=True,
        columns=[Column(title=name, is_wide=place > 3) for place, name in enumerate(names)],
        empty=_empty(asked.list, is_filtered=bool(asked.filters)),
        previous_url=console_address(asked, before=page.before) if page.before else "",
        next_url=console_address(asked, after=page.after) if page.after else "",
    )  # fmt: skip


def _empty(name: str, *, is_filtered: bool = False) -> EmptyState:
    if is_filtered:
        return EmptyState(
            title=gettext("没有找到"), text=gettext("没有符合这些条件的事件，可以放宽条件。"), icon="search"
        )
    title, text = _EMPTY[name]
    return EmptyState(title=gettext(title), text=gettext(text), icon="check")


def case_address(case_id: UUID) -> str:
    """The case's page on the desk; the panel where a deployment leaves the desk unmounted."""
    try:
        return reverse("desk:case", args=[case_id])
    except NoReverseMatch:
        return reverse("dispatch:responders", args=[case_id])


def _row(one: Listed) -> Row:
    clock = ClockPill(due_at=one.due, is_stopped=one.is_stopped, is_provisional=one.is_provisional)
    place = one.address or path_of(one.area)
    return Row(
        key=str(one.id), href=case_address(one.id),
        cells=[
            one.title, _standing(one), clock.render(), _unit(one), _holder(one),
            format_html('<span class="dispatch-place" title="{}">{}</span>', place, place),
        ],
    )  # fmt: skip


def _standing(one: Listed) -> SafeString:
    """Steps and pressure as tags; under them the number, and why it is here."""
    titles = steps()
    tags = [Tag(text=gettext("紧急"), tone="danger", icon="alert")] if one.is_urgent else []
    tags += [Tag(text=gettext(titles.get(key, key)), tone="accent") for key in dict.fromkeys(one.steps)]
    if one.is_supervised:
        tags.append(Tag(text=gettext("督办"), tone="special", icon="eye"))
    if one.urged:
        tags.append(Tag(text=f"{gettext('催办')}{f' ×{one.urged}' if one.urged > 1 else ''}", tone="warning"))
    notes = "".join(f'<span class="dispatch-note">{escaped(text)}</span>' for text in _notes(one))
    return SafeString(
        f'<span class="dispatch-tags">{"".join(tag.render() for tag in tags)}</span>'
        f'<span class="dispatch-note figures">{escaped(one.number)}</span>{notes}'
    )


def _notes(one: Listed) -> list[str]:
    """What rose, came back, was ruled, and which helper is late."""
    notes = []
    if one.risen in RISEN:
        at = f"（{exact(one.risen_at)}）" if one.risen_at is not None else ""
        notes.append(f"{gettext(RISEN[one.risen])}{at}")
    if one.ruled_at is not None:
        notes.append(
            gettext("%(who)s已裁定（%(at)s）") % {"who": one.ruled_by or gettext("系统"), "at": exact(one.ruled_at)}
        )
    elif one.returns:
        facts = {"times": one.returns, "who": one.returned_by, "reason": one.returned_because}
        notes.append(gettext("退回 %(times)s 次，最近 %(who)s：%(reason)s") % facts)
    if one.late_helpers:
        names = gettext("、").join(organisation_name(number) for number in one.late_helpers)
        notes.append(gettext("协办超时：%(names)s") % {"names": names})
    return notes


def _unit(one: Listed) -> str:
    """Level and leading unit once dispatched."""
    if one.steps and set(one.steps) & {"accept", "confirm"}:
        return ""
    parts = [gettext(LEVELS[one.level])] if one.level in LEVELS else []
    parts += [gettext(UNITS[one.unit])] if one.unit in UNITS else []
    text = " · ".join(parts)
    is_advice = set(one.steps) <= set(DISPATCHING)
    return gettext("拟派 %(unit)s") % {"unit": text} if text and is_advice else text


def _holder(one: Listed) -> str:
    if one.assignee_name:
        return one.assignee_name
    return organisation_name(one.organisation) if one.organisation else gettext("待签收")
