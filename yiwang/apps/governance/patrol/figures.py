"""The report's figures of the patrol, counted from its records."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.apps.governance.patrol.models import Visit


def counted() -> Mapping[str, tuple[str, float]]:
    """By key of `App.figures`: title and value. Duplicates and refused check-ins are no visits."""
    done = Visit.objects.filter(status="done")
    return {"visits": ("巡查", done.count()), "findings": ("巡查发现", done.exclude(finding="").count())}
