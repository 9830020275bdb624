"""Rows people tick in a list, and who could take all of them over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext

from yiwang.engines.cases.api import Running, allowed_verbs, seen_cases
from yiwang.engines.directory.api import Actor, Holder, holders_of
from yiwang.engines.processes.api import VERBS, VerbRefused
from yiwang.kernel.errors import NotAllowed, UserError

MOST = 200


def read_keys(keys: Sequence[str]) -> list[tuple[UUID, int]]:
    """(case, task) of the selected rows, each once; UserError for none, too many, or what is no key."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise UserError("没有选中任何记录。", next_step="请先勾选要办理的记录。", code="NOTHING_SELECTED")
    if len(wanted) > MOST:
        raise UserError(
            gettext("一次最多办理 {most} 件。").format(most=MOST), next_step="请分批勾选。", code="TOO_MANY_SELECTED"
        )
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


def task_for(actor: Actor, verb: str, case: Running) -> int:
    """The task a verb on a whole case means: the only one the actor may do it on."""
    fitting = [token.no for token in case.state.open_tasks() if verb in allowed_verbs(actor, case, token)]
    if not fitting:
        raise NotAllowed(gettext("这件没有您可以{verb}的任务。").format(verb=gettext(VERBS[verb].title)), next_step="")
    if len(fitting) > 1:
        raise VerbRefused("这件有几项任务可以办理。", next_step="请打开后逐项办理。")
    return fitting[0]


def receivers(actor: Actor, keys: Sequence[str]) -> list[Holder]:
    """Who holds the roles of all selected tasks, where they stand, and so could be given every one of them."""
    wanted = read_keys(keys)
    cases = seen_cases(actor, [case for case, _ in wanted])
    places = {place for id, no in wanted if id in cases and (place := _place(actor, cases[id], no)) is not None}
    common: dict[int, Holder] | None = None
    for role, division in sorted(places):
        holders = {one.id: one for one in holders_of(role, division)}
        common = holders if common is None else {id: one for id, one in common.items() if id in holders}
    return [one for one in (common or {}).values() if one.id != actor.user_id]


def _place(actor: Actor, case: Running, no: int) -> tuple[str, str] | None:
    """Role and division of the task a transfer would move; None when there is none."""
    try:
        token = case.state.tokens.get(no or task_for(actor, "transfer", case))
    except UserError:
        return None
    return (token.role, case.division) if token is not None else None
