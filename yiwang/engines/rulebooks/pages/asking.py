"""Forms of this room: fields of hand-written forms, a long text among them, and what was sent for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from yiwang.engines.rulebooks.spec import Column, Input, Output
from yiwang.engines.rulebooks.values import MOST_SIGNS, written
from yiwang.kernel.errors import InvalidInput, UserError
from yiwang.kernel.wording import about, joined
from yiwang.ui.components.base import Component
from yiwang.ui.components.feedback import ErrorSummary
from yiwang.ui.components.fields import Choice, Field
from yiwang.ui.components.records import Breadcrumbs
from yiwang.ui.components.simple import Button
from yiwang.ui.pages import staff_page

Faults = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class LongText(Component):
    """A text over several lines."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    error: str = ""
    is_optional: bool = False
    most: int = MOST_SIGNS

    template: ClassVar[str] = "rulebooks/long_text.html"


def cell_field(column: Column, value: str, error: str = "", *, blank: str = "") -> Component:
    """The field of one cell; `blank` is what an empty choice is called."""
    shared: dict[str, Any] = {
        "name": column.key, "label": gettext(column.title), "value": value, "error": error,
        "hint": _hint(column), "is_optional": not column.is_required,
    }  # fmt: skip
    if isinstance(column, Output) and column.kind == "boolean":
        return Choice(options=[("", "—"), ("是", gettext("是")), ("否", gettext("否"))], **shared)
    if column.options and not (isinstance(column, Output) and column.kind == "codes"):
        options = [("", blank or "—"), *((title, gettext(title)) for title in column.options.values())]
        return Choice(options=options, **shared)
    if isinstance(column, Output) and column.kind == "text":
        return LongText(**shared)
    is_figure = isinstance(column, Output) and column.kind in ("number", "whole")
    attributes = {"autocomplete": "off", "inputmode": "decimal" if is_figure else None}
    return Field(width="short" if is_figure else "medium", attributes=attributes, **shared)


def _hint(column: Column) -> str:
    hint = gettext(column.hint) if column.hint else ""
    if isinstance(column, Input):
        if column.match == "prefix":
            return joined(hint, gettext("可只写开头几位，写得长的先用；留空为不限。"))
        return joined(hint, "" if column.is_required else gettext("留空为不限。"))
    if column.kind == "limit":
        return joined(hint, gettext("数量加单位，如“2紧急工作时”“3工作日”“15自然日”。"))
    if column.kind == "codes":
        known = gettext("、").join(gettext(title) for title in column.options.values())
        return joined(
            hint, gettext("几个时用顿号隔开。"), gettext("可用：{known}。").format(known=known) if known else ""
        )
    return hint


def cells_as_written(columns: Sequence[Column], values: Mapping[str, Any]) -> dict[str, str]:
    """Stored cells as the fields show them."""
    return {column.key: written(column, values.get(column.key)) for column in columns}


def sent_cells(request: HttpRequest, columns: Sequence[Column]) -> dict[str, str]:
    """What the form sent for each column."""
    return {column.key: request.POST.get(column.key, "").replace("\r\n", "\n") for column in columns}


def faults_of(error: UserError) -> list[tuple[str, str]]:
    """(field, message) of a refusal; the field of a general one is `act`, the form itself."""
    if isinstance(error, InvalidInput) and error.errors:
        return [(one["path"], gettext(one["message"])) for one in error.errors]
    return [("act", joined(gettext(error.message), gettext(error.next_step)))]


def read_day(text: str, name: str, title: str) -> date:
    """A date that was sent; InvalidInput otherwise."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        words = (
            gettext("请填写{title}，如 2026-05-01。")
            if not text.strip()
            else gettext("{title}不是有效的日期，请填写如 2026-05-01 的日期。")
        )
        message = about(words, gettext(title))
        raise InvalidInput([{"path": name, "code": "DATE", "message": message}]) from None


def ask(
    request: HttpRequest,
    *,
    title: str,
    way: Sequence[tuple[str, str]],
    fields: Sequence[Component],
    button: Button | None,
    back: str,
    faults: Sequence[tuple[str, str]] = (),
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """A page with one form; `more`: lead, above, below, is_file, extra (further buttons)."""
    context = {
        "title": title,
        "way": Breadcrumbs(places=[*way, (title, "")]),
        "fields": fields,
        "button": button,
        "back": back,
        "errors": ErrorSummary(errors=list(faults)) if faults else None,
        **more,
    }
    return staff_page(request, "rulebooks/ask.html", context, status=status)
