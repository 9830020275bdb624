"""One verb on many cases: each is a step of its own, so that what cannot be done leaves the others untouched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yiwang.engines.cases.api import Running, act, allowed_verbs, seen_cases
from yiwang.engines.directory.api import Actor
from yiwang.engines.processes.api import VERBS, ReasonMissing, VerbRefused
from yiwang.kernel.errors import NotAllowed, NotFound, UserError

MOST = 200
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


def read_keys(keys: Sequence[str]) -> list[tuple[UUID, int]]:
    """(case, task) of the selected rows, each once; UserError for none, too many, or what is no key."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise UserError("没有选中任何记录。", next_step="请先勾选要办理的记录。", code="NOTHING_SELECTED")
    if len(wanted) > MOST:
        raise UserError(f"一次最多办理 {MOST} 件。", next_step="请分批勾选。", code="TOO_MANY_SELECTED")
    try:
        return [_key(key) for key in wanted]
    except ValueError:
        raise UserError("选中的记录无法识别。", next_step="请刷新列表后重新勾选。", code="BAD_SELECTION") from None


def _key(text: str) -> tuple[UUID, int]:
    case, _, no = text[:60].partition(".")
    number = int(no or 0)
    if not 0 <= number < 2**31:
        raise ValueError(text)
    return UUID(case), number


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
        token = no or _task(actor, verb, case) if VERBS[verb].token_statuses else 0
        act(actor, id, verb, token=token, arguments=given)
    except UserError as problem:
        return Done(id, no, case.number, case.title, problem)
    return Done(id, no, case.number, case.title)


def _task(actor: Actor, verb: str, case: Running) -> int:
    """The task a verb on a whole case means: the only one the actor may do it on."""
    fitting = [token.no for token in case.state.open_tasks() if verb in allowed_verbs(actor, case, token)]
    if not fitting:
        raise NotAllowed(f"这件没有您可以{VERBS[verb].title}的任务。", next_step="")
    if len(fitting) > 1:
        raise VerbRefused("这件有几项任务可以办理。", next_step="请打开后逐项办理。")
    return fitting[0]
