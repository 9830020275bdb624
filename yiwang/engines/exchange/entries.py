"""What exchange listens to, its entry in the rail, and the check of its setting."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from yiwang.engines.cases.api import CaseMoved
from yiwang.engines.exchange.rights import EDIT_EXCHANGE
from yiwang.engines.exchange.services import telling
from yiwang.kernel.errors import ConfigurationError
from yiwang.kernel.events import subscribe
from yiwang.ui.navigation import NavItem, register

HEADING = "运行管理"


def _may_edit(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and any(EDIT_EXCHANGE in grant.verbs for grant in actor.grants)


def _check_networks() -> None:
    """A network that cannot be read would refuse every call: it stops the start instead."""
    for text in settings.YIWANG["YIWANG_EXCHANGE_NETWORKS"]:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ConfigurationError(
                f"YIWANG_EXCHANGE_NETWORKS: '{text}' is no network. Write networks like 10.1.0.0/16, joined by commas."
            ) from None


def connect() -> None:
    """Called once at start."""
    _check_networks()
    subscribe(CaseMoved, telling.heard)
    register(
        NavItem(
            key="exchange", title=gettext_noop("平台对接"), url_name="exchange:systems", icon="transfer",
            group=HEADING, needs=_may_edit, order=805,
        )
    )  # fmt: skip
