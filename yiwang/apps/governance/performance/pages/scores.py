"""Scores of towns and departments by the rules in force, with what each line gave."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from yiwang.apps.governance.performance.pages.asked import (
    KEYS,
    Asked,
    group_options,
    last_day,
    period_fields,
    read_asked,
    shown,
    value_title,
)
from yiwang.apps.governance.performance.scores import SCORED, rules_of
from yiwang.engines.access.api import staff_only
from yiwang.engines.cockpit.api import Answer, Rule, answer, group_title, require_facts, total
from yiwang.engines.directory.api import actor_of
from yiwang.ui.components.feedback import EmptyState
from yiwang.ui.components.records import Column, Row, Table
from yiwang.ui.pages import staff_page


@require_safe
@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """The table, best first."""
    asked, actor = read_asked(request), actor_of(request)
    require_facts(actor)
    rules = rules_of(last_day(asked.period))
    found = answer(actor, asked.question(*rules, groups=(asked.by,)))
    context = {
        "title": gettext("考核评分"), "asked": asked, "period": period_fields(asked), "groups": group_options(asked),
        "table": _table(asked, rules, found), "rules": _rules(rules),
    }  # fmt: skip
    return staff_page(request, "performance/scores.html", context)


def _table(asked: Asked, rules: dict[str, Rule], found: Answer) -> Table:
    titles = {one.key: gettext(one.title) for one in SCORED}
    columns = [Column(title=group_title(asked.by)), Column(title=gettext("得分"), is_figures=True)]
    columns += [Column(title=titles[key], is_figures=True) for key in rules]
    scored = [(value, _scores(asked, rules, found, value)) for value in found.values_of(asked.by)]
    best = sorted(scored, key=lambda row: (total(row[1]) is None, -(total(row[1]) or Decimal(0)), row[0]))
    rows = [
        Row(
            key=value or "none",
            cells=[value_title(asked.by, value), _text(total(scores)), *_cells(asked, rules, found, value)],
        )
        for value, scores in best
    ]
    empty = EmptyState(
        title=gettext("这个时段没有可评分的"), text=gettext("没有事件，或当时没有生效的评分规则。"), icon="star"
    )
    return Table(title=gettext("得分"), columns=columns, rows=rows, empty=empty)


def _scores(asked: Asked, rules: dict[str, Rule], found: Answer, value: str) -> list[Decimal | None]:
    return [rule.score(found.figure(KEYS[key], 0, asked.by, value).value) for key, rule in rules.items()]


def _cells(asked: Asked, rules: dict[str, Rule], found: Answer, value: str) -> list[str]:
    figures = [found.figure(KEYS[key], 0, asked.by, value) for key in rules]
    points = _scores(asked, rules, found, value)
    return [
        gettext("{points}（{rate}）").format(points=_text(one), rate=shown(figure)) if one is not None else "—"
        for one, figure in zip(points, figures, strict=True)
    ]


def _text(points: Decimal | None) -> str:
    return "—" if points is None else str(points)


def _rules(rules: dict[str, Rule]) -> Table:
    titles = {one.key: gettext(one.title) for one in SCORED}
    names = ("指标", "达标线（%）", "满分", "每低一个百分点扣分")
    columns = [Column(title=gettext(name), is_figures=number > 0) for number, name in enumerate(names)]
    rows = [
        Row(key=key, cells=[titles[key], str(rule.threshold), str(rule.points), str(rule.loss)])
        for key, rule in rules.items()
    ]
    empty = EmptyState(title=gettext("没有生效的评分规则"), text=gettext("请在规则簿中发布一版评分规则。"), icon="star")
    return Table(title=gettext("评分规则"), columns=columns, rows=rows, empty=empty, is_title_shown=True)
