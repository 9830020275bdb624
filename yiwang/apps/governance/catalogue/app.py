"""城市管理类别与部件 catalogue (R25): classes of 部件 and 事件, when each counts and how soon it must be put right.

Classes and limits of the first edition are a proposal in our own words; a city loads its own spreadsheet. The standard
(GB/T 30428.2) was not at hand: codes are data with effective dates, never constants.
"""

from __future__ import annotations

from yiwang.apps.governance.catalogue import facts
from yiwang.apps.governance.catalogue.classes import CATEGORIES, LEVELS
from yiwang.apps.governance.catalogue.rights import EDIT_CLASSES, EDIT_COMPONENTS
from yiwang.engines.directory.spec import Role
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.app import App

CLASS_KEEPER = Role(
    key="class_keeper", title="类别管理员", scope="district", may=(EDIT_CLASSES, EDIT_COMPONENTS), at=("urban",)
)
COMPONENT_KEEPER = Role(key="component_keeper", title="部件管理员", scope="town", may=(EDIT_COMPONENTS,), at=("urban",))
CLASSES = Book(
    key="classes",
    title="城市管理类别",
    hint="一行是一个小类的一个立案条件。编码以 C（部件）或 E（事件）开头，后接两位大类、两位小类。",
    edit_verb=EDIT_CLASSES,
    inputs=(
        Input("class_code", "类别编码", is_required=True, hint="如 C0101 上水井盖、E0102 暴露垃圾。"),
        Input("number", "条件序号", is_required=True, hint="同一小类的立案条件从 1 编起。"),
    ),
    outputs=(
        Output("group_title", "大类"),
        Output("title", "小类", is_required=True),
        Output("condition", "立案条件文字"),
        Output("evidence", "取证要求"),
        Output("handle_limit", "处置时限", kind="limit"),
        Output("whole_limit", "全程时限", kind="limit"),
        Output("closing", "结案条件"),
        Output("is_urgent", "是否紧急", kind="boolean"),
        Output("level", "处置层级", kind="choice", options=LEVELS, hint="小事不出村、中事不出镇、大事不出区。建议值。"),
        Output("category", "公众类别", kind="choice", options=CATEGORIES),
        Output("words", "俗称", hint="市民的叫法，用空格隔开，供查找。"),
    ),
)
FACTS = Advisor(key="facts", title="类别要素", function=facts.advise)
COMPONENT = Advisor(key="component", title="部件台账位置", function=facts.component)

APP = App(
    key="catalogue",
    title="城市管理类别与部件",
    net="governance",
    rows=("R25",),
    parts=(CLASS_KEEPER, COMPONENT_KEEPER, CLASSES, FACTS, COMPONENT),
)
