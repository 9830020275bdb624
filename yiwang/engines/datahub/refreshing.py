"""Bringing facts up to date: what changed since, a few at a time; or everything, from nothing.

Changed keys are noted by triggers in the transaction that changes them and taken here once it has committed, so no
concurrent writer is missed and no instant has to be trusted. One worker at a time: the others find nothing to do.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import Error, connection, transaction

from yiwang.engines.datahub.models import DatasetState
from yiwang.engines.datahub.spec import Dataset, Source, type_of
from yiwang.engines.datahub.tables import datasets, ensure_tables, follow, sources_of, statement_of, table_of
from yiwang.kernel.clock import now

log = logging.getLogger("yiwang.datahub")
MOST = 20_000
"""Keys of one statement: enough to be set-based, few enough for the memory of a small server."""
BULK = 100_000
"""More changes than these and it is quicker to fill the table anew, as after a year's replay."""
AGAIN = timedelta(seconds=60)
"""How long a dataset whose SQL failed is left alone before the next try."""
_LOCK = 7_302_144_901  # Any number, the same in every process.
_IS_BEHIND = "SELECT EXISTS (SELECT FROM datahub_change)"
_TAKE = """
DELETE FROM datahub_change WHERE number IN (SELECT number FROM datahub_change ORDER BY number LIMIT %s)
RETURNING source, key"""
_UPSERT = """
WITH changed AS (SELECT DISTINCT key FROM unnest(%(keys)s::text[]::{kind}[]) AS key),
fresh AS MATERIALIZED (SELECT {columns} FROM ({statement}) AS facts),
gone AS (
    DELETE FROM {table} AS old USING changed WHERE old.{key} = changed.key
    AND NOT EXISTS (SELECT FROM fresh WHERE {same})
)
INSERT INTO {table} AS old ({columns}) SELECT {columns} FROM fresh
ON CONFLICT ({keys}) DO UPDATE SET {assigned} WHERE ({old}) IS DISTINCT FROM ({new})"""
_INSERT = """
WITH changed AS (SELECT key FROM unnest(%(keys)s::text[]::{kind}[]) AS key)
INSERT INTO {table} ({columns}) SELECT {columns} FROM ({statement}) AS facts"""


def refresh() -> int:
    """Bring every dataset up to date; how many changes were taken or rows filled, 0 when another worker is at it."""
    return fill_missing() + take_changes()


def fill_missing() -> int:
    """Fill the datasets whose table is empty because it is new or was declared anew."""
    ensure_tables()
    late = DatasetState.objects.filter(built_at=None).values_list("key", "tried_at")
    ready = [key for key, tried_at in late if key in datasets() and (not tried_at or now() - tried_at > AGAIN)]
    return sum(rebuild(key) for key in ready)


def rebuild(key: str) -> int:
    """Fill one dataset from nothing; its number of rows. Readers see the old rows until all new ones are there."""
    dataset = datasets()[key]
    follow(sources_of([dataset]))
    with transaction.atomic():
        if not _is_mine():
            return 0
        _refill(key, dataset)
        return count_rows(key)


def _refill(key: str, dataset: Dataset) -> None:
    _guarded(key, partial(_fill, key, dataset), built_at=now(), tried_at=now())


def _fill(key: str, dataset: Dataset) -> None:
    statement = _filled(_INSERT, key, dataset)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table_of(key)}")
        for keys in _all_keys(dataset.sources[0]):
            cursor.execute(statement, {"keys": keys})
        cursor.execute(f"ANALYZE {table_of(key)}")


def take_changes() -> int:
    """Take what was noted and bring the facts it touches up to date; how many changes were taken.

    The notes are gone only when all that follows has been written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IS_BEHIND)  # Most seconds nothing is, and then no transaction is begun.
        return _take() if cursor.fetchone()[0] else 0


@transaction.atomic
def _take() -> int:
    if not _is_mine():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM datahub_change LIMIT %s) AS noted", [BULK])
        is_bulk = cursor.fetchone()[0] >= BULK
        cursor.execute(_TAKE, [None if is_bulk else MOST])
        taken: list[tuple[str, str]] = cursor.fetchall()
    if taken:
        _carry(taken, is_bulk)
    return len(taken)


def _carry(taken: list[tuple[str, str]], is_bulk: bool) -> None:
    built = set(DatasetState.objects.exclude(built_at=None).values_list("key", flat=True))
    changed: dict[str, list[str]] = defaultdict(list)
    for table, changed_key in taken:
        changed[table].append(changed_key)
    for key, dataset in datasets().items():
        if key not in built or changed.keys().isdisjoint(source.table for source in dataset.sources):
            continue
        if is_bulk:
            _refill(key, dataset)
        else:
            _guarded(key, partial(_bring, key, dataset, changed))


def _guarded(key: str, work: Callable[[], None], **done: datetime) -> None:
    """Do the work or leave the facts as they were; SQL that fails concerns its own dataset only, which is told."""
    state = DatasetState.objects.filter(key=key)
    try:
        with transaction.atomic():
            work()
    except Error as error:
        log.exception("Dataset %s: its SQL failed", key)
        state.update(fault=str(error)[:2000], built_at=None, tried_at=now())
        return
    state.update(fault="", refreshed_at=now(), **done)


def _bring(key: str, dataset: Dataset, changed: Mapping[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        keys: set[str] = set()
        for source in dataset.sources:
            keys |= _touched(cursor, source, changed.get(source.table, []))
        if keys:
            cursor.execute(_filled(_UPSERT, key, dataset), {"keys": sorted(keys)})


def _touched(cursor: Any, source: Source, keys: list[str]) -> set[str]:
    if not keys or not source.reaches:
        return set(keys)
    kind = type_of(source.kind)
    cursor.execute(
        f"WITH changed AS (SELECT DISTINCT key FROM unnest(%s::text[]::{kind}[]) AS key) "
        f"SELECT key::text FROM ({source.reaches}) AS reached (key) WHERE key IS NOT NULL",
        [keys],
    )
    return {key for (key,) in cursor.fetchall()}


def _all_keys(source: Source) -> Iterator[list[str]]:
    """Keys of all rows that matter, in order, in portions."""
    statement = (
        f"SELECT {source.key} FROM {source.table} WHERE ({source.where}) AND (%(last)s IS NULL OR "
        f"{source.key} > %(last)s::text::{type_of(source.kind)}) ORDER BY {source.key} LIMIT {MOST}"
    )
    last: str | None = None
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"last": last})
            keys = [str(key) for (key,) in cursor.fetchall()]
        if keys:
            last = keys[-1]
            yield keys
        if len(keys) < MOST:
            return


def _filled(form: str, key: str, dataset: Dataset) -> str:
    names, others = dataset.column_names, [name for name in dataset.column_names if name not in dataset.keys]

    def listed(prefix: str, chosen: Iterable[str]) -> str:
        return ", ".join(f"{prefix}{name}" for name in chosen)

    return form.format(
        table=table_of(key), kind=type_of(dataset.sources[0].kind), columns=listed("", names), key=dataset.keys[0],
        keys=listed("", dataset.keys), same=" AND ".join(f"fresh.{name} = old.{name}" for name in dataset.keys),
        assigned=", ".join(f"{name} = excluded.{name}" for name in others), old=listed("old.", others),
        new=listed("excluded.", others), statement=statement_of(key, dataset).replace("%", "%%"),
    )  # fmt: skip


def _is_mine() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def count_rows(key: str) -> int:
    """How many facts there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table_of(key)}")
        return int(cursor.fetchone()[0])
