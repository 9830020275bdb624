"""Updates in the order of the time they are about, whatever order they came in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from yiwang.apps.governance.open311.asking import MOST_ROWS
from yiwang.apps.governance.open311.models import ApiKey, Update
from yiwang.apps.governance.open311.states import TITLES
from yiwang.engines.directory.api import Actor

_FIELDS = ("id", "submission__number", "status", "at", "description", "media_url", "key_id")


def updates(
    actor: Actor, begins: datetime | None, ends: datetime | None, numbers: tuple[str, ...], key: ApiKey | None
) -> list[dict[str, Any]]:
    """Ours for everybody; a program that names its key also reads what it sent itself."""
    shown = Q(key=None) | (Q(key=key) if key is not None else Q(pk__in=[]))
    found = Update.objects.filter(shown, submission__is_test=False)
    if begins is not None and ends is not None:
        found = found.filter(at__gte=begins, at__lte=ends)
    if numbers:
        found = found.filter(submission__number__in=numbers)
    return [_told(*row) for row in found.order_by("at", "id").values_list(*_FIELDS)[:MOST_ROWS]]


def _told(
    id: Any, number: str, status: str, at: datetime, description: str, media_url: str, key: Any
) -> dict[str, Any]:
    return {
        "update_id": str(id), "service_request_id": number, "status": status, "updated_datetime": at,
        "description": description if key is not None else gettext(TITLES[status]), "media_url": media_url,
    }  # fmt: skip
