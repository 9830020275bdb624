"""Whose credit is kept: offices and towns from the first day, inspectors and firms when something is told of them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction

from yiwang.apps.governance.credit.models import Subject
from yiwang.apps.governance.credit.sql import statement
from yiwang.engines.directory.api import district_code
from yiwang.engines.trust.api import GENESIS, stream_named
from yiwang.kernel.ids import new_id

Wanted = tuple[str, str, str, str]
"""(kind, key, name, division); an empty name or division is looked up in the directory."""


@transaction.atomic
def keep(wanted: Iterable[Wanted]) -> dict[tuple[str, str], UUID]:
    """The ids of these subjects by kind and key; those not kept yet are added. Nobody known is left out."""
    asked = {(kind, key): (name, division) for kind, key, name, division in wanted}
    if not asked:
        return {}
    with connection.cursor() as cursor:
        kinds, keys = ([pair[place] for pair in asked] for place in (0, 1))
        cursor.execute(statement("identities"), {"kinds": kinds, "keys": keys})
        found = {(kind, key): (name, division, office) for kind, key, name, division, office in cursor.fetchall()}
    rows = []
    for (kind, key), (name, division) in asked.items():
        known = found.get((kind, key), ("", "", None))
        if (known[0] or name) and (known[1] or division):
            rows.append(_subject(kind, key, known[0] or name, known[1] or division, known[2]))
    Subject.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    kept = Subject.objects.filter(kind__in={kind for kind, _ in asked}, key__in=[key for _, key in asked])
    return {(kind, key): id for kind, key, id in kept.values_list("kind", "key", "id")}


def keep_offices() -> int:
    """Every office and every town of the district, whatever is told of them; how many were new."""
    with connection.cursor() as cursor:
        cursor.execute(statement("offices"), {"district": district_code()})
        found = cursor.fetchall()
    rows = [_subject(*row) for row in found]
    Subject.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    return len(rows)


def _subject(kind: str, key: str, name: str, division: str, organisation: int | None) -> Subject:
    return Subject(
        id=new_id(), kind=kind, key=key, name=name[:120], division=division, organisation=organisation,
        stream=stream_named(f"credit/{kind}/{key}"), hash=GENESIS,
    )  # fmt: skip
