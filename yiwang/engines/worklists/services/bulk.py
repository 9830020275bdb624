"""One verb on many cases: each is a step of its own, so that what cannot be done leaves the others untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.engines.cases.api import Running, act, seen_cases
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import VERBS, ReasonMissing, VerbRefused
from yiwang.engines.worklists.selectors.selection import read_keys, task_for
from yiwang.kernel.errors import NotFound, UserError

BULK_VERBS = (
    "claim", "release", "transfer", "urge", "supervise", "lift_supervision", "suspend", "resume", "cancel",
)  # fmt: skip
"""Verbs that mean the same for every row; the others ask for what only one case can answer."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one row: `problem` is None where it was done. Number and title are '' for what may not be seen."""

    case: UUID
    no: int
    number: str = ""
    title: str = ""
    problem: UserError | None = None


def act_on_all(actor: Actor, verb: str, keys: Sequence[str], arguments: Mapping[str, Any] | None = None) -> list[Done]:
    """Take the verb on each row in the order given; what a row refuses is told beside it."""
    if verb not in BULK_VERBS:
        raise VerbRefused("这个操作不能批量办理。", next_step="请逐件打开办理。")
    given = dict(arguments or {})
    if VERBS[verb].needs_reason and not str(given.get("reason", "")).strip():
        raise ReasonMissing
    wanted = read_keys(keys)
    cases = seen_cases(actor, [case for case, _ in wanted])
    return [_done(actor, verb, cases.get(case), case, no, given) for case, no in wanted]


def _done(actor: Actor, verb: str, case: Running | None, id: UUID, no: int, given: Mapping[str, Any]) -> Done:
    if case is None:
        return Done(id, no, problem=NotFound())
    try:
        token = no or task_for(actor, verb, case) if VERBS[verb].token_statuses else 0
        act(actor, id, verb, token=token, arguments=given)
    except UserError as problem:
        return Done(id, no, case.number, case.title, problem)
    return Done(id, no, case.number, case.title)
