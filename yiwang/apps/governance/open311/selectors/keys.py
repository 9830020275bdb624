"""Keys and reports of imports, for those who keep them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Count, Q

from yiwang.apps.governance.open311.models import ApiKey, Import
from yiwang.apps.governance.open311.rights import may_edit_services, may_keep_keys, require
from yiwang.engines.directory.api import Actor
from yiwang.kernel.errors import NotFound

MOST = 200


def kept_keys(actor: Actor) -> list[tuple[ApiKey, int]]:
    """Keys in use first, then the newest; with each the number of reports that came with it."""
    require(may_keep_keys(actor))
    counted = ApiKey.objects.annotate(reports=Count("submission", filter=Q(submission__is_test=False)))
    rows = list(counted.order_by("-made_at")[:MOST])
    return [(row, row.reports) for row in sorted(rows, key=lambda row: row.withdrawn_at is not None)]


def imports(actor: Actor) -> Sequence[Import]:
    """The last ones."""
    require(may_edit_services(actor))
    return list(Import.objects.order_by("-at")[:20])


def one_import(actor: Actor, import_id: UUID) -> Import:
    """The report of one."""
    require(may_edit_services(actor))
    row = Import.objects.filter(pk=import_id).first()
    if row is None:
        raise NotFound
    return row
