"""What people do to a merged case by the ordinary verbs: it cannot run beside its main, a cancelled one is out, and
whoever urges it is heard by those who work on the main.
"""

from __future__ import annotations

from yiwang.engines.cases.api import CaseMoved, Noticed
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.gathering.services.moving import end, holding
from yiwang.engines.processes.api import VerbRefused
from yiwang.kernel.events import publish


def follow(event: CaseMoved) -> None:
    """Inside the transaction of the verb: a refusal here undoes it."""
    row = holding(event.case) if event.verb in ("resume", "cancel", "urge") else None
    if row is None:
        return
    if event.verb == "urge":
        publish(Noticed(row.into_id, "urged", {}))
        return
    if event.verb == "resume":
        raise VerbRefused("该件已并案，由主案一并办理。", next_step="如需单独办理，请使用“取消并案”。")
    end(row, "cancelled", SYSTEM)
