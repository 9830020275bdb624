"""What people do to a merged case by the ordinary verbs: it cannot run beside its main, and a cancelled one is out."""

from __future__ import annotations

from yiwang.engines.cases.api import CaseMoved
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.gathering.services.moving import end, holding
from yiwang.engines.processes.api import VerbRefused


def follow(event: CaseMoved) -> None:
    """Inside the transaction of the verb: a refusal here undoes it."""
    if event.verb not in ("resume", "cancel"):
        return
    row = holding(event.case)
    if row is None:
        return
    if event.verb == "resume":
        raise VerbRefused("该件已并案，由主案一并办理。", next_step="如需单独办理，请使用“取消并案”。")
    end(row, "cancelled", SYSTEM)
