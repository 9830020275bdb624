"""Time on a page: a moment, and what is left of a time limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.kernel import clock
from yiwang.ui.components.base import Component, component, escaped, icon

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def exact(at: datetime) -> str:
    """The moment in Beijing time, to the minute."""
    return f"{at.astimezone(clock.CHINA):%Y-%m-%d %H:%M}"


def span(seconds: float) -> str:
    """How long, in at most two units: 2天3小时, 45分钟."""
    whole = int(abs(seconds))
    days, hours, minutes = whole // _DAY, whole % _DAY // _HOUR, whole % _HOUR // _MINUTE
    if days:
        return (
            gettext("%(days)s天%(hours)s小时") % {"days": days, "hours": hours}
            if hours
            else (gettext("%(days)s天") % {"days": days})
        )
    if hours:
        return (
            gettext("%(hours)s小时%(minutes)s分钟") % {"hours": hours, "minutes": minutes}
            if minutes
            else (gettext("%(hours)s小时") % {"hours": hours})
        )
    return gettext("%(minutes)s分钟") % {"minutes": max(minutes, 1)}


@component("time")
@dataclass(frozen=True, kw_only=True)
class Time(Component):
    """A moment, exact to the minute."""

    at: datetime

    def render(self, request: HttpRequest | None = None) -> SafeString:
        return format_html('<time class="nowrap figures" datetime="{}">{}</time>', self.at.isoformat(), exact(self.at))


@component("clock")
@dataclass(frozen=True, kw_only=True)
class ClockPill(Component):
    """What is left until `due_at` by the wall clock: 剩余, 已超时, 暂停, and 暂定 beside it while the date may change.

    `is_near` (the engine knows the warning levels) colours what is left; without it the last day does. Built by hand:
    every row of a list has one.
    """

    due_at: datetime | None
    is_stopped: bool = False
    is_provisional: bool = False
    is_near: bool | None = None

    def render(self, request: HttpRequest | None = None) -> SafeString:
        tone, picture, text = self._words()
        due = exact(self.due_at) if self.due_at is not None and not self.is_stopped else ""
        title = escaped(gettext("截止 %(at)s") % {"at": due} if due else text)
        shown = f"{icon(picture)}{escaped(text)}"
        pill = SafeString(f'<span class="tag tag-{tone} clock" title="{title}">{shown}</span>')
        if not self.is_provisional:
            return pill
        why = gettext("该年度工作日历尚未公布，公布后重新计算")
        return format_html('{}<span class="tag tag-special" title="{}">{}</span>', pill, why, gettext("暂定"))

    def _words(self) -> tuple[str, str, str]:
        if self.is_stopped:
            return "neutral", "pause", gettext("暂停")
        if self.due_at is None:
            return "neutral", "clock", gettext("不限时")
        left = (self.due_at - clock.now()).total_seconds()
        if left < 0:
            return "danger", "alert", gettext("已超时 %(span)s") % {"span": span(left)}
        is_near = left < timedelta(days=1).total_seconds() if self.is_near is None else self.is_near
        return "warning" if is_near else "neutral", "clock", gettext("剩余 %(span)s") % {"span": span(left)}
