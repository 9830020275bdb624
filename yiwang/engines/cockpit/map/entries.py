"""Where the map stands in the rail: for whoever watches over the cases of a division."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation

HEADING = "一图统览"


def watches(request: HttpRequest) -> bool:
    """Whether a post reaches whole divisions; which cases lie there the page asks."""
    return any(grant.sees == "division" for grant in actor_of(request).grants)


def register() -> None:
    """Called once at start."""
    navigation.register(
        navigation.NavItem(
            key="map", title="办件地图", url_name="cockpit:map", icon="map", group=HEADING, needs=watches, order=60
        )
    )
