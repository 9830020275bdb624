"""责任与派遣 dispatch (R39, R36, R48, R49): the matrix class × area × level names one lead and its co-handlers.

小事不出村、中事不出镇、大事不出区: a class begins on the level the catalogue gives it, an urgent one not below the
town, and rises by itself when its level has not settled it. Units and shares of the first edition are proposals: the
matrix of Nanhai is in no public page seen.
"""

from __future__ import annotations

from yiwang.apps.governance.dispatch.incidents import LEVELS, UNITS
from yiwang.apps.governance.dispatch.responsible import advise
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.app import App

RESPONSIBILITY = Book(
    key="responsibility",
    title="责任矩阵",
    hint="类别 × 区域 × 层级，各定一个主办单位和若干协办单位；代码可只写开头，写得长的优先。",
    covers="catalogue.classes",
    inputs=(
        Input("class_code", "类别代码", match="prefix"),
        Input("area", "区域代码", match="prefix"),
        Input("level", "层级", options=LEVELS),
    ),
    outputs=(
        Output("lead", "主办单位", kind="choice", options=UNITS, is_required=True),
        Output("co", "协办单位", kind="codes", options=UNITS),
    ),
)
RISING = Book(
    key="rising",
    title="逐级上报",
    hint="本级用掉处置时限的百分之多少仍未解决，就自动上报上一级；不写则不上报。",
    inputs=(
        Input("level", "层级", options=LEVELS),
        Input("urgency", "紧急程度", options={"ordinary": "一般", "urgent": "紧急"}),
    ),
    outputs=(Output("percent", "用掉时限的百分比", kind="whole", is_required=True),),
)
RESPONSIBLE = Advisor(key="responsible", title="责任单位", function=advise)

APP = App(
    key="dispatch",
    title="责任与派遣",
    net="governance",
    rows=("R36", "R39", "R48", "R49"),
    parts=(RESPONSIBILITY, RISING, RESPONSIBLE),
)
