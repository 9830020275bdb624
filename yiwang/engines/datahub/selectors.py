"""What is known of the datasets: their state, how far they reach, and whether their checks hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from yiwang.engines.datahub.models import DatasetState
from yiwang.engines.datahub.refreshing import count_rows
from yiwang.engines.datahub.spec import Dataset
from yiwang.engines.datahub.tables import datasets, statement_of, table_of
from yiwang.engines.directory.api import Actor
from yiwang.kernel.clock import now
from yiwang.kernel.errors import NotAllowed

READ_FACTS = "facts.read"
"""The verb of whoever may look at figures and the rows behind them, over the divisions of the post."""
_PENDING = "SELECT source, min(at) FROM datahub_change GROUP BY source"


@dataclass(frozen=True)
class Known:
    """One dataset. `reaches` is the instant up to which every change is in the facts; None before the first filling."""

    key: str
    dataset: Dataset
    statement: str
    reaches: datetime | None
    built_at: datetime | None
    fault: str
    findings: tuple[tuple[str, int], ...]

    @property
    def is_ready(self) -> bool:
        return self.built_at is not None and not self.fault


def may_read(actor: Actor) -> bool:
    """Whether the actor may look at figures at all; of which divisions or unit, its reach says."""
    reach = actor.reach(READ_FACTS)
    return bool(reach.divisions or reach.organisations)


def known_datasets(actor: Actor) -> dict[str, Known]:
    """Every dataset by its key, for whoever may look at figures at all; NotAllowed for others. Two statements."""
    if not may_read(actor):
        raise NotAllowed
    states = {state.key: state for state in DatasetState.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        pending: dict[str, datetime] = dict(cursor.fetchall())
    return {key: _known(key, dataset, states.get(key), pending) for key, dataset in datasets().items()}


def _known(key: str, dataset: Dataset, state: DatasetState | None, pending: Mapping[str, datetime]) -> Known:
    text = statement_of(key, dataset)
    if state is None or state.built_at is None:
        return Known(key, dataset, text, None, None, state.fault if state else "", ())
    waiting = [pending[source.table] for source in dataset.sources if source.table in pending]
    reaches = min(waiting, default=now())
    findings = tuple((str(title), int(count)) for title, count in state.findings)
    return Known(key, dataset, text, reaches, state.built_at, state.fault, findings)


def check(key: str) -> list[tuple[str, int]]:
    """(title, rows) of the dataset's checks that fail: empty keys, conditions, and numbers that do not agree.

    For a tally the rows are how many facts are too many (positive) or missing (negative).
    """
    dataset, table, failed = datasets()[key], table_of(key), []
    conditions = {f"主键 {name} 不为空": f"{name} IS NOT NULL" for name in dataset.keys} | dict(dataset.holds)
    counts = ", ".join(f"count(*) FILTER (WHERE ({condition}) IS NOT TRUE)" for condition in conditions.values())
    distinct = f"count(*) - count(DISTINCT ({', '.join(dataset.keys)}))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}, {distinct} FROM {table}")
        for title, count in zip([*conditions, "主键不重复"], cursor.fetchone(), strict=True):
            failed += [(title, int(count))] if count else []
    rows = count_rows(key)
    for title, statement in dataset.tallies.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            difference = rows - int(cursor.fetchone()[0])
        failed += [(title, difference)] if difference else []
    return failed


def check_all() -> int:
    """Check every filled dataset and keep what failed; how many were checked."""
    filled = list(DatasetState.objects.exclude(built_at=None).values_list("key", flat=True))
    for key in (key for key in filled if key in datasets()):
        DatasetState.objects.filter(key=key).update(findings=check(key), checked_at=now())
    return len(filled)
