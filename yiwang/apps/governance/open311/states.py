"""From stages and outcomes of an incident to the states of the standard and of its extension.

The standard knows open and closed; the finer words are those FixMyStreet's extension uses. Which of our stages is which
is a proposal, declared here once: the same table answers in Python and in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

OPEN, CLOSED = "open", "closed"
ENDED = ("closed", "cancelled")
"""Statuses of a case that the standard calls closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A row: fits a case of one of the `outcomes` (ended), or that stands at one of the `stages` (running)."""

    key: str
    title: str
    outcomes: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    is_suspended: bool = False
    is_merged: bool = False


TABLE: tuple[State, ...] = (
    State(key="duplicate", title=gettext_noop("与另一件是同一问题，已并案"), is_merged=True),
    State(key="action_scheduled", title=gettext_noop("已暂停，按计划处理"), is_suspended=True),
    State(key="fixed", title=gettext_noop("已解决"), outcomes=("closed",)),
    State(key="not_councils_responsibility", title=gettext_noop("不属受理范围"), outcomes=("refused",)),
    State(key="internal_referral", title=gettext_noop("已转警情急救"), outcomes=("transferred",)),
    State(key="unable_to_fix", title=gettext_noop("无法处理"), outcomes=("error",)),
    State(key="no_further_action", title=gettext_noop("经核实不再处理"), outcomes=("unfounded", "cancelled")),
    State(key="in_progress", title=gettext_noop("处置中"),
          stages=("handle_village", "handle", "handle_district", "assist", "verify")),
    State(key="planned", title=gettext_noop("已受理，待派遣"), stages=("dispatch", "ruling")),
    State(key="investigating", title=gettext_noop("核实中"), stages=("confirm",)),
    State(key="for_triage", title=gettext_noop("待受理"), stages=("accept",)),
)  # fmt: skip
"""The first row that fits counts. What fits none is plainly open or closed."""
TITLES = {OPEN: gettext_noop("办理中"), CLOSED: gettext_noop("已办结")} | {one.key: one.title for one in TABLE}
CLOSED_KEYS = frozenset({CLOSED}) | {one.key for one in TABLE if one.outcomes}


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _condition(one: State) -> str:
    """In SQL over a row `c` of cases. Only words of the table above stand in it."""
    if one.is_merged:
        return (
            "c.status NOT IN ('closed', 'cancelled') AND EXISTS (SELECT 1 FROM gathering_membership AS m "
            "WHERE m.case_id = c.id AND m.kind = 'merged' AND m.ended_at IS NULL)"
        )
    if one.is_suspended:
        return "c.status = 'suspended'"
    if one.outcomes:
        return f"c.status IN ('closed', 'cancelled') AND c.outcome IN ({_quoted(one.outcomes)})"
    return f"string_to_array(c.stage, ',') && ARRAY[{_quoted(one.stages)}]"


STATE_SQL = (
    "CASE "
    + " ".join(f"WHEN {_condition(one)} THEN '{one.key}'" for one in TABLE)
    + " WHEN c.status IN ('closed', 'cancelled') THEN 'closed' ELSE 'open' END"
)


def plain(state: str) -> str:
    """The standard's word: open or closed."""
    return CLOSED if state in CLOSED_KEYS else OPEN
