"""Where the catalogue stands in the rail; the public finds it from the page for reports."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.engines.directory.api import actor_of
from yiwang.ui import navigation

HEADING = "城市管理"


def _is_staff(request: HttpRequest) -> bool:
    return bool(actor_of(request).grants)


def register() -> None:
    """Called once at start."""
    for order, (name, title, icon) in enumerate(
        (("classes", "类别", "list"), ("components", "部件台账", "pin")), start=600
    ):
        navigation.register(
            navigation.NavItem(
                key=f"catalogue_{name}", title=title, url_name=f"catalogue:{name}", icon=icon, group=HEADING,
                needs=_is_staff, order=order,
            )
        )  # fmt: skip
    navigation.register(
        navigation.NavItem(
            key="catalogue_look_up", title="报什么", url_name="catalogue:look_up", group=navigation.PUBLIC, order=20
        )
    )
