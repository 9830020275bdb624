"""Where the direct line stands in the frame."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.apps.governance.direct_line.posts import ARTICLES, CALLBACKS, DESK
from yiwang.apps.governance.direct_line.selectors.rates import may_read
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import PUBLIC, NavItem
from yiwang.ui.navigation import register as registered

HEADING = gettext_noop("区长直通车")


def _holds(verb: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(actor_of(request).scopes(verb))


def register() -> None:
    """Called once at start."""
    entries = (
        ("line_desk", gettext_noop("话务台"), "desk", "phone", _holds(DESK)),
        ("line_callbacks", gettext_noop("回访台"), "callbacks", "comment", _holds(CALLBACKS)),
        ("line_articles", gettext_noop("知识库"), "articles", "file", _holds(ARTICLES)),
        ("line_rates", gettext_noop("三率"), "rates", "chart", lambda request: may_read(actor_of(request))),
    )
    for order, (key, title, name, icon, needs) in enumerate(entries, start=200):
        registered(
            NavItem(key=key, title=title, url_name=f"direct_line:{name}", icon=icon, group=HEADING, needs=needs,
                    order=order)
        )  # fmt: skip
    registered(
        NavItem(
            key="line_knowledge",
            title=gettext_noop("常见问答"),
            url_name="direct_line:knowledge",
            group=PUBLIC,
            order=40,
        )
    )
