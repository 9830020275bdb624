"""Two books and people for the tests of this room."""

from __future__ import annotations

from tests.small_district import DISTRICT
from yiwang.engines.directory.api import Actor, Grant
from yiwang.engines.rulebooks import api
from yiwang.engines.rulebooks.spec import Book, Input, Output
from yiwang.kernel.app import App

LEVELS = {"village": "村居", "town": "镇街"}
CLASSES = Book(
    key="classes",
    title="类别",
    inputs=(Input("class_code", "类别代码", is_required=True), Input("condition", "条件序号")),
    outputs=(
        Output("limit", "时限", kind="limit", is_required=True),
        Output("level", "层级", kind="choice", options=LEVELS),
        Output("points", "分值", kind="number"),
        Output("most", "次数", kind="whole"),
        Output("urgent", "是否紧急", kind="boolean"),
        Output("note", "说明文字"),
    ),
)
MATRIX = Book(
    key="matrix",
    title="责任",
    inputs=(
        Input("class_code", "类别代码", match="prefix"),
        Input("place", "地点", match="prefix"),
        Input("level", "层级", options=LEVELS),
    ),
    outputs=(Output("lead", "主办", is_required=True), Output("co", "协办", kind="codes")),
    covers="trial.classes",
)
APP = App(key="trial", title="试验", net="governance", parts=(CLASSES, MATRIX))
CLASS_ROWS = [
    {"class_code": "C0101", "limit": "2紧急工作时", "level": "镇街"},
    {"class_code": "E0102", "limit": "3工作日"},
]
MATRIX_ROWS = [{"class_code": "C", "lead": "water"}, {"class_code": "E", "lead": "urban", "co": "police、town"}]


def person(number: int, *verbs: str) -> Actor:
    return Actor(number, f"人{number}", grants=(Grant("trial.keeper", frozenset(verbs), DISTRICT),))


WRITER, PUBLISHER, READER = person(1, api.EDIT_RULES), person(2, api.PUBLISH_RULES), person(9, "open")
