"""The facts behind a figure: the very rows that were counted, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.performance.pages.asked import (
    KEYS,
    Asked,
    known_indicator,
    read_asked,
    value_title,
)
from yiwang.engines.access.api import staff_only
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.cockpit.api import FactPage, answer, facts_behind, group_title
from yiwang.engines.datahub.spec import Column as FactColumn
from yiwang.engines.directory.api import actor_of, path_of
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Row, Table
from yiwang.ui.pages import staff_page

COLUMNS = (
    "number", "area", "category", "source", "department", "reported_at", "handled_at", "due_at", "closed_at", "outcome",
    "month", "visited_at",
)  # fmt: skip
"""What a list shows of a fact; datasets that lack one show the others."""
PARTS = {"numerator": "计入分子的", "denominator": "计入分母的", "rest": "计入分母而未计入分子的"}


@require_safe
@staff_only
def page(request: HttpRequest, indicator: str) -> HttpResponse:
    """The list, with how many there are by the figure itself."""
    asked, actor, key = read_asked(request), actor_of(request), known_indicator(indicator)
    part = request.GET.get("part", "denominator")
    question = asked.question(key)
    found = facts_behind(actor, question, part, request.GET.get("after", ""))
    figure = answer(actor, question).figure(KEYS[key])
    counts = {"numerator": figure.numerator, "denominator": figure.denominator}
    count = counts.get(part, (figure.denominator or 0) - (figure.numerator or 0))
    if figure.indicator.kind == "average" and part == "numerator":
        count = figure.denominator
    ids = [fact["case_id"] for fact in found.facts if fact.get("case_id")]
    seen = seen_cases(actor, ids) if ids else {}
    title = gettext(figure.indicator.title)
    context = {
        "title": title, "way": _way(asked, key, title), "count": count, "part": gettext(PARTS.get(part, "")),
        "asked": asked, "table": _table(found, seen, _next(asked, key, part, found)), "title_part": part,
        "only": [(group_title(name), value_title(name, value)) for name, value in asked.only.items()],
        "parts": _parts(asked, key, part) if figure.indicator.kind == "rate" else [],
    }  # fmt: skip
    return staff_page(request, "performance/facts.html", context)


def _way(asked: Asked, key: str, title: str) -> Breadcrumbs:
    return Breadcrumbs(
        places=[
            (gettext("全闭环统计"), asked.address("league")), (title, asked.address("indicator", key)),
            (gettext("明细"), ""),
        ]
    )  # fmt: skip


def _parts(asked: Asked, key: str, part: str) -> list[tuple[str, str, bool]]:
    return [(gettext(title), asked.facts_address(key, name), name == part) for name, title in PARTS.items()]


def _next(asked: Asked, key: str, part: str, found: FactPage) -> str:
    return f"{asked.facts_address(key, part)}&{urlencode({'after': found.next})}" if found.next else ""


def _table(found: FactPage, seen: Mapping[Any, Any], following: str) -> Table:
    columns = [found.dataset.column(name) for name in COLUMNS if name in found.dataset.column_names]
    heads = [Column(title=gettext(one.title)) for one in columns]
    rows = [
        Row(
            key=str(number), cells=_cells(columns, fact),
            href=reverse("desk:case", args=[fact["case_id"]]) if fact.get("case_id") in seen else "",
        )
        for number, fact in enumerate(found.facts)
    ]  # fmt: skip
    empty = EmptyState(title=gettext("没有这样的记录"), text=gettext("数值为零，或不在您的权限范围内。"))
    return Table(title=gettext("明细"), columns=heads, rows=rows, empty=empty, next_url=following)


def _cells(columns: list[FactColumn], fact: Mapping[str, Any]) -> list[object]:
    return [_cell(column, fact[column.key]) for column in columns]


def _cell(column: FactColumn, value: Any) -> object:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return Time(at=value)
    if column.key == "area":
        return path_of(value)
    if column.is_dimension:
        return value_title(column.key, str(value))
    return gettext(column.names.get(str(value), str(value)))
