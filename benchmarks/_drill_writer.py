"""The victim of the kill drill: carries cases in batches and notes each batch only once it is stored.

What it acknowledges is a line `<case> <entries>` in a file, flushed after the transaction committed: exactly
 what a person at a screen was told. It looks for work in the tables, so after a crash a new one simply goes on.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import django

BATCH = 60


def main(acknowledged: Path) -> None:
    django.setup()
    from benchmarks._drill_moves import carry_on, open_some
    from yiwang.engines.cases.services.sweeping import sweep
    from yiwang.engines.cases.services.versions import register_apps

    register_apps()
    rng = random.Random()
    with acknowledged.open("a", encoding="utf-8") as file:
        while True:
            for cases in (open_some(rng, BATCH // 3), carry_on(rng, BATCH)):
                file.writelines(f"{case.id} {case.sequence}\n" for case in cases)
                file.flush()
                os.fsync(file.fileno())
            sweep()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
