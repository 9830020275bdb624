"""Where the interface stands in the frame."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from yiwang.apps.governance.open311.rights import may_edit_services, may_keep_keys
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import FOOTER, NavItem
from yiwang.ui.navigation import register as registered

HEADING = gettext_noop("开放接口")


def register() -> None:
    """Called once at start."""
    registered(
        NavItem(
            key="open311_keys", title=gettext_noop("接口密钥"), url_name="open311:keys", icon="key", group=HEADING,
            needs=lambda request: may_keep_keys(actor_of(request)), order=760,
        )
    )  # fmt: skip
    registered(
        NavItem(
            key="open311_import", title=gettext_noop("服务目录"), url_name="open311:import", icon="upload",
            group=HEADING, needs=lambda request: may_edit_services(actor_of(request)), order=761,
        )
    )  # fmt: skip
    registered(
        NavItem(
            key="open311", title=gettext_noop("开放接口"), url_name="open311:developers", group=FOOTER, order=60,
        )
    )  # fmt: skip
