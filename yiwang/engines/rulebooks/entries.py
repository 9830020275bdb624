"""Where rulebooks stand in the rail: for everybody with a post."""

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
            key="rulebooks",
            title="规则簿",
            url_name="rulebooks:books",
            icon="table",
            group="规则制度",
            needs=_is_staff,
            order=640,
        )
    )
