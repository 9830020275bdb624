"""A case that was passed on at its opening leaves its line in the log, inside the transaction of that step."""

from __future__ import annotations

from yiwang.apps.governance.triage.judging import SERVICES
from yiwang.apps.governance.triage.models import SOURCES
from yiwang.apps.governance.triage.services.transferring import Told, transfer_to_each
from yiwang.engines.cases.api import CaseMoved, Running, seen_cases
from yiwang.engines.directory.api import SYSTEM, system_actor
from yiwang.kernel.events import subscribe

PASSED_ON = "transferred"
"""The outcome by which a process of any app says so, with the advice of `triage.judge` under `triage`."""
LOG = system_actor("紧急警情识别")


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, heard)


def heard(moved: CaseMoved) -> None:
    """Only a case that ended with its opening is looked at: nothing else costs a query."""
    if moved.verb == "open" and moved.status == "closed":
        case = seen_cases(SYSTEM, [moved.case])[moved.case]
        if case.state.outcome == PASSED_ON:
            write_down(case)


def write_down(case: Running) -> bool:
    """The transfers of such a case, one to each service; whether there was one to write."""
    data = case.state.data
    advice = data.get("triage") or {}
    if advice.get("transfer") not in SERVICES:
        return False
    source = str(data.get("source") or "citizen")
    told = Told(
        target="", text=str(data.get("description") or data.get("text") or case.title),
        source=source if source in SOURCES else "platform", origin=case.number,
        caller_name=str(data.get("reporter_name") or data.get("name") or "")[:40],
        phone=str(data.get("reporter_phone") or data.get("phone") or ""), place=data.get("place") or {},
        at=case.opened_at,
    )  # fmt: skip
    transfer_to_each(LOG, told, [str(advice["transfer"]), *map(str, advice.get("also", ()))])
    return True
