"""Fact tables and triggers, made from declarations. Every name in this SQL comes from a checked declaration."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from django.db import connection, transaction

from yiwang.engines.datahub.models import DatasetState
from yiwang.engines.datahub.spec import KINDS, Dataset, Source, type_of
from yiwang.kernel import app as kernel_app
from yiwang.kernel.errors import SpecError, did_you_mean

_NO_KEYS = "SELECT NULL::{kind} AS key WHERE false"
_NOTE = """
BEGIN
    INSERT INTO datahub_change (source, key) SELECT '{table}', {key}::text FROM touched WHERE {where};
    RETURN NULL;
END
"""
_FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${note}$$"
_TRIGGER = """
CREATE OR REPLACE TRIGGER {name}_{verb} AFTER {verb} ON {table}
REFERENCING {image} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION {name}()"""
_IMAGES = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
_FOLLOWING = """
SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE tgrelid = %s::regclass AND proname = %s AND prosrc = %s"""
"""Triggers of a table that note what they should."""


def datasets() -> Mapping[str, Dataset]:
    """Every declared dataset by its qualified key."""
    return kernel_app.registry.parts(Dataset)


def table_of(key: str) -> str:
    """Name of the fact table of a qualified key."""
    return f"fact_{key.replace('.', '_')}"


def statement_of(key: str, dataset: Dataset) -> str:
    """The SQL that asks for the facts: the declared text, or the file of the app's folder without its comments."""
    app = kernel_app.registry.apps[key.partition(".")[0]]
    return dataset.statement or _written(app.net, app.key, dataset.key)


@lru_cache(maxsize=256)
def _written(net: str, app: str, key: str) -> str:
    place = files(f"yiwang.apps.{net}.{app}") / "datasets" / f"{key}.sql"
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        where = f"yiwang/apps/{net}/{app}/datasets/{key}.sql"
        raise SpecError(f"Dataset '{app}.{key}'", f"{where} is missing.", "Write its SQL there.") from None
    return "\n".join(line for line in lines if not line.lstrip().startswith("--"))


def _declaration(key: str, dataset: Dataset) -> str:
    facts = (statement_of(key, dataset), dataset.columns, dataset.keys, dataset.sources, dataset.at, dataset.division)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@lru_cache(maxsize=8)
def _declarations(registry: kernel_app.Registry) -> Mapping[str, str]:
    """SHA-256 of each dataset as it is declared; the worker asks every second."""
    return {key: _declaration(key, dataset) for key, dataset in registry.parts(Dataset).items()}


def ensure_tables() -> tuple[str, ...]:
    """Make the table of each dataset that has none or was declared anew; the keys of those made.

    SpecError when the SQL does not answer with the declared columns.
    """
    known, wanted = dict(DatasetState.objects.values_list("key", "sha256")), _declarations(kernel_app.registry)
    made = tuple(key for key, sha256 in wanted.items() if known.get(key) != sha256)
    if made:
        with transaction.atomic():
            for key in made:
                _make(key, datasets()[key])
                DatasetState(key=key, sha256=wanted[key]).save()  # Not filled, nothing tried, no fault.
    return made


def _make(key: str, dataset: Dataset) -> None:
    table = table_of(key)
    columns = ", ".join(f'"{column.key}" {KINDS[column.kind]}' for column in dataset.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(f"CREATE TABLE {table} ({columns}, PRIMARY KEY ({', '.join(dataset.keys)}))")
        cursor.execute(f"CREATE INDEX ON {table} ({dataset.at}, {', '.join(dataset.keys)})")
        none = _NO_KEYS.format(kind=type_of(dataset.sources[0].kind))
        cursor.execute(f"WITH changed AS ({none}) SELECT * FROM ({statement_of(key, dataset)}) AS facts LIMIT 0")
        told = [column.name for column in cursor.description]
    for name in dataset.column_names:
        if name not in told:
            raise SpecError(f"Dataset '{key}'", f"its SQL answers no column '{name}'.", did_you_mean(name, told))


def sources_of(chosen: Iterable[Dataset]) -> dict[str, list[Source]]:
    """The tables the datasets follow, each with all that is said of it."""
    found: dict[str, list[Source]] = {}
    for dataset in chosen:
        for source in dataset.sources:
            found.setdefault(source.table, []).append(source)
    return found


@transaction.atomic
def follow(tables: Iterable[str]) -> None:
    """Let changes of these tables be noted from now on. Where something new is to be noted it waits until writers under
    way have ended, so none is missed; where all is noted already nobody waits.

    What a trigger notes depends on all datasets, not only on those about to be filled.
    """
    declared = sources_of(datasets().values())
    with connection.cursor() as cursor:
        for table in sorted(tables):
            where = " OR ".join(dict.fromkeys(f"({source.where})" for source in declared[table]))
            name, note = f"datahub_note_{table}", _NOTE.format(table=table, key=declared[table][0].key, where=where)
            cursor.execute(_FOLLOWING, [table, name, note])
            if cursor.fetchone()[0] < len(_IMAGES):
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
                cursor.execute(_FUNCTION.format(name=name, note=note))
                for verb, image in _IMAGES.items():
                    cursor.execute(_TRIGGER.format(name=name, table=table, verb=verb, image=image))
