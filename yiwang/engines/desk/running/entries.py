"""Where the keeping of the platform stands in the rail; only who holds its verbs sees it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from yiwang.engines.directory.api import EDIT_DEFINITIONS, RETRY_EFFECTS, actor_of
from yiwang.ui import navigation

HEADING = "运行管理"


def _holds(verb: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(actor_of(request).scopes(verb))


def register() -> None:
    """Called once at start."""
    entries = (
        ("definitions", "流程定义", "flow", EDIT_DEFINITIONS),
        ("effects", "待发事项", "send", RETRY_EFFECTS),
    )
    for order, (name, title, icon, verb) in enumerate(entries, start=800):
        needs = _holds(verb)
        navigation.register(
            navigation.NavItem(
                key=name, title=title, url_name=f"desk:{name}", icon=icon, group=HEADING, needs=needs, order=order
            )
        )
