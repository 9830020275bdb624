"""When the main case ends, so do its members: closed with its answer, or set free when it was cancelled.

The duty looks at what stands in the tables, not at events, so it finds mains that people, clocks or handlers closed.
Exactly once: the membership ends in the transaction that settles, under the locks of both cases.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from yiwang.engines.cases.api import Running, act, claim, form_at, open_cursor, take_up
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.forms.api import copy_attachments
from yiwang.engines.gathering.joining import outcome_for, taken_over
from yiwang.engines.gathering.models import Membership
from yiwang.engines.gathering.services.merging import RUNNING, take_out
from yiwang.engines.gathering.services.moving import do, end, holding

log = logging.getLogger("yiwang.gathering")
_DUE = """SELECT m.* FROM gathering_membership AS m JOIN cases_case AS c ON c.id = m.into_id
WHERE m.kind = 'merged' AND m.ended_at IS NULL AND c.status IN ('closed', 'cancelled')
ORDER BY cardinality(m.way), m.at LIMIT %s"""
"""Members whose main has ended; those merged directly before those that came along."""
CANCELLED = "主案已作废，本件恢复单独办理。"


def settle_due(limit: int = 50) -> int:
    """Settle or free up to `limit` members; how many. One that fails is logged and tried again; others go on."""
    done = 0
    for row in list(Membership.objects.raw(_DUE, [limit])):
        try:
            with transaction.atomic():
                done += _settle(row)
        except Exception:
            log.exception("membership %s could not be settled", row.pk)
    return done


def _settle(found: Membership) -> bool:
    """False when another worker has it, or did it meanwhile."""
    cases = claim(open_cursor(), [found.case_id, found.into_id], skip_locked=True)
    row = Membership.objects.filter(pk=found.pk, ended_at=None, into_id=found.into_id).first()
    if row is None or len(cases) < 2:
        return False
    case, main = cases[row.case_id], cases[row.into_id]
    if main.state.status == "closed":
        _close(case, main, row)
    elif main.state.status == "cancelled":
        take_out(SYSTEM, case, main, row, "restored", CANCELLED)
    else:
        return False
    return True


def _close(case: Running, main: Running, row: Membership) -> None:
    end(row, "settled", SYSTEM)
    if case.state.status not in RUNNING:
        return
    act(SYSTEM, case.id, "settle", arguments=_ending(case, main))


def _ending(case: Running, main: Running) -> dict[str, Any]:
    """How a member ends: as its main, with its answer."""
    is_own = case.graph.type == main.graph.type
    data, files = copied(main, answer_of(main)) if is_own else copied(case, taken_over(case, main))
    outcome = main.state.outcome if is_own else outcome_for(case, main)
    arguments: dict[str, Any] = {"data": data, "outcome": outcome, "main": str(main.id), "measured": True}
    return arguments | ({"files": files} if files else {})


def settle_in_hand(case: Running, main: Running) -> None:
    """A member ends with its main in a replay: the caller has claimed both and saves both; nothing is announced."""
    row = holding(case.id)
    if row is None or row.into_id != main.id or main.state.status != "closed":
        return
    end(row, "settled", SYSTEM)
    if case.state.status in RUNNING:
        arguments = _ending(case, main)
        do(SYSTEM, case, "settle", arguments)
        take_up(SYSTEM, case, None, arguments, None)


def answer_of(main: Running) -> dict[str, Any]:
    """What the main case answers its reporter."""
    keys = main.graph.bundle.get("answer", ())
    return {key: main.state.data[key] for key in keys if key in main.state.data}


def copied(asking: Running, data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The data with copies of its files, which a member may carry; the forms of `asking` tell what is a file."""
    named: list[str] = []
    for node in asking.graph.nodes:
        form = form_at(asking, node)
        named += form.attachment_ids(data) if form is not None else ()
    copies = copy_attachments(SYSTEM, dict.fromkeys(named))
    return renamed(data, copies), list(copies.values())


def renamed(data: Mapping[str, Any], copies: Mapping[str, str]) -> dict[str, Any]:
    """The data with ids of files replaced by those of their copies."""
    return {key: _renamed(value, copies) for key, value in data.items()}


def _renamed(value: Any, copies: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return copies.get(value, value)
    if isinstance(value, list):
        return [_renamed(one, copies) for one in value]
    if isinstance(value, Mapping):
        return renamed(value, copies)
    return value
