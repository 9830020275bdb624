"""Which case may stand for which: one of the same type, or of a type that its own names (`processes.spec.Merging`).

What is declared today counts, whatever version a case runs on: a case of before the declaration can be merged too.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from yiwang.engines.cases.api import Running, graph_of, open_cursor, published
from yiwang.engines.gathering.refusals import NotGathered
from yiwang.engines.processes.api import Graph

_TYPES_OF_MEMBERS = """SELECT DISTINCT c.type FROM gathering_membership AS m JOIN cases_case AS c ON c.id = m.case_id
WHERE m.into_id = %s AND m.kind = 'merged' AND m.ended_at IS NULL"""
CLOSED = "closed"
"""The outcome of a member whose own type knows no outcome of its main's name."""


def _graph(type: str) -> Graph | None:
    version = published().get(type)
    return graph_of(version) if version is not None else None


def main_types(type: str) -> tuple[str, ...]:
    """Types whose cases may stand for one of this type: its own first; none where merging is ruled out."""
    graph = _graph(type)
    if graph is None:
        return (type,)
    if (graph.bundle.get("merging") or {}).get("never"):
        return ()
    return type, *graph.takes_over


def member_types(type: str) -> tuple[str, ...]:
    """Other types whose cases this type's may stand for."""
    return tuple(name for name, version in published().items() if type in graph_of(version).takes_over)


def may_stand_for(main: Running, case: Running) -> bool:
    """Whether their types let the one stand for the other."""
    return main.graph.type in main_types(case.graph.type)


def require_joinable(case: Running, main: Running) -> None:
    """The types of the two and of those that come along fit, and the case waits for no message that would be lost."""
    if not may_stand_for(main, case):
        raise _unfitting(case, main)
    if any(case.graph.nodes[token.node].kind == "receive_task" for token in case.state.tokens.values()):
        raise NotGathered(
            gettext("{number} 正在等待另一件的结果，不能并入其他件。").format(number=case.number),
            next_step="请对它所等待的那一件办理并案。",
        )
    for (type,) in open_cursor().read(_TYPES_OF_MEMBERS, [case.id]):
        if main.graph.type not in main_types(type):
            raise NotGathered(
                gettext("并入 {number} 的其他件不能转入 {main}。").format(number=case.number, main=main.number),
                next_step="请先取消那些件的并案。",
            )


def _unfitting(case: Running, main: Running) -> NotGathered:
    own, other = gettext(case.graph.title), gettext(main.graph.title)
    for graph in (case.graph, main.graph):
        if not main_types(graph.type):
            return NotGathered(
                gettext("“{type}”不得并案。").format(type=gettext(graph.title)), next_step="请单独办理。"
            )
    if may_stand_for(case, main):
        return NotGathered(
            gettext("不能把“{own}”并入“{other}”，只能反过来。").format(own=own, other=other),
            next_step=gettext("请在“{other}”一件上办理并案。").format(other=other),
        )
    return NotGathered("两件的事项类型不同，不能并案。", next_step="如需一并处置，请使用协同处置。")


def taken_over(case: Running, main: Running) -> dict[str, Any]:
    """What a case of another type takes over from its main that has ended, as the case's type says; {} when nothing."""
    known = {"main": main.state.data, "outcome": main.state.outcome}
    for graph in (_graph(case.graph.type), case.graph):
        if graph is not None and main.graph.type in graph.takes_over:
            found = ((key, text.value(known)) for key, text in graph.takes_over[main.graph.type])
            return {key: value for key, value in found if value is not None}
    return {}


def outcome_for(case: Running, main: Running) -> str:
    """How a member of another type ends: as its main did where its own type has such an end, else closed."""
    ends = {node.raw.get("outcome") or CLOSED for node in case.graph.nodes if node.kind == "end"}
    return main.state.outcome if main.state.outcome in ends else CLOSED
