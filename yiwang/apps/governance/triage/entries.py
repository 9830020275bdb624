"""Where triage stands in the rail."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.apps.governance.triage.rights import EDIT_TRIAGE, LEARN, TRANSFER
from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation

HEADING = gettext_noop("警情分流")


def _needs(verbs: tuple[str, ...]) -> Callable[[HttpRequest], bool]:
    return lambda request: any(actor_of(request).scopes(verb) for verb in verbs)


def register() -> None:
    """Called once at start."""
    entries = (
        ("transfers", gettext_noop("警情移交"), "send", (TRANSFER,)),
        ("try_out", gettext_noop("识别试算"), "search", (TRANSFER, EDIT_TRIAGE)),
        ("models", gettext_noop("类别建议模型"), "chart", (LEARN,)),
    )
    for order, (name, title, icon, verbs) in enumerate(entries, start=300):
        navigation.register(
            navigation.NavItem(
                key=f"triage_{name}", title=title, url_name=f"triage:{name}", icon=icon, group=HEADING,
                needs=_needs(verbs), order=order,
            )
        )  # fmt: skip
