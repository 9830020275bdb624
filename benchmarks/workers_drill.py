"""`make workers-drill`: four workers on twenty thousand cases whose every clock has rung, then look for harm.

Held at the end: each warning of each case stands in its history exactly once, numbers run without gap or double, every
notice of the outbox was carried out, the chain is whole, and each worker had its part of the work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from yiwang.project import processes
from yiwang.project.environment import ROOT
from yiwang.project.postgres import Cluster
from yiwang.project.terminal import say
from yiwang.project.trial import environment, trial_folder

TYPE = "city_incident.incident"
WARNINGS = 6
"""50, 80 and 100 % of the limit of the case and of its first step."""
PATIENCE = 900
_REPEATED = """SELECT stream, count(*) FROM trust_journal WHERE kind = 'case.fire'
GROUP BY stream, payload::jsonb -> 'arguments' ->> 'clock', payload::jsonb ->> 'share' HAVING count(*) > 1"""
_UNEVEN = """SELECT held.id, held.sequence, count(told.sequence), max(told.sequence)
FROM cases_case AS held LEFT JOIN trust_journal AS told ON told.stream = held.id
GROUP BY held.id HAVING count(told.sequence) <> %s OR max(told.sequence) <> %s OR held.sequence <> %s"""


def open_cases(count: int, batch: int = 1_000) -> None:
    """Cases reported long ago that nobody has touched since."""
    from django.db import transaction

    from yiwang.engines.cases.performing import perform, surroundings
    from yiwang.engines.cases.services.acting import new_case
    from yiwang.engines.cases.store.saving import save
    from yiwang.engines.cases.store.tables import open_cursor
    from yiwang.engines.processes.api import Command
    from yiwang.kernel.clock import now

    around, at = surroundings(), now() - timedelta(days=60)
    data = {"category": "lamp", "description": "路灯不亮", "place": {"address": "市场东侧"}}
    for begin in range(0, count, batch):
        cases = [new_case(TYPE, at + timedelta(seconds=place)) for place in range(begin, min(begin + batch, count))]
        for case in cases:
            perform(case, Command("open", case.opened_at, arguments={"data": data}), around)
        with transaction.atomic():
            save(open_cursor(), cases)


def run_workers(count: int, chosen: dict[str, str], log: Path) -> list[int]:
    """Start the real workers at once and wait until nothing is due; their exit codes."""
    command = [sys.executable, "-m", "yiwang.project.command", "worker", "--once"]
    children = [processes.start(command, log=log, environment=chosen, cwd=ROOT) for _ in range(count)]
    try:
        return [child.wait(PATIENCE) for child in children]
    finally:
        for child in children:
            child.kill()
            child.wait()


def harm(count: int) -> Iterator[str]:
    """Everything that is wrong afterwards, in sentences."""
    from django.db import connection

    from yiwang.engines.cases.models import Case, Due, Outbox
    from yiwang.engines.trust.api import verify

    length = 1 + WARNINGS
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED)
        yield from (f"case {case} was warned {times} times of one thing" for case, times in cursor.fetchall())
        cursor.execute(_UNEVEN, [length, length, length])
        for case, sequence, told, last in cursor.fetchall():
            yield f"case {case}: {told} entries up to number {last}, head at {sequence}, where {length} belong"
    if Case.objects.count() != count:
        yield f"{Case.objects.count()} cases where {count} were opened"
    if Due.objects.exclude(next_at=None).exists():
        yield f"{Due.objects.exclude(next_at=None).count()} clocks have not rung"
    if Outbox.objects.exists():
        yield f"{Outbox.objects.count()} notices were not carried out"
    report = verify()
    if report.fault is not None:
        yield f"the chain is broken: {report.fault.sentence}"
    say(f"{report.entry_count:,} journal entries of {count:,} cases verified")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make workers-drill")
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=4)
    asked = parser.parse_args()
    with trial_folder(ROOT / "var") as data:
        cluster = Cluster(data)
        chosen = environment(data, cluster.start())
        try:
            found = _drill(asked.cases, asked.workers, chosen, data / "logs" / "drill.log")
        finally:
            cluster.stop()
    for sentence in found[:20]:
        say(f"HARM: {sentence}")
    say("Nothing was done twice, nothing was left out." if not found else f"{len(found)} faults.")
    return 1 if found else 0


def _drill(cases: int, workers: int, chosen: dict[str, str], log: Path) -> list[str]:
    os.environ.update(chosen)
    subprocess.run(
        [sys.executable, "-m", "yiwang.project.manage", "migrate", "--verbosity", "0"], env=chosen, cwd=ROOT, check=True
    )
    import django

    django.setup()
    from tests.plain_incident import register_plain_apps

    register_plain_apps()
    open_cases(cases)
    say(f"{cases:,} cases, {cases * WARNINGS:,} clocks to ring, {workers} workers …")
    began = time.monotonic()
    codes = run_workers(workers, chosen, log)
    say(f"{time.monotonic() - began:.0f} s")
    return [f"worker {place} ended with {code}" for place, code in enumerate(codes, 1) if code] + list(harm(cases))


if __name__ == "__main__":
    sys.exit(main())
