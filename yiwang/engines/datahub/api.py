"""The door to facts: keep them fresh, and know how far they reach. Figures are counted by the cockpit."""

from __future__ import annotations

from yiwang.engines.datahub.models import DatasetState
from yiwang.engines.datahub.refreshing import count_rows, rebuild, refresh, take_changes
from yiwang.engines.datahub.selectors import READ_FACTS, Known, check, check_all, known_datasets
from yiwang.engines.datahub.tables import datasets, ensure_tables, table_of

__all__ = [
    "READ_FACTS", "DatasetState", "Known", "check", "check_all", "count_rows", "datasets", "ensure_tables",
    "known_datasets", "rebuild", "refresh", "table_of", "take_changes",
]  # fmt: skip
