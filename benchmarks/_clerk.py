"""A writer of the kill drill: opens cases and takes every step, and notes each one only after it is committed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

DATA: Mapping[str, Mapping[str, Any]] = {
    "accept": {"accepted": "yes", "class_code": "E0103", "urgency": "ordinary"},
    "dispatch": {"unit": "urban"},
    "handle": {"measure": "已更换井盖"},
    "verify": {"fixed": True, "seen_on_site": True},
}
REPORT = {"category": "manhole", "description": "人行道井盖缺失", "place": {"address": "市场东侧"}}
LATE = timedelta(days=30)
"""Cases are opened in the past, so that the worker has clocks to fire meanwhile."""


class Ledger:
    """One line for each acknowledged step. A single write of a short line is whole even when the writer is killed."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def acknowledge(self, case_id: UUID, sequence: int) -> None:
        os.write(self._file, f"{case_id} {sequence}\n".encode())


def one_case(ledger: Ledger) -> None:
    """Open a case and work it to its end."""
    from yiwang.engines.cases.services.acting import act, open_case
    from yiwang.engines.directory.api import SYSTEM
    from yiwang.kernel.clock import now

    case = open_case(SYSTEM, "city_incident.incident", REPORT, at=now() - LATE)
    ledger.acknowledge(case.id, case.sequence)
    while tasks := case.state.open_tasks():
        task = tasks[0]
        node = case.graph.nodes[task.node].key
        case = act(SYSTEM, case.id, "complete", token=task.no, arguments={"data": dict(DATA[node])})
        ledger.acknowledge(case.id, case.sequence)


def work(path: str) -> None:
    """Case after case until killed; without its database it waits and goes on, as a web process does."""
    import django

    django.setup()
    from django.db import Error, connections

    from yiwang.engines.cases.services.versions import register_apps
    from yiwang.kernel.errors import UserError

    register_apps()
    ledger = Ledger(path)
    while True:
        try:
            one_case(ledger)
        except UserError:
            continue
        except Error:
            connections.close_all()
            time.sleep(0.1)


if __name__ == "__main__":
    work(sys.argv[1])
