"""The door to facts: keep them fresh, and know how far they reach. Figures are counted by the cockpit."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.engines.datahub.models import DatasetState
from yiwang.engines.datahub.refreshing import rebuild, refresh, take_changes
from yiwang.engines.datahub.selectors import READ_FACTS, Known, check, check_all, known_datasets, may_read
from yiwang.engines.datahub.tables import datasets, ensure_tables, table_of

__all__ = [
    "READ_FACTS", "DatasetState", "Known", "check", "check_all", "datasets", "duties", "ensure_tables",
    "known_datasets", "may_read", "rebuild", "refresh", "table_of", "take_changes",
]  # fmt: skip


def duties() -> list[tuple[str, Callable[[], int], float]]:
    """What the worker does for datahub: title, a portion of work, pause in seconds when there was none."""
    return [("facts", refresh, 1.0), ("checks of facts", _checked, 3600.0)]


def _checked() -> int:
    """Check, and say that nothing is left to do: otherwise the worker would come again at once."""
    check_all()
    return 0
