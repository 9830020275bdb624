"""Processor time of processes, as the system counts it: this one, a server, and all of PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> tuple[int, float]:
    """(parent, seconds used by the process and by its ended children)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), sum(map(int, fields[11:15])) / _TICKS


def family(pid: int) -> float:
    """Seconds of processor time of a process and everything below it."""
    total, below = 0.0, {pid}
    rows = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                rows[int(entry.name)] = _times(int(entry.name))
            except (OSError, IndexError):
                continue
    for number in sorted(rows, key=lambda one: one != pid):
        parent, used = rows[number]
        if number in below or parent in below:
            below.add(number)
            total += used
    return total


def database() -> float:
    """Seconds of processor time of the whole PostgreSQL cluster: backends, writers, checkpoints."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return family(_times(backend)[0])


def load() -> float:
    """How many processes wanted a processor over the last minute: what others do at the same time."""
    return os.getloadavg()[0]
