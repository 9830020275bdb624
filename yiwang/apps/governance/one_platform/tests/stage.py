"""What stands for the parameters of the exchange's addresses in the cross-cutting tests."""

from __future__ import annotations

from typing import Any

from yiwang.apps.governance.one_platform.tests.second_system import entry
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.exchange.api import add_system, hand_over
from yiwang.engines.exchange.models import Conflict, Inbound, Outbound
from yiwang.kernel.clock import now


def objects_of(case: Any) -> dict[str, Any]:
    """A second system that was given the case, with an event refused, one that did not arrive, and a conflict."""
    system, _ = add_system(SYSTEM, entry("second", "http://127.0.0.1:9/events"))
    link = hand_over(SYSTEM, case.id, system.pk)
    refused = Inbound.objects.create(
        system=system, event_id="e-1", hash=bytes(32), type="x", outside_id="A-1", said_at=now(), outcome="applied",
        received_at=now(), case_id=case.id,
    )  # fmt: skip
    dead = Outbound.objects.filter(link=link).first()
    Outbound.objects.filter(pk=dead.pk).update(state="dead")
    conflict = Conflict.objects.create(
        link=link, ours=link.ours, theirs="closed", word="办结", rule=system.rule, at=now()
    )
    return {
        **{f"exchange:{name}.key": system.key for name in ("system", "change", "rotate", "ping", "events")},
        "exchange:replay.event_id": refused.pk, "exchange:retry.event_id": dead.pk, "conflict_id": conflict.pk,
    }  # fmt: skip
