"""Where the statistics stand in the rail; who may not read figures does not see them."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.engines.datahub.api import READ_FACTS
from yiwang.engines.directory.api import Actor
from yiwang.ui.navigation import NavItem
from yiwang.ui.navigation import register as add

HEADING = "统计考核"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _reads(request: HttpRequest) -> bool:
    reach = actor_of(request).reach(READ_FACTS)
    return bool(reach.divisions or reach.organisations)


def register() -> None:
    """Called once at start."""
    entries = (
        ("league", "全闭环统计", "chart"),
        ("scores", "考核评分", "star"),
        ("frozen_list", "冻结与更正", "shield"),
        ("data", "统计数据", "table"),
    )
    for order, (name, title, icon) in enumerate(entries, start=300):
        add(
            NavItem(
                key=f"performance-{name}", title=title, url_name=f"performance:{name}", icon=icon, group=HEADING,
                needs=_reads, order=order,
            )
        )  # fmt: skip
