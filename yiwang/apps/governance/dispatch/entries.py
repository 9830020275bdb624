"""Where the centres stand in the rail, and the panel of responders on the case page."""

from __future__ import annotations

from django.http import HttpRequest

from yiwang.apps.governance.dispatch.incidents import APP
from yiwang.apps.governance.dispatch.selectors.responders import handling_task, may_send
from yiwang.engines.cases.api import CaseView
from yiwang.engines.desk.api import CasePart, add_case_part
from yiwang.engines.directory.api import actor_of
from yiwang.ui.navigation import NavItem
from yiwang.ui.navigation import register as add


def _has_a_centre(request: HttpRequest) -> bool:
    """Posts of the incident's app; `centres` asks exactly, with the versions in force."""
    return any(grant.role.partition(".")[0] == APP for grant in actor_of(request).grants)


def _is_to_send(view: CaseView) -> bool:
    return view.state.status == "open" and may_send(view) and handling_task(view) is not None


def register() -> None:
    """Called once at start."""
    add(
        NavItem(
            key="dispatch_console", title="指挥调度", url_name="dispatch:console", icon="flow", group="",
            needs=_has_a_centre, order=15,
        )
    )  # fmt: skip
    add_case_part(CasePart(key="responders", title="就近派单", url_name="dispatch:responders", needs=_is_to_send))
