"""Where the statistics stand in the rail; who may not read figures does not see them."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.engines.datahub.api import may_read
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import NavItem
from yiwang.ui.navigation import register as add

HEADING = "统计考核"


def _reads(request: HttpRequest) -> bool:
    return may_read(actor_of(request))


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
