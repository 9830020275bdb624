"""The working calendar: a year at a glance, single days, a year's notice, office hours, and why a deadline is when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from yiwang.engines.access.api import staff_only
from yiwang.engines.directory import api as directory
from yiwang.engines.directory.api import (
    EDIT_CALENDARS,
    KINDS,
    Actor,
    Day,
    Year,
    actor_of,
    read_limit,
    read_start,
    today,
)
from yiwang.engines.directory.spec import UNITS
from yiwang.engines.registry.asking import Act, Question
from yiwang.kernel.clock import CHINA
from yiwang.kernel.errors import InvalidInput, NotAllowed, NotFound, UserError
from yiwang.kernel.wording import joined
from yiwang.ui.components.feedback import ErrorSummary, Notice
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Column, Facts, Row, Table
from yiwang.ui.components.simple import Button, Tag
from yiwang.ui.pages import staff_page

KEY, LIST = "default", "directory:calendar"
FIRST, LAST = 1992, 2100
MOST_ROWS = 200
_MONTHS = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


@require_GET
@staff_only
def calendar(request: HttpRequest) -> HttpResponse:
    """A year in twelve months."""
    text = request.GET.get("year", "")
    number = int(text) if text.isascii() and text.isdigit() and FIRST <= int(text) <= LAST else today().year
    year, may_edit = directory.calendar_year(number, KEY), bool(actor_of(request).scopes(EDIT_CALENDARS))
    context = {
        "year": year,
        "before": number - 1,
        "next": number + 1,
        "facts": _facts(year),
        "notice": _notice(year),
        "months": [
            (gettext(title), [[_cell(day, may_edit) for day in week] for week in weeks])
            for title, weeks in zip(_MONTHS, year.months, strict=True)
        ],
        "weekdays": [gettext(name) for name in _WEEKDAYS],
        "actions": _actions() if may_edit else [],
        "holidays": _holidays(year),
    }
    return staff_page(request, "registry/calendar.html", context)


def _facts(year: Year) -> Facts:
    off = sum(1 for day in year.days if day.kind == "holiday")
    make_up = sum(1 for day in year.days if day.kind == "make_up")
    return Facts(
        pairs=[
            (
                gettext("状态"),
                Tag(text=gettext("已公布"), tone="success")
                if year.is_published
                else Tag(text=gettext("未公布，暂按推算"), tone="warning"),
            ),
            (gettext("工作日"), gettext("%(count)s天") % {"count": year.workday_count}),
            (gettext("法定放假"), gettext("%(off)s天，调休上班%(make_up)s天") % {"off": off, "make_up": make_up}),
            (gettext("办公时间"), year.office_hours),
            (gettext("依据"), year.source),
            (gettext("版本"), year.edition),
        ]
    )


def _notice(year: Year) -> Notice | None:
    if year.is_published:
        return None
    text = gettext("%(year)s年的节假日安排尚未公布。落在该年的时限均为暂定，导入通知后自动重新计算。") % {
        "year": year.number
    }
    return Notice(text=text, tone="warning")


def _cell(day: Day | None, may_edit: bool) -> dict[str, Any] | None:
    """One square of a month: its number, its class, and in words what it is."""
    if day is None:
        return None
    provisional = gettext("（暂定）") if day.is_provisional else ""
    words = joined(f"{day.on:%Y-%m-%d} ", gettext(day.name), gettext(KINDS[day.kind])) + provisional
    href = reverse("directory:calendar_day", args=[day.on.isoformat()]) if may_edit else ""
    return {
        "number": day.on.day,
        "kind": day.kind,
        "words": words,
        "href": href,
        "is_provisional": day.is_provisional,
        "is_today": day.on == today(),
        "mark": {"holiday": gettext("休"), "make_up": gettext("班")}.get(day.kind, ""),
    }


def _holidays(year: Year) -> Table:
    """Special days of the year as a list, for those who do not see colours, and with the notice of each."""
    rows = [
        Row(
            key=day.on.isoformat(),
            cells=[
                f"{day.on:%m-%d}",
                gettext(f"周{_WEEKDAYS[day.on.weekday()]}"),
                gettext(day.name),
                gettext(KINDS[day.kind]),
                day.source,
            ],
        )
        for day in year.days
        if day.kind in ("holiday", "make_up")
    ]
    titles = ("日期", "星期", "节日", "安排", "依据")
    columns = [Column(title=gettext(title), is_wide=title == "依据") for title in titles]
    return Table(title=gettext("放假与调休"), columns=columns, rows=rows)


def _actions() -> list[Button]:
    return [
        Button(text=gettext("导入通知"), href=reverse("directory:calendar_notice"), icon="upload", is_small=True),
        Button(text=gettext("办公时间"), href=reverse("directory:calendar_hours"), kind="secondary", is_small=True),
    ]


def _keeper(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not actor.scopes(EDIT_CALENDARS):
        raise NotAllowed
    return actor


def _act(number: int, **more: Any) -> Act:
    return Act(back=f"{reverse(LIST)}?year={number}", way=[(gettext("工作日历"), reverse(LIST))], **more)


@staff_only
def day(request: HttpRequest, on: str) -> HttpResponse:
    """Make one date a holiday or a workday, or let it be what its weekday says."""
    actor = _keeper(request)
    try:
        when = date.fromisoformat(on)
    except ValueError:
        raise NotFound from None
    if not FIRST <= when.year <= LAST:
        raise NotFound
    known = directory.working_calendar(KEY).special.get(when)

    def do(values: dict[str, Any]) -> str:
        if values["manner"] == "plain":
            directory.clear_day(actor, KEY, when)
        else:
            is_working = values["manner"] == "work"
            directory.set_day(actor, KEY, when, is_working=is_working, name=values["name"], source=values["source"])
        return gettext("已更改%(day)s，相关时限将重新计算。") % {"day": on}

    manners = [("off", gettext("放假")), ("work", gettext("上班")), ("plain", gettext("按星期（取消特别安排）"))]
    manner = "plain" if known is None else "work" if known.is_working else "off"
    questions = [
        Question(name="manner", title="安排", options=manners, value="off" if known is None else manner),
        Question(
            name="name",
            title="名称",
            hint="如 春节；按星期时不必填写",
            is_optional=True,
            value=known.name if known else "",
        ),
        Question(
            name="source", title="依据", hint="如通知的名称和文号；按星期时不必填写", is_optional=True, width="wide"
        ),
    ]
    title = gettext("更改 %(day)s") % {"day": on}
    return _act(when.year, title=title, questions=questions, do=do, button="保存").answer(request)


@staff_only
def notice(request: HttpRequest) -> HttpResponse:
    """A year's holiday notice from a file."""
    actor = _keeper(request)

    def do(values: dict[str, Any]) -> str:
        loaded = directory.import_notice(actor, KEY, values["content"], source=values["source"])
        return gettext("已导入%(year)s年节假日安排，共%(count)s天；暂定时限将重新计算。") % {
            "year": loaded.year,
            "count": len(loaded.days),
        }

    questions = [
        Question(
            name="content",
            title="通知文件",
            kind="file",
            accept=".json,.csv",
            hint="CSV（date,name,is_off_day）或 JSON（year、days）。",
        ),
        Question(name="source", title="依据", hint="通知的名称和文号", width="wide"),
    ]
    text = gettext("导入后该年视为已公布，原有的当年安排全部替换。")
    return _act(today().year, title="导入通知", questions=questions, do=do, text=text).answer(request)


@staff_only
def hours(request: HttpRequest) -> HttpResponse:
    """The office hours."""
    actor = _keeper(request)

    def do(values: dict[str, Any]) -> str:
        directory.set_office_hours(actor, KEY, values["office_hours"])
        return gettext("办公时间已更改，运行中的时限将重新计算。")

    ask = Question(
        name="office_hours",
        title="办公时间",
        value=directory.working_calendar(KEY).hours.text,
        hint="如 09:00-12:00,14:00-17:30",
        width="wide",
    )
    return _act(today().year, title="办公时间", questions=[ask], do=do, button="保存").answer(request)


@require_GET
@staff_only
def explain(request: HttpRequest) -> HttpResponse:
    """When a time limit ends, and why: each stretch of time, counted or not."""
    asked, faults = request.GET, []
    found, status = None, 200
    if "start" in asked:
        try:
            limit = read_limit(f"{asked.get('amount', '')}{asked.get('unit', '')}")
            found = directory.explain(read_start(asked["start"]), limit, KEY)
        except UserError as error:
            errors = error.errors if isinstance(error, InvalidInput) else [{"path": "start", "message": error.message}]
            faults, status = [(_FIELDS.get(one["path"], "start"), gettext(one["message"])) for one in errors], 422
    said = dict(faults)
    units = [(unit, gettext(title)) for unit, title in UNITS.items()]
    start = asked.get("start") or f"{today()}T10:00"
    context = {
        "fields": [
            Field(
                name="start", label=gettext("起算时间"), type="datetime-local", value=start, error=said.get("start", "")
            ),
            Field(
                name="amount",
                label=gettext("时限"),
                value=asked.get("amount", "2"),
                width="short",
                error=said.get("amount", ""),
                attributes={"inputmode": "decimal"},
            ),
            Choice(name="unit", label=gettext("单位"), options=units, value=asked.get("unit", "working_day")),
        ],
        "errors": ErrorSummary(errors=faults) if faults else None,
        "found": _explained(found) if found else None,
    }
    return staff_page(request, "registry/explain.html", context, status=status)


_FIELDS = {"limit": "amount", "start": "start"}


def _explained(found: Any) -> dict[str, Any]:
    deadline = found.deadline
    rows = [
        Row(
            key=str(place),
            cells=[
                format_html('<span class="nowrap figures">{}</span>', f"{one.start:%m-%d %H:%M:%S}"),
                format_html('<span class="nowrap figures">{}</span>', f"{one.end:%m-%d %H:%M:%S}"),
                Tag(text=gettext("计入"), tone="success") if one.is_counted else Tag(text=gettext("不计")),
                one.reason,
            ],
        )
        for place, one in enumerate(found.intervals[:MOST_ROWS])
    ]
    columns = [Column(title=gettext(title)) for title in ("从", "到", "计时", "原因")]
    return {
        "at": f"{deadline.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        "is_provisional": deadline.is_provisional,
        "counted": found.summary,
        "table": Table(title=gettext("计时过程"), columns=columns, rows=rows, is_title_shown=True),
    }
