"""One SQL statement for a page of figures: many indicators, several periods, several groupings at once.

Facts are joined with the periods asked for, grouped by GROUPING SETS, and each indicator is a filtered aggregate; the
statements of several datasets are put together with UNION ALL. All names come from checked declarations, all values
travel as parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.engines.cockpit.indicators.catalogue import MONTH, Declared
from yiwang.engines.cockpit.indicators.periods import Period
from yiwang.engines.cockpit.spec import LEVELS
from yiwang.engines.datahub.api import table_of
from yiwang.engines.datahub.spec import Dataset, with_instants
from yiwang.engines.directory.api import Reach

INSTANTS = {"cutoff": "_cutoff", "begins": "_begins", "ends": "_ends"}


@dataclass(frozen=True)
class Question:
    """What is asked: `indicators` (qualified keys) for each of `periods`, in all and by each of `groups`.

    `within` is a division's code, `only` narrows columns to one value each. `cutoff` replaces the periods' own.
    """

    indicators: tuple[str, ...]
    periods: tuple[Period, ...]
    groups: tuple[str, ...] = ()
    within: str = ""
    only: Mapping[str, str] = field(default_factory=dict)
    cutoff: datetime | None = None


@dataclass(frozen=True)
class Statement:
    """SQL with its parameters."""

    text: str
    values: tuple[Any, ...]


def group_expression(dataset: Dataset, group: str) -> str:
    """The SQL that answers with a fact's group as text, '' when it has none."""
    if group in LEVELS:
        return f"left({dataset.division}, {LEVELS[group]})"
    if group == MONTH:
        return f"to_char({dataset.at} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
    return f"coalesce({group}::text, '')"


def in_reach(dataset: Dataset, reach: Reach) -> Statement:
    """Which facts whoever has this reach may count and see."""
    parts: list[str] = []
    values: list[Any] = []
    for prefix in reach.divisions:
        parts.append(f"starts_with({dataset.division}, %s)")
        values.append(prefix)
    for prefix, organisation in reach.organisations if dataset.organisation else ():
        parts.append(f"(starts_with({dataset.division}, %s) AND {dataset.organisation} = %s)")
        values += [prefix, organisation]
    return Statement(f"({' OR '.join(parts)})" if parts else "false", tuple(values))


def narrowed(dataset: Dataset, question: Question) -> Statement:
    """The facts of the wanted division and values; a column this dataset has not narrows it to nothing."""
    parts, values = [], []
    if question.within:
        parts.append(f"starts_with({dataset.division}, %s)")
        values.append(question.within)
    known = {column.key for column in dataset.dimensions} | set(LEVELS) | {MONTH}
    for column, value in question.only.items():
        if column not in known:
            return Statement("false", ())
        parts.append(f"{group_expression(dataset, column)} = %s")
        values.append(value)
    return Statement(" AND ".join(parts) or "true", tuple(values))


def spans(question: Question) -> Statement:
    """The periods as rows."""
    row = "(%s::int, %s::timestamptz, %s::timestamptz, %s::timestamptz)"
    values: list[Any] = []
    for number, period in enumerate(question.periods):
        values += [number, period.begins, period.ends, question.cutoff or period.cutoff]
    text = f"(VALUES {', '.join([row] * len(question.periods))}) AS span (_no, _begins, _ends, _cutoff)"
    return Statement(text, tuple(values))


def in_span(dataset: Dataset) -> str:
    """Whether a fact lies in the period."""
    return f"{dataset.at} >= _begins AND {dataset.at} < _ends"


def condition(text: str) -> str:
    return f"({with_instants(text, INSTANTS)})"


def counted(declared: Declared, part: str) -> str:
    """The condition on a fact of the period to stand in the `numerator` or `denominator` of an indicator."""
    indicator = declared.indicator
    numerator, denominator = condition(indicator.numerator), condition(indicator.denominator)
    parts: dict[str, dict[str, tuple[str, ...]]] = {
        "rate": {"numerator": (denominator, numerator), "denominator": (denominator,)},
        "count": {"numerator": (numerator,), "denominator": (numerator,)},
        "average": {
            "numerator": (denominator, f"{numerator} IS NOT NULL"),
            "denominator": (denominator, f"{numerator} IS NOT NULL"),
        },
    }
    return " AND ".join(parts[indicator.kind][part])


def _aggregates(declared: Declared) -> tuple[str, str]:
    above = counted(declared, "numerator")
    below = f"count(*) FILTER (WHERE {counted(declared, 'denominator')})"
    if declared.indicator.kind == "average":
        value = condition(declared.indicator.numerator)
        return f"coalesce(sum({value}) FILTER (WHERE {above}), 0)", below
    return f"count(*) FILTER (WHERE {above})", below


def figures_of_dataset(number: int, asked: Sequence[Declared], question: Question, reach: Reach) -> Statement:
    """(number, period, group's place or -1, group's value, sums) of one dataset's indicators.

    `sums` holds numerator and denominator of each indicator in turn; all indicators here share one dataset.
    """
    dataset = asked[0].dataset
    assert dataset is not None
    groups = [group for group in question.groups if any(one.allows(group) for one in asked)]
    places = {group: question.groups.index(group) for group in groups}
    columns = "".join(f", {group_expression(dataset, group)} AS _g{places[group]}" for group in groups)
    sets = "".join(f", (_no, _g{places[group]})" for group in groups)
    which = "".join(f" WHEN GROUPING(_g{n}) = 0 THEN {n}" for n in places.values())
    value = "".join(f" WHEN GROUPING(_g{n}) = 0 THEN _g{n}" for n in places.values())
    sums = ", ".join(part for one in asked for part in _aggregates(one))
    reached, wanted, over = in_reach(dataset, reach), narrowed(dataset, question), spans(question)
    text = f"""SELECT {number}, _no, {f"CASE{which} ELSE -1 END" if groups else "-1"},
  {f"CASE{value} ELSE '' END" if groups else "''"},
  ARRAY[{sums}]::numeric[]
FROM (
  SELECT facts.*, span.*{columns}
  FROM {table_of(asked[0].dataset_key)} AS facts
  JOIN {over.text} ON {in_span(dataset)}
  WHERE {reached.text} AND {wanted.text}
) AS facts
GROUP BY GROUPING SETS ((_no){sets})"""
    return Statement(text, (*over.values, *reached.values, *wanted.values))


def joined(statements: Sequence[Statement]) -> Statement:
    """All in one."""
    text = "\nUNION ALL\n".join(statement.text for statement in statements)
    return Statement(text, tuple(value for statement in statements for value in statement.values))
