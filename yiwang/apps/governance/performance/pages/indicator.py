"""One indicator: its figure, its course over a year, each group, and how it is computed."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.performance.pages.asked import (
    KEYS,
    Asked,
    changes_of,
    group_options,
    known_indicator,
    period_fields,
    read_asked,
    shown,
    value_title,
)
from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.api import Answer, Figure, answer, group_title, indicators, months_up_to
from yiwang.engines.datahub.api import Known
from yiwang.engines.directory.api import actor_of
from yiwang.ui.components.figures import Chart, Series
from yiwang.ui.components.moments import Time
from yiwang.ui.components.records import Breadcrumbs, Column, Facts, Row, Table
from yiwang.ui.components.simple import Link, Stat
from yiwang.ui.pages import staff_page

MONTHS = 12


@require_safe
@staff_only
def page(request: HttpRequest, indicator: str) -> HttpResponse:
    """The figure with everything about it."""
    asked, actor, key = read_asked(request), actor_of(request), known_indicator(indicator)
    declared = indicators()[KEYS[key]]
    by = asked.by if declared.allows(asked.by) else "town"
    periods = (asked.period, asked.period.before, asked.period.year_before)
    found = answer(actor, asked.question(key, groups=(by,), periods=periods))
    figure = found.figure(KEYS[key])
    title = gettext(declared.indicator.title)
    course = answer(actor, asked.question(key, periods=tuple(months_up_to(asked.period, MONTHS))))
    context = {
        "title": title, "meaning": gettext(declared.indicator.meaning), "asked": asked, "indicator": indicator,
        "way": _way(asked, title), "period": period_fields(asked), "groups": group_options(asked),
        "stats": _stats(asked, key, found), "chart": _course(course, key, title, gettext(declared.indicator.unit)),
        "table": _groups(asked, by, key, found), "how": _how(asked, found, key), "statement": found.statement,
        "is_counted": found.is_counted(KEYS[key]), "dataset": declared.dataset_key,
        "only": [(group_title(name), value_title(name, value)) for name, value in asked.only.items()],
        "is_average": figure.indicator.kind == "average",
    }  # fmt: skip
    return staff_page(request, "performance/indicator.html", context)


def _way(asked: Asked, title: str) -> Breadcrumbs:
    return Breadcrumbs(places=[(gettext("全闭环统计"), asked.address("league")), (title, "")])


def _stats(asked: Asked, key: str, found: Answer) -> list[Stat]:
    figure, qualified = found.figure(KEYS[key]), KEYS[key]
    unit = "" if figure.indicator.unit == "%" else gettext(figure.indicator.unit)
    stats = [
        Stat(
            title=asked.period.title, value=shown(figure), unit=unit if figure.value is not None else "",
            change=changes_of(asked, figure, found, qualified),
        )
    ]  # fmt: skip
    if figure.indicator.kind != "rate" or figure.numerator is None:
        return stats
    for part, name, count in (
        ("numerator", gettext("分子"), figure.numerator),
        ("denominator", gettext("分母"), figure.denominator),
        ("rest", gettext("分母中未达到的"), (figure.denominator or 0) - figure.numerator),
    ):
        stats.append(Stat(title=name, value=f"{count:,}", href=asked.facts_address(key, part)))
    return stats


def _course(course: Answer, key: str, title: str, unit: str) -> Chart | None:
    figures = [course.figure(KEYS[key], number) for number in range(len(course.question.periods))]
    values = [None if one.value is None else float(one.value) for one in figures]
    if not any(value is not None for value in values):
        return None
    months = [f"{period.first:%Y-%m}" for period in course.question.periods]
    name = gettext("{title}：近 {count} 个月").format(title=title, count=MONTHS)
    return Chart(title=name, kind="line", categories=months, series=[Series(name=title, values=values)], unit=unit)


def _groups(asked: Asked, by: str, key: str, found: Answer) -> Table | None:
    values = [value for value in found.values_of(by) if (0, by, value) in found.figures]
    if not values:
        return None
    titles = [group_title(by), gettext("数值"), gettext("分子"), gettext("分母")]
    columns = [Column(title=title, is_figures=number > 0) for number, title in enumerate(titles)]
    rows = [_group_row(asked, by, key, value, found.figure(KEYS[key], 0, by, value)) for value in values]
    return Table(title=gettext("分组"), columns=columns, rows=rows)


def _group_row(asked: Asked, by: str, key: str, value: str, figure: Figure) -> Row:
    parts: list[object] = []
    for part, count in (("numerator", figure.numerator), ("denominator", figure.denominator)):
        if figure.indicator.kind != "rate" and part == "numerator":
            parts.append("")
            continue
        parts.append(Link(text=f"{count:,}", href=asked.facts_address(key, part, value, by), is_quiet=True))
    return Row(key=value or "none", cells=[value_title(by, value), shown(figure), *parts])


def _how(asked: Asked, found: Answer, key: str) -> Facts:
    declared = indicators()[KEYS[key]]
    one, known = declared.indicator, found.datasets.get(declared.dataset_key)
    ways = {
        "rate": gettext("分子 ÷ 分母 × 100，四舍五入到两位小数；分母为零则没有数值"),
        "count": gettext("符合条件的行数"),
        "average": gettext("总和 ÷ 行数，四舍五入到两位小数；没有行则没有数值"),
    }
    pairs: list[tuple[str, object]] = [
        (gettext("含义"), gettext(one.meaning)),
        (gettext("公式"), ways[one.kind]),
        (gettext("分子条件"), one.numerator),
        (gettext("分母条件"), one.denominator if one.kind != "count" else ""),
        (gettext("归入时段"), _column(known, known.dataset.at) if known else ""),
        (gettext("依据"), gettext(one.source)),
        (gettext("数据集"), f"{gettext(known.dataset.title)} · {gettext(known.dataset.grain)}" if known else ""),
        (gettext("数据截至"), _instant(found.reaches)),
        (gettext("统计截止"), _instant(asked.period.cutoff)),
    ]
    return Facts(pairs=pairs)


def _column(known: Known, key: str) -> str:
    return gettext(known.dataset.column(key).title)


def _instant(at: datetime | None) -> object:
    return Time(at=at) if at is not None else ""
