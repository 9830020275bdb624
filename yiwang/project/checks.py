"""`make check`: style, types, import contracts, system checks, migrations, house tests, each with its seconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO

from yiwang.project.environment import ROOT, VENV
from yiwang.project.terminal import say

_BIN = VENV / "bin"
_MANAGE = [sys.executable, "-m", "yiwang.project.manage"]


@dataclass
class Check:
    """A command that must exit 0."""

    title: str
    command: list[str]
    output: IO[str] | None = None
    process: subprocess.Popen[str] | None = None
    began: float = 0.0

    def start(self) -> None:
        self.began = time.monotonic()
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  (read and closed in `passed`)
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=self.output, stderr=subprocess.STDOUT, text=True)

    def passed(self) -> bool:
        """Wait for the end, tell it, and show the output of a failure."""
        assert self.process is not None and self.output is not None
        code = self.process.wait()
        say(f"{'pass' if code == 0 else 'FAIL'}  {self.title}  ({time.monotonic() - self.began:.1f} s)")
        if code:
            self.output.seek(0)
            say(self.output.read())
        self.output.close()
        return code == 0


def checks() -> list[Check]:
    """The slow one first, so that it runs beside all the others."""
    return [
        Check("types: mypy", [str(_BIN / "mypy")]),
        Check("style: ruff", [str(_BIN / "ruff"), "check", "."]),
        Check("floors and doors: import-linter", [str(_BIN / "lint-imports")]),
        Check("system: manage check", [*_MANAGE, "check"]),
        Check("migrations: nothing left to make", [*_MANAGE, "makemigrations", "--check", "--dry-run"]),
        Check("house tests", [sys.executable, "-m", "pytest", "-q", "tests/house"]),
    ]


def main() -> int:
    first, *others = checks()
    first.start()
    results = []
    for check in others:
        check.start()
        results.append(check.passed())
    results.append(first.passed())
    failed = results.count(False)
    say(f"{failed} of {len(results)} checks failed." if failed else f"All {len(results)} checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
