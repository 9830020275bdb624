"""From a figure to the facts it was counted from, page by page, by the same conditions the figure was counted with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yiwang.engines.cockpit.indicators.asking import (
    Question,
    Statement,
    counted,
    in_reach,
    in_span,
    narrowed,
    spans,
)
from yiwang.engines.cockpit.indicators.figures import declared_indicator
from yiwang.engines.datahub.api import READ_FACTS, known_datasets, table_of
from yiwang.engines.datahub.spec import Dataset
from yiwang.engines.directory.api import Actor
from yiwang.kernel.errors import InvalidInput, Unavailable

PARTS = ("numerator", "denominator", "rest")
"""Facts above the line, below it, and those below that are not above."""
PAGE = 50


@dataclass(frozen=True)
class FactPage:
    """Facts as mappings by column. `next` continues after the last one, '' at the end."""

    dataset: Dataset
    facts: tuple[dict[str, Any], ...]
    next: str


def facts_behind(actor: Actor, question: Question, part: str, after: str = "", *, limit: int = PAGE) -> FactPage:
    """The facts behind the question's first indicator in its first period, oldest first, as far as the actor reaches.

    One statement. InvalidInput for an unknown part or a mark that is none of ours.
    """
    declared = declared_indicator(question.indicators[0])
    known = known_datasets(actor).get(declared.dataset_key)
    if known is None or not known.is_ready or declared.dataset is None:
        raise Unavailable("统计数据还没有准备好。", next_step="请稍后刷新。")
    if part not in PARTS:
        raise _wrong("part")
    dataset, asked = declared.dataset, replace(question, periods=question.periods[:1])
    where = _in_part(part, counted(declared, "numerator"), counted(declared, "denominator"))
    over, reached, wanted = spans(asked), in_reach(dataset, actor.reach(READ_FACTS)), narrowed(dataset, asked)
    follow = _following(dataset, dataset.at, after)
    order = ", ".join((dataset.at, *dataset.keys))
    text = (
        f"SELECT {', '.join(f'facts.{name}' for name in dataset.column_names)}\n"
        f"FROM {table_of(declared.dataset_key)} AS facts JOIN {over.text} ON {in_span(dataset)}\n"
        f"WHERE {where}\n  AND {reached.text} AND {wanted.text} AND {follow.text}\nORDER BY {order} LIMIT {limit + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, (*over.values, *reached.values, *wanted.values, *follow.values))
        rows = [dict(zip(dataset.column_names, row, strict=True)) for row in cursor.fetchall()]
    more = _mark(dataset, dataset.at, rows[limit - 1]) if len(rows) > limit else ""
    return FactPage(dataset, tuple(rows[:limit]), more)


def _in_part(part: str, numerator: str, denominator: str) -> str:
    if part == "rest":
        return f"{denominator} AND ({numerator}) IS NOT TRUE"
    return numerator if part == "numerator" else denominator


def _mark(dataset: Dataset, at: str, row: dict[str, Any]) -> str:
    """Where a page ends: the instant and the keys of its last fact."""
    return "|".join((row[at].isoformat(), *(str(row[name]) for name in dataset.keys)))


def _following(dataset: Dataset, at: str, after: str) -> Statement:
    if not after:
        return Statement("true", ())
    instant, *keys = after.split("|")
    casts = {"id": "uuid", "whole": "bigint", "number": "numeric"}
    kinds = [casts.get(dataset.column(name).kind, "text") for name in dataset.keys]
    try:
        datetime.fromisoformat(instant)
        values = [_checked(kind, key) for kind, key in zip(kinds, keys, strict=True)]
    except ValueError:
        raise _wrong("after") from None
    marks = ", ".join(("%s::timestamptz", *(f"%s::{kind}" for kind in kinds)))
    return Statement(f"({', '.join((at, *dataset.keys))}) > ({marks})", (instant, *values))


def _checked(kind: str, key: str) -> str:
    return str(UUID(key)) if kind == "uuid" else key if kind == "text" else str(int(key))


def _wrong(path: str) -> InvalidInput:
    return InvalidInput([{"path": path, "code": "UNKNOWN", "message": "地址有误。"}], "地址有误。")
