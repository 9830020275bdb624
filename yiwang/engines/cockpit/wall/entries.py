"""Where the wall stands in the rail, above the map."""

from __future__ import annotations

from yiwang.engines.cockpit.map.entries import HEADING, watches
from yiwang.ui import navigation


def register() -> None:
    """Called once at start."""
    navigation.register(
        navigation.NavItem(
            key="wall", title="指挥大屏", url_name="cockpit:wall", icon="eye", group=HEADING, needs=watches, order=55
        )
    )
