"""Where the policies stand in the rail: beside the books they govern."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation


def _is_staff(request: HttpRequest) -> bool:
    return bool(actor_of(request).grants)


def register() -> None:
    """Called once at start."""
    navigation.register(
        navigation.NavItem(
            key="policies",
            title="制度文件",
            url_name="rulebook:policies",
            icon="file",
            group="规则制度",
            needs=_is_staff,
            order=641,
        )
    )
