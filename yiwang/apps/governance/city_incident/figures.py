"""The report's figures of city incidents, counted from the records.

The report counts problems. A report merged into another is in none of its figures, neither as a problem, nor as due,
nor as closed: its main stands for it. It is counted by 重复案件率 (`standards.md` 1.4).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from yiwang.engines.gathering.api import IS_OWN_PROBLEM

_COUNTED = f"""SELECT count(*) FILTER (WHERE is_own),
    count(*) FILTER (WHERE is_own AND status = 'closed' AND closed_at <= now()),
    count(*) FILTER (WHERE is_own AND (status = 'closed' OR due_at < now())),
    count(*) FILTER (WHERE NOT is_own)
FROM (SELECT c.status, c.closed_at, c.due_at, {IS_OWN_PROBLEM} AS is_own FROM cases_case AS c
    WHERE c.type = 'city_incident.incident' AND c.status <> 'cancelled') AS incident"""
"""Incidents; those closed by now; those that are closed or were due; further reports of the same."""


def counted() -> Mapping[str, tuple[str, float]]:
    """By key of `App.figures`: title and value; the report says nothing of further reports."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        incidents, closed, due, merged = cursor.fetchone()
    return {
        "incidents": ("问题和事件", incidents),
        "closure_rate": ("总办结率（办结 ÷ 应办结）", closed / due if due else 0.0),
        "merged": ("另有重复上报（已并案）", merged),
    }
