"""Where credit stands in the rail; who may not read it does not see it."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from yiwang.apps.governance.credit.selectors.seeing import reads
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import NavItem
from yiwang.ui.navigation import register as add

HEADING = gettext_noop("信用评价")


def register() -> None:
    """Called once at start."""
    named = (
        ("league", gettext_noop("信用榜单"), "star"), ("lists", gettext_noop("守信失信名单"), "shield"),
        ("objections", gettext_noop("异议与冻结"), "pause"), ("months", gettext_noop("已公布月份"), "calendar"),
    )  # fmt: skip
    for order, (name, title, icon) in enumerate(named, start=340):
        add(
            NavItem(
                key=f"credit-{name}", title=title, url_name=f"credit:{name}", icon=icon, group=HEADING,
                needs=lambda request: reads(actor_of(request)), order=order,
            )
        )  # fmt: skip
