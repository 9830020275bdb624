"""城市管理类别与部件 catalogue (R25): classes of 部件 and 事件, when each counts and how soon it must be put right.

Classes and limits of the first edition are a proposal in our own words; a city loads its own spreadsheet. The standard
(GB/T 30428.2) was not at hand: codes are data with effective dates, never constants.
"""

from __future__ import annotations

from yiwang.apps.governance.catalogue import facts
from yiwang.apps.governance.catalogue.rights import EDIT_CLASSES, EDIT_COMPONENTS
from yiwang.engines.directory.spec import Role
from yiwang.engines.processes.spec import Advisor
from yiwang.kernel.app import App

CLASS_KEEPER = Role(
    key="class_keeper", title="类别管理员", scope="district", may=(EDIT_CLASSES, EDIT_COMPONENTS), at=("urban",)
)
COMPONENT_KEEPER = Role(key="component_keeper", title="部件管理员", scope="town", may=(EDIT_COMPONENTS,), at=("urban",))
FACTS = Advisor(key="facts", title="类别要素", function=facts.advise)

APP = App(
    key="catalogue",
    title="城市管理类别与部件",
    net="governance",
    rows=("R25",),
    parts=(CLASS_KEEPER, COMPONENT_KEEPER, FACTS),
)
