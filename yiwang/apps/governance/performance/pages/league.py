"""The league tables: towns, departments, classes side by side, every figure a way to the facts behind it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from yiwang.apps.governance.performance.formulas import (
    ALL,
    LEAGUE,
    ON_TIME_CLOSING,
    ON_TIME_HANDLING,
    REPORTED,
    SETTLING,
)
from yiwang.apps.governance.performance.pages.asked import (
    KEYS,
    SHEET,
    Asked,
    changes_of,
    group_options,
    period_fields,
    read_asked,
    shown,
    value_title,
)
from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.api import Answer, Figure, answer, group_title, is_league_published
from yiwang.engines.datahub.api import READ_FACTS
from yiwang.engines.directory.api import Actor, actor_of
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.figures import Chart, Series
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.components.simple import Link, Stat
from yiwang.ui.pages import staff_page

SHOWN = tuple(one.key for one in LEAGUE)
HEADLINES = (REPORTED, SETTLING, ON_TIME_HANDLING, ON_TIME_CLOSING)
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Standing:
    """One row of a league table; `rank` is 0 without a figure to rank by. `is_open`: its facts may be looked at."""

    rank: int
    value: str
    title: str
    figures: dict[str, Figure]
    is_open: bool


@dataclass(frozen=True)
class League:
    """A table with its total, and the answer it was read from."""

    rows: Sequence[Standing]
    total: dict[str, Figure]
    answer: Answer
    is_published: bool


def league_of(actor: Actor, asked: Asked) -> League:
    """The standings in the order asked for. A published table of towns holds towns whose facts stay their own."""
    published = asked.by == "town" and not asked.only and is_league_published(actor, SHEET)
    periods = (asked.period, asked.period.before, asked.period.year_before)
    own = answer(actor, asked.question(*KEYS, groups=(asked.by,), periods=periods))
    whole = answer(actor, asked.question(*SHOWN, groups=(asked.by,)), is_published=True) if published else own
    reach = actor.scopes(READ_FACTS)
    found = [
        (value, {key: whole.figure(KEYS[key], 0, asked.by, value) for key in SHOWN})
        for value in whole.values_of(asked.by)
        if (0, asked.by, value) in whole.figures
    ]
    return League(_ranked(asked, found, reach if published else ("",)), _total(own), own, published)


def _total(found: Answer) -> dict[str, Figure]:
    return {key: found.figure(qualified) for key, qualified in KEYS.items()}


def _ranked(asked: Asked, found: list[tuple[str, dict[str, Figure]]], reach: tuple[str, ...]) -> list[Standing]:
    """Best first; what has no figure stands last. Equal figures share a place."""
    less = next(one for one in LEAGUE if one.key == asked.sort).is_less_better
    falls = less == asked.is_ascending

    def place(row: tuple[str, dict[str, Figure]]) -> tuple[bool, Decimal, Decimal, str]:
        """Of equals who had more to do stands first."""
        value, load = row[1][asked.sort].value, row[1][asked.sort].denominator or Decimal(0)
        return value is None, Decimal(0) if value is None else -value if falls else value, -load, row[0]

    rows: list[Standing] = []
    last: Decimal | None = None
    rank = 0
    for number, (value, figures) in enumerate(sorted(found, key=place), start=1):
        figure = figures[asked.sort].value
        if figure is not None and figure != last:
            rank, last = number, figure
        title = value_title(asked.by, value)
        rows.append(Standing(rank if figure is not None else 0, value, title, figures, value.startswith(reach)))
    return rows


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The table with its headlines and a chart of what it is sorted by."""
    asked, actor = read_asked(request), actor_of(request)
    found = league_of(actor, asked)
    sorted_by = next(one for one in LEAGUE if one.key == asked.sort)
    context = {
        "title": gettext("全闭环统计"), "asked": asked, "period": period_fields(asked), "groups": group_options(asked),
        "sorts": [(one.key, gettext(one.title), one.key == asked.sort) for one in LEAGUE],
        "before": asked.address("league", period=asked.period.before),
        "after": asked.address("league", period=asked.period.after) if asked.period.after else "",
        "reaches": found.answer.reaches, "cutoff": asked.period.cutoff, "is_published": found.is_published,
        "only": [(group_title(name), value_title(name, value)) for name, value in asked.only.items()],
        "all_url": asked.address("league", only={}), "stats": _headlines(asked, found),
        "chart": _chart(asked, found, sorted_by.title, sorted_by.unit), "table": _table(asked, found),
        "all": _all(asked, found),
        "csv": asked.address("csv"), "workbook": asked.address("workbook"),
    }  # fmt: skip
    return staff_page(request, "performance/league.html", context)


def _headlines(asked: Asked, found: League) -> list[Stat]:
    stats = []
    for one in HEADLINES:
        figure, key = found.total[one.key], KEYS[one.key]
        changes = changes_of(asked, figure, found.answer, key)
        stats.append(
            Stat(
                title=gettext(one.title), value=shown(figure), unit="" if one.unit == "%" else gettext(one.unit),
                change=changes, href=asked.address("indicator", one.key),
            )
        )  # fmt: skip
    return stats


def _all(asked: Asked, found: League) -> Table:
    """Every indicator of the whole, each the way to its own page."""
    titles = ("指标", "数值", "环比", "同比", "分子", "分母")
    columns = [Column(title=gettext(title), is_figures=number > 0) for number, title in enumerate(titles)]
    rows = [
        Row(key=one.key, cells=[gettext(one.title), *_course(found, one.key)], href=asked.address("indicator", one.key))
        for one in ALL
    ]
    return Table(title=gettext("全部指标"), columns=columns, rows=rows, is_title_shown=True)


def _course(found: League, key: str) -> list[str]:
    figure, qualified = found.total[key], KEYS[key]
    changes = [figure.change_from(found.answer.figure(qualified, number)) for number in (1, 2)]
    sign = "" if figure.indicator.kind == "rate" else "%"
    parts = (figure.numerator, figure.denominator) if figure.indicator.kind == "rate" else (None, None)
    return [
        shown(figure), *("—" if change is None else f"{change:+}{sign}" for change in changes),
        *("" if part is None else f"{part:,}" for part in parts),
    ]  # fmt: skip


def _chart(asked: Asked, found: League, title: str, unit: str) -> Chart | None:
    rows = [row for row in found.rows if row.figures[asked.sort].value is not None][:30]
    if len(rows) < 2:
        return None
    values = [float(row.figures[asked.sort].value or 0) for row in rows]
    name = gettext(title)
    return Chart(
        title=name, kind="rows" if len(rows) <= 12 else "bar", categories=[row.title for row in rows],
        series=[Series(name=name, values=values)], unit=gettext(unit),
    )  # fmt: skip


def _table(asked: Asked, found: League) -> Table:
    columns = [Column(title=group_title(asked.by)), Column(title=gettext("名次"), is_figures=True)]
    columns += [Column(title=gettext(one.title), is_figures=True) for one in LEAGUE]
    rows = [
        Row(
            key=row.value or "none", cells=[row.title, row.rank or "—", *_cells(asked, row)],
            href=_narrowed(asked, row) if row.is_open else "",
        )
        for row in found.rows
    ]  # fmt: skip
    if rows:
        total = Standing(0, "", gettext("合计"), found.total, True)
        rows.append(Row(key="total", cells=[total.title, "", *_cells(asked, total, is_total=True)]))
    empty = EmptyState(
        title=gettext("这个时段没有事件"), text=gettext("换一个时段，或等统计数据更新后再看。"), icon="chart"
    )
    return Table(title=gettext("榜单"), columns=columns, rows=rows, empty=empty)


def _narrowed(asked: Asked, row: Standing) -> str:
    """A town opens into its villages, everything else into its towns."""
    deeper = {"town": "village", "village": "category"}.get(asked.by, "town")
    return asked.address("league", by=deeper, only={**asked.only, asked.by: row.value})


def _cells(asked: Asked, row: Standing, *, is_total: bool = False) -> list[object]:
    group = "" if is_total else asked.by
    cells: list[object] = []
    for one in LEAGUE:
        figure = row.figures[one.key]
        if figure.value is None or not row.is_open:
            cells.append(shown(figure))
            continue
        part = "numerator" if one.kind == "count" else "denominator"
        href = asked.facts_address(one.key, part, row.value, group)
        cells.append(Link(text=shown(figure), href=href, is_quiet=True))
    return cells


def _lines(asked: Asked, found: League) -> list[list[Any]]:
    """The table as rows of a file: for each rate its value, numerator and denominator."""
    head: list[Any] = [group_title(asked.by), gettext("名次")]
    for one in LEAGUE:
        head += [gettext(one.title)]
        if one.kind == "rate":
            head += [gettext("{title}分子").format(title=gettext(one.title))]
            head += [gettext("{title}分母").format(title=gettext(one.title))]
    total = Standing(0, "", gettext("合计"), found.total, True)
    return [head, *([row.title, row.rank or None, *_numbers(row)] for row in (*found.rows, total))]


def _numbers(row: Standing) -> list[Any]:
    numbers: list[Any] = []
    for one in LEAGUE:
        figure = row.figures[one.key]
        numbers.append(figure.value)
        if one.kind == "rate":
            numbers += [figure.numerator, figure.denominator]
    return numbers


def _note(asked: Asked) -> str:
    text = gettext("{period}，截止 {cutoff:%Y-%m-%d %H:%M}")
    return text.format(period=asked.period.title, cutoff=asked.period.cutoff.astimezone(asked.period.begins.tzinfo))


@require_safe
@staff_only
def csv_file(request: HttpRequest) -> HttpResponse:
    """The table as CSV that a spreadsheet opens in the right characters."""
    asked = read_asked(request)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows(_lines(asked, league_of(actor_of(request), asked)))
    writer.writerow([_note(asked)])
    return _attached(asked, "\ufeff".encode() + text.getvalue().encode(), "text/csv; charset=utf-8", "csv")


@require_safe
@staff_only
def workbook(request: HttpRequest) -> HttpResponse:
    """The table as a spreadsheet with numbers as numbers."""
    asked = read_asked(request)
    book = Workbook()
    sheet = book.create_sheet(gettext("榜单"), 0)
    del book["Sheet"]
    for line in _lines(asked, league_of(actor_of(request), asked)):
        sheet.append(line)
    sheet.append([_note(asked)])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 18
    content = io.BytesIO()
    book.save(content)
    return _attached(asked, content.getvalue(), WORKBOOK, "xlsx")


def _attached(asked: Asked, content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"league-{asked.by}-{asked.period.first}-{asked.period.last}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
