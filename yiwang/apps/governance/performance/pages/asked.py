"""What a page of figures is asked for: period, grouping, sort, narrower facts; read from the address, kept in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from yiwang.apps.governance.performance.facts import INCIDENTS
from yiwang.apps.governance.performance.formulas import ALL, LEAGUE
from yiwang.engines.cockpit.api import KINDS, Answer, Figure, Period, Question, group_title, read_period, today
from yiwang.engines.directory.api import name_of, organisation_name
from yiwang.kernel.errors import InvalidInput, NotFound

GROUPS = ("town", "village", "department", "department_kind", "category", "class_code", "source", "level", "month")
KEYS = {one.key: f"performance.{one.key}" for one in ALL}
"""Qualified key of each of our indicators."""
SHEET = "performance"
"""Under what our figures are frozen and published."""


@dataclass(frozen=True)
class Asked:
    """One page. `only` narrows facts by group and value, such as one town's."""

    period: Period
    by: str = "town"
    sort: str = "settling_rate"
    is_ascending: bool = False
    only: Mapping[str, str] = field(default_factory=dict)

    def query(self, **changes: object) -> str:
        """The part of an address that asks the same, with some of it changed."""
        one = replace(self, **changes)  # type: ignore[arg-type]
        values = {"period": one.period.code, "by": one.by, "sort": one.sort}
        values |= {"order": "up"} if one.is_ascending else {}
        return urlencode(values | {f"only-{name}": value for name, value in one.only.items()})

    def address(self, name: str, *parts: str, **changes: object) -> str:
        """An address of ours that asks the same."""
        return f"{reverse(f'performance:{name}', args=parts)}?{self.query(**changes)}"

    def facts_address(self, key: str, part: str, value: str = "", group: str = "") -> str:
        """The facts behind one figure."""
        only = {**self.only, group: value} if group else dict(self.only)
        return f"{self.address('facts', key, only=only)}&part={part}"

    def question(self, *keys: str, groups: tuple[str, ...] = (), periods: tuple[Period, ...] = ()) -> Question:
        """The same for the cockpit, for our indicators of these keys."""
        return Question(tuple(KEYS[key] for key in keys), periods or (self.period,), groups, only=self.only)


def read_asked(request: HttpRequest) -> Asked:
    """What the address says. Unknown groups and sorts fall back to the usual ones; a wrong period is refused."""
    given = request.GET
    by, sort = given.get("by", ""), given.get("sort", "")
    only = {name: given[f"only-{name}"][:80] for name in GROUPS if f"only-{name}" in given}
    return Asked(
        _period(given), by if by in GROUPS else "town", sort if sort in {one.key for one in LEAGUE} else Asked.sort,
        given.get("order") == "up", only,
    )  # fmt: skip


def _period(given: QueryDict) -> Period:
    """From a link (`period`) or from the form (`kind`, `on`, and `to` for any two days)."""
    kind, on, to = (given.get(name, "").strip() for name in ("kind", "on", "to"))
    if not kind:
        return read_period(given.get("period", ""))
    if kind != "custom":
        return read_period(f"{kind}:{on or today()}")
    if not on or not to:
        message = gettext("自定义时段要填起止两个日期。")
        raise InvalidInput([{"path": "to", "code": "PERIOD", "message": message}], message, next_step="")
    return read_period(f"custom:{min(on, to)}~{max(on, to)}")


def known_indicator(key: str) -> str:
    """The key when it is one of ours; NotFound otherwise."""
    if key not in KEYS:
        raise NotFound
    return key


def value_title(group: str, value: str) -> str:
    """What people call one value of a group."""
    if group in ("town", "village", "district"):
        length = {"district": 6, "town": 9, "village": 12}[group]
        return name_of(value) if len(value) == length else gettext("{name}（未细分）").format(name=name_of(value))
    if group == "month":
        return value
    if not value:
        return gettext("未派遣") if group.startswith("department") else gettext("未填")
    if group == "department":
        return organisation_name(int(value)) or value
    return gettext(INCIDENTS.column(group).names.get(value, value))


def shown(figure: Figure) -> str:
    """A figure for eyes: two decimals for rates, thousands for counts, a dash where there is none."""
    value = figure.value
    if value is None:
        return "—"
    if figure.indicator.kind == "rate":
        return f"{value}%"
    return f"{value:,.0f}" if figure.indicator.kind == "count" else f"{value:,}"


def change_words(title: str, figure: Figure, base: Figure) -> str:
    """`环比 +1.20 个百分点`; says so when there is nothing to compare with."""
    change = figure.change_from(base)
    if change is None:
        return gettext("{title} 无可比基数").format(title=title)
    unit = gettext(" 个百分点") if figure.indicator.kind == "rate" else "%"
    return f"{title} {change:+}{unit}"


def changes_of(asked: Asked, figure: Figure, found: Answer, key: str) -> str:
    """环比 and 同比 in one line; for a year they are the same. The answer holds both periods after the first."""
    words = [change_words(gettext("环比"), figure, found.figure(key, 1))]
    if asked.period.kind != "year":
        words.append(change_words(gettext("同比"), figure, found.figure(key, 2)))
    return gettext("；").join(words)


def period_fields(asked: Asked) -> dict[str, object]:
    """What the picker of the period shows."""
    return {
        "kinds": [(kind, gettext(title), kind == asked.period.kind) for kind, title in KINDS.items()],
        "on": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat() if asked.period.kind == "custom" else "",
        "latest": today().isoformat(),
    }


def group_options(asked: Asked) -> list[tuple[str, str, bool]]:
    """The ways to group, for a choice."""
    return [(group, group_title(group), group == asked.by) for group in GROUPS]


def last_day(period: Period) -> date:
    """The day by whose rules a period is judged: its last, or today while it lasts."""
    return min(period.last, today())
