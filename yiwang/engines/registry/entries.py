"""Where the registry stands in the rail. Divisions and the calendar are for all staff, the rest for who keeps it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from yiwang.engines.directory.api import EDIT_ORGANISATIONS, EDIT_STAFF, READ_PARTIES, actor_of
from yiwang.ui import navigation

HEADING = "通讯录与日历"


def holds(verb: str) -> Callable[[HttpRequest], bool]:
    """Whether the asker holds the verb anywhere; no SQL."""
    return lambda request: bool(actor_of(request).scopes(verb))


def _is_staff(request: HttpRequest) -> bool:
    return bool(actor_of(request).grants)


def register() -> None:
    """Called once at start."""
    entries: tuple[tuple[str, str, str, Callable[[HttpRequest], bool]], ...] = (
        ("organisations", "机构", "building", holds(EDIT_ORGANISATIONS)),
        ("staff", "人员", "users", holds(EDIT_STAFF)),
        ("parties", "当事人", "user", holds(READ_PARTIES)),
        ("divisions", "区划", "map", _is_staff),
        ("calendar", "工作日历", "calendar", _is_staff),
    )
    for order, (name, title, icon, needs) in enumerate(entries, start=700):
        navigation.register(
            navigation.NavItem(
                key=name, title=title, url_name=f"directory:{name}", icon=icon, group=HEADING, needs=needs, order=order
            )
        )
