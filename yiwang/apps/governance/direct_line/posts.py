"""Who works on the direct line: the desk, the offices that answer, and the few who may open a sealed appeal."""

from __future__ import annotations

from yiwang.engines.directory.spec import Role

DESK, CALLBACKS, SEALED, ARTICLES = "call_desk", "call_back", "open_sealed", "edit_articles"
"""Verbs of this app's own pages, beside those of cases."""
UNITS = {
    "government": "政府办公室", "urban": "城管", "traffic": "交通", "water": "水务", "power": "供电", "housing": "住建",
    "police": "公安",
}  # fmt: skip
"""Kinds of office an appeal may be sent to (a proposal: each district has its own list)."""

OPERATOR = Role(
    key="operator",
    title="话务员",
    at=("data",),
    may=(
        "open", "cancel", "transfer", "extend", "refuse_extension", "merge", "see_personal", "emergency.transfer", DESK,
    ),
)  # fmt: skip
CALLER = Role(key="callback_clerk", title="回访员", at=("data",), may=("see_personal", CALLBACKS))
LEADER = Role(
    key="line_leader",
    title="直通车值班长",
    at=("data",),
    may=(
        "supervise", "lift_supervision", "suspend", "resume", "extend", "refuse_extension", "cancel", "transfer",
        "merge", "see_personal", "facts.read", DESK, CALLBACKS,
    ),
)  # fmt: skip
MERGING_CLERK = Role(key="merging_clerk", title="并案员", also=("town",), at=("data",), may=("merge",))
"""Merges appeals, with each other and into city incidents, and does nothing else: a post beside the own one of a clerk
of the call desk or a dispatcher. Each of the two types names it among those who watch."""
TOWN_HANDLER = Role(
    key="town_handler", title="镇街承办员", scope="town", sees="organisation", at=tuple(UNITS), may=("see_personal",)
)
BUREAU_HANDLER = Role(
    key="bureau_handler", title="部门承办员", sees="organisation", at=tuple(UNITS), may=("see_personal",)
)
KEEPER = Role(
    key="sealed_keeper",
    title="密件专员",
    at=("data",),
    may=("open", "cancel", "extend", "refuse_extension", "see_personal", SEALED),
)
SEALED_HANDLER = Role(key="sealed_handler", title="密件承办员", sees="organisation", at=tuple(UNITS))
EDITOR = Role(key="knowledge_editor", title="知识库编辑", at=("data",), may=(ARTICLES,))
ROLES = (OPERATOR, CALLER, LEADER, MERGING_CLERK, TOWN_HANDLER, BUREAU_HANDLER, KEEPER, SEALED_HANDLER, EDITOR)
