"""What cases of objection and repair bring to the entry they are about: all as further entries, in the transaction of
the step. An entry under objection is frozen from the moment the objection is admitted until it has been decided.
"""

from __future__ import annotations

from yiwang.apps.governance.credit.kinds import FREEZE, OBJECTION, RELEASE, REPAIR, REPAIRING, WITHDRAW
from yiwang.apps.governance.credit.models import Entry
from yiwang.apps.governance.credit.services.ledger import New, append
from yiwang.engines.cases.api import CaseMoved, Running, seen_cases
from yiwang.engines.directory.api import SYSTEM
from yiwang.kernel.clock import now
from yiwang.kernel.events import subscribe


def connect() -> None:
    """Called once at start."""
    subscribe(CaseMoved, _hear)


def _hear(event: CaseMoved) -> None:
    if event.type not in (OBJECTION, REPAIRING):
        return
    case = seen_cases(SYSTEM, [event.case])[event.case]
    brought = _objected(event, case) if event.type == OBJECTION else _repaired(event, case)
    target = _target(case)
    if brought and target is not None:
        what, reason = brought
        append(
            SYSTEM,
            [New(target.subject_id, what, f"{what}:{case.id}", max(now(), target.at), "case", case.id, case.number,
                 target=target.pk, reason=reason)],
        )  # fmt: skip


def _target(case: Running) -> Entry | None:
    text = str(case.state.data.get("entry", ""))
    return Entry.objects.filter(pk=int(text), target=None).first() if text.isdigit() else None


def _objected(event: CaseMoved, case: Running) -> tuple[str, str] | None:
    if event.verb == "open" and event.status == "open":
        return FREEZE, f"异议 {case.number} 受理"
    if event.status == "closed" and case.state.outcome == "upheld":
        return WITHDRAW, f"异议 {case.number} 成立：{case.state.data.get('grounds', '')}"
    ended = (event.status == "closed" and case.state.outcome == "rejected") or event.status == "cancelled"
    return (RELEASE, f"异议 {case.number} 不成立") if ended else None


def _repaired(event: CaseMoved, case: Running) -> tuple[str, str] | None:
    if event.status == "closed" and case.state.outcome == "repaired":
        return REPAIR, f"信用修复 {case.number}：{case.state.data.get('grounds', '')}"
    return None
