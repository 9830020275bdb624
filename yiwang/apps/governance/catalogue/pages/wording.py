"""Words the pages share: limits and states as people say them, and files of lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop

from yiwang.apps.governance.catalogue.classes import ClassCondition, limit_words
from yiwang.apps.governance.catalogue.models import STATES
from yiwang.engines.directory.spec import Limit
from yiwang.engines.rulebooks.api import write_csv
from yiwang.ui.components.base import Component as Piece
from yiwang.ui.components.simple import Tag

_TONES = {"in_use": "success", "damaged": "warning", "missing": "danger", "retired": "neutral"}
_PUBLIC = {
    "urgent_hour": gettext_noop("{amount}小时内（夜间和节假日都算）"),
    "working_hour": gettext_noop("{amount}个工作小时内"),
    "working_day": gettext_noop("{amount}个工作日内"),
    "calendar_day": gettext_noop("{amount}天内（节假日都算）"),
}


def as_written(text: object, language: str = "zh-CN") -> SafeString:
    """A text of the district's own data, marked with the language it is written in for screen readers."""
    return format_html('<span lang="{}">{}</span>', language, text) if text else SafeString("")


def public_limit(limit: Limit | None) -> str:
    """A limit for citizens; '' without one."""
    return gettext(_PUBLIC[limit.unit]).format(amount=limit.amount) if limit and limit.unit in _PUBLIC else ""


def state_title(state: str) -> str:
    return gettext(dict(STATES).get(state, state))


def state_tag(state: str) -> Piece:
    return Tag(text=state_title(state), tone=_TONES.get(state, "neutral"))


def limits_of(rows: Sequence[ClassCondition]) -> str:
    """The handling limits of a class, shortest wording: `2紧急工作时、3工作日`."""
    return "、".join(dict.fromkeys(words for row in rows if (words := limit_words(row.handle))))


def comma_separated(name: str, titles: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV file that spreadsheet programs open as it is; nothing in it becomes a formula."""
    response = HttpResponse(write_csv([titles, *lines]), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
