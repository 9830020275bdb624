"""Where the safety of electric bicycles stands in the rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.apps.governance.non_motor.kinds import IMPORT, READ, RECORD
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import NavItem
from yiwang.ui.navigation import register as add

HEADING = gettext_noop("非机动车整治")


def _holds(verb: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(actor_of(request).scopes(verb))


def register() -> None:
    """Called once at start."""
    named = (
        ("record", gettext_noop("登记违规"), "camera", RECORD), ("violations", gettext_noop("违规记录"), "list", READ),
        ("offenders", gettext_noop("多次违规"), "users", READ), ("hot_spots", gettext_noop("热点对比"), "map", READ),
        ("import", gettext_noop("导入名单"), "upload", IMPORT),
    )  # fmt: skip
    for order, (name, title, icon, verb) in enumerate(named, start=360):
        add(
            NavItem(key=f"non-motor-{name}", title=title, url_name=f"non_motor:{name}", icon=icon, group=HEADING,
                    needs=_holds(verb), order=order)
        )  # fmt: skip
