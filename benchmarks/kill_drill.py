"""`make kill-drill`: kill -9 the web server, a writer, the worker or PostgreSQL at work, then look for harm.

Held at the end: every acknowledged step is in the journal, every chain is whole, and after each kill work went on.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from operator import gt
from pathlib import Path
from uuid import UUID

from yiwang.project import processes
from yiwang.project.environment import ROOT
from yiwang.project.postgres import Cluster
from yiwang.project.postgres_place import free_port
from yiwang.project.terminal import say
from yiwang.project.trial import environment, trial_folder

VICTIMS = ("server", "worker", "PostgreSQL", "writer")
WRITERS = {"clerk": "benchmarks._clerk", "batches": "benchmarks._drill_writer"}
"""One takes every step of a case by itself, one writes in batches as the replay does."""
VISITOR = "visitor"
"""Writes over HTTP; never killed, as no person is, but its server is."""
PATIENCE = 60


class Drill:
    """Server, worker and writers on a database of their own, and the ledgers of what was acknowledged."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.cluster = Cluster(data)
        self.environment = environment(data, self.cluster.start())
        self.environment["YIWANG_PORT"] = str(free_port(8_460, range(8_460, 8_560)))
        self.ledgers = {name: data / f"ledger of {name}" for name in (*WRITERS, VISITOR)}
        for ledger in self.ledgers.values():
            ledger.touch()
        self.log = data / "logs" / "drill.log"
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.token = ""

    def manage(self, *words: str) -> str:
        command = [sys.executable, "-m", *words]
        told = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return told.stdout.strip()

    def prepare(self) -> None:
        """Tables, definitions and the visitor's account."""
        self.manage("yiwang.project.manage", "migrate", "--verbosity", "0")
        self.token = self.manage("benchmarks._visitor", "--prepare")

    def commands(self) -> dict[str, list[str]]:
        """What runs beside PostgreSQL, by name."""
        address = f"http://127.0.0.1:{self.environment['YIWANG_PORT']}"
        found = {name: [module, str(self.ledgers[name])] for name, module in WRITERS.items()}
        found["worker"] = ["yiwang.project.command", "worker"]
        found["server"] = ["gunicorn", "--config", "python:yiwang.project.server", "yiwang.project.wsgi:application"]
        found[VISITOR] = ["benchmarks._visitor", str(self.ledgers[VISITOR]), address, self.token]
        return found

    def keep_running(self) -> None:
        """Start whatever is not running, the database first."""
        if not self.cluster.is_ready:
            self.cluster.start()
        for name, words in self.commands().items():
            child = self.children.get(name)
            if child is None or child.poll() is not None:
                command = [sys.executable, "-m", *words]
                self.children[name] = processes.start(command, log=self.log, environment=self.environment, cwd=ROOT)

    def acknowledged(self) -> list[int]:
        return [ledger.stat().st_size for ledger in self.ledgers.values()]

    def work_goes_on(self) -> bool:
        """Whether each writer gets something new acknowledged after everything stands again."""
        before = self.acknowledged()

        def more() -> bool:
            self.keep_running()
            return all(map(gt, self.acknowledged(), before))

        return processes.wait_until(more, PATIENCE)

    def entries(self) -> set[tuple[UUID, int]]:
        """(case, sequence) of every acknowledged step."""
        text = "".join(ledger.read_text(encoding="utf-8") for ledger in self.ledgers.values())
        return {(UUID(case), int(sequence)) for case, sequence in (line.split() for line in text.splitlines())}

    def kill(self, victim: str, rng: random.Random) -> None:
        if victim == "PostgreSQL":
            process_id = self.cluster.process_id
            assert process_id is not None
            os.kill(process_id, signal.SIGKILL)
            processes.wait_until(lambda: self.cluster.has_ended, 10)
            return
        self.end(self.children[rng.choice(list(WRITERS)) if victim == "writer" else victim])

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """kill -9 for a child and all it started: a server's own workers too."""
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop_work(self) -> None:
        for child in self.children.values():
            self.end(child)

    def stop(self) -> None:
        self.stop_work()
        self.cluster.stop()


def lost_steps(acknowledged: set[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    """Acknowledged steps whose journal entry is not there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, sequence FROM trust_journal")
        kept = set(cursor.fetchall())
    return sorted(acknowledged - kept)


def harm(drill: Drill) -> list[str]:
    """Everything that is wrong afterwards, in sentences."""
    os.environ.update(drill.environment)
    import django

    django.setup()
    from yiwang.engines.trust.api import verify

    found = [f"step {sequence} of case {case} is lost" for case, sequence in lost_steps(drill.entries())]
    report = verify()
    if report.fault is not None:
        found.append(f"the chain is broken: {report.fault.sentence}")
    sizes = ", ".join(f"{name} {len(ledger.read_text().splitlines()):,}" for name, ledger in drill.ledgers.items())
    say(f"{len(drill.entries()):,} acknowledged steps ({sizes}); {report.entry_count:,} journal entries verified")
    return found


def rounds(drill: Drill, count: int, rng: random.Random) -> list[str]:
    """Kill `count` times; sentences about the times work did not go on."""
    found = []
    killed: Counter[str] = Counter()
    for number in range(count):
        drill.keep_running()
        if not drill.work_goes_on():
            found.append(f"nothing was acknowledged within {PATIENCE} s before kill {number + 1}")
            break
        time.sleep(rng.uniform(0.05, 0.6))
        victim = VICTIMS[number % len(VICTIMS)]
        drill.kill(victim, rng)
        killed[victim] += 1
        say(f"  kill {number + 1}: {victim}")
    drill.keep_running()
    if not drill.work_goes_on():
        found.append("nothing was acknowledged after the last kill")
    say(f"Killed: {dict(killed)}")
    if found:
        say("\n".join(drill.log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:]))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="make kill-drill")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with trial_folder(ROOT / "var") as data:
        drill = Drill(data)
        try:
            drill.prepare()
            found = rounds(drill, asked.rounds, random.Random(asked.seed))
            drill.stop_work()
            found += harm(drill)
        finally:
            drill.stop()
    for sentence in found:
        say(f"HARM: {sentence}")
    say("Nothing was lost." if not found else f"{len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
