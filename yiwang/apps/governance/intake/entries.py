"""Where intake stands in the rail."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.apps.governance.intake.rights import READ
from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation

HEADING = gettext_noop("事件上报")


def may_read(request: HttpRequest) -> bool:
    """Whether the actor works with what comes in."""
    return bool(actor_of(request).scopes(READ))


def register() -> None:
    """Called once at start."""
    entries = (("arrivals", gettext_noop("收件"), "inbox"), ("places", gettext_noop("地址查找"), "pin"))
    for order, (name, title, icon) in enumerate(entries, start=280):
        navigation.register(
            navigation.NavItem(
                key=f"intake_{name}", title=title, url_name=f"intake:{name}", icon=icon, group=HEADING, needs=may_read,
                order=order,
            )
        )  # fmt: skip
