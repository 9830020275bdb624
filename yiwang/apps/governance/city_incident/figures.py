"""The report's figures of city incidents, counted from the records."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

_COUNTED = """SELECT count(*),
    count(*) FILTER (WHERE status = 'closed' AND closed_at <= now()),
    count(*) FILTER (WHERE status = 'closed' OR due_at < now())
FROM cases_case WHERE type = 'city_incident.incident' AND status <> 'cancelled'"""
"""Incidents; those closed by now; those that are closed or were due."""


def counted() -> Mapping[str, tuple[str, float]]:
    """By key of `App.figures`: title and value."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        incidents, closed, due = cursor.fetchone()
    return {
        "incidents": ("问题和事件", incidents),
        "closure_rate": ("总办结率（办结 ÷ 应办结）", closed / due if due else 0.0),
    }
