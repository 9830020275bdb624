"""Where the patrol stands in the rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation

HEADING = "网格巡查"


def _holds(verb: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(actor_of(request).scopes(verb))


def register() -> None:
    """Called once at start."""
    entries = (
        ("field", "巡查终端", "phone", "patrol"),
        ("coverage", "巡查覆盖", "chart", "supervise"),
        ("odd", "漏巡与重复", "alert", "supervise"),
        ("records", "三系统记录", "table", "supervise"),
    )
    for order, (name, title, icon, verb) in enumerate(entries, start=300):
        item = navigation.NavItem(
            key=f"patrol_{name}", title=title, url_name=f"patrol:{name}", icon=icon, group=HEADING, needs=_holds(verb),
            order=order,
        )  # fmt: skip
        navigation.register(item)
