"""一个平台流转办理 one_platform (R47): matters of outside systems have one id here, and one status everywhere.

The clerk's inbox stays the list of tasks: what another system sends is an incident like any other. Connections, signed
events and conflicts are the engine's (`exchange`); here stands which type of case takes part and who keeps the
connections. Who keeps them is a proposal.
"""

from __future__ import annotations

from yiwang.apps.governance.one_platform.incidents import STAGES, VERBS, opening, telling
from yiwang.engines.directory.spec import Role
from yiwang.engines.exchange.api import EDIT_EXCHANGE
from yiwang.engines.exchange.spec import Participation
from yiwang.kernel.app import App

KEEPER = Role(key="keeper", title="平台对接管理员", scope="district", may=(EDIT_EXCHANGE,), at=("data",))
INCIDENTS = Participation(
    key="shared_incidents",
    title="跨平台事件",
    type="city_incident.incident",
    opening=opening,
    telling=telling,
    stages=STAGES,
    verbs=VERBS,
    reply="measure",
)

APP = App(
    key="one_platform",
    title="一个平台流转办理",
    net="governance",
    rows=("R47",),
    parts=(KEEPER, INCIDENTS),
)
