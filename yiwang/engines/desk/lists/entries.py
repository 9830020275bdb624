"""Where the work lists stand in the frame: first entry of the rail, home of the staff, goal of the search."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.ui import navigation, shell


def _is_staff(request: HttpRequest) -> bool:
    return not request.actor.is_anonymous  # type: ignore[attr-defined]


def register() -> None:
    """Called once at start."""
    navigation.register(
        navigation.NavItem(
            key="work", title="工作台", url_name="desk:work", icon="inbox", group="", needs=_is_staff, order=10
        )
    )
    shell.configure(staff_home_url_name="desk:work", search_url_name="desk:work", home_url_name="desk:home")
