"""Runs the suite (`make test`) or the benchmarks (`make bench`) against a PostgreSQL of their own.

Each run has a data folder `var/trial-<process id>`, deleted afterwards; folders of killed runs go at the next start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from yiwang.kernel.errors import ConfigurationError
from yiwang.project import processes
from yiwang.project.browser import browser, ensure_browser
from yiwang.project.environment import ROOT, Unready
from yiwang.project.launcher import install_frontend
from yiwang.project.postgres import Cluster
from yiwang.project.postgres_place import remove_place
from yiwang.project.terminal import complain, step

_PREFIX = "trial-"
_SUITE = ("-q", "-n", "2", "--dist", "worksteal", "--durations=10")


def remove(data: Path) -> None:
    remove_place(data)
    shutil.rmtree(data, ignore_errors=True)


def remove_leftovers(base: Path) -> None:
    """Folders of trials whose process is gone."""
    for folder in base.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX)
        if owner.isdigit() and not processes.is_alive(int(owner)):
            remove(folder)


@contextmanager
def trial_folder(base: Path) -> Iterator[Path]:
    """A fresh data folder, deleted at the end."""
    remove_leftovers(base)
    data = base / f"{_PREFIX}{os.getpid()}"
    (data / "static").mkdir(parents=True)  # Else each client of a test warns that it has no files to serve.
    try:
        yield data
    finally:
        remove(data)


def environment(data: Path, url: str) -> dict[str, str]:
    """That of the caller, but with compiled sources kept: a run starts a score of Pythons that import the same."""
    chosen = {"YIWANG_DATA": str(data), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "yiwang.project.settings"}
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | chosen


def _command(arguments: argparse.Namespace, rest: Sequence[str]) -> list[str]:
    if arguments.run:
        return [sys.executable, "-m", arguments.run, *rest]
    return [sys.executable, "-m", "pytest", *_SUITE, *rest]


def run(arguments: argparse.Namespace, rest: Sequence[str]) -> int:
    """Prepare and run; the exit code is the one of what ran."""
    if not arguments.run:
        with step(f"浏览器 browser {browser() or ''}"):
            ensure_browser()
    base = ROOT / "var"
    base.mkdir(exist_ok=True)
    with trial_folder(base) as data:
        with step("前端文件 front-end files"):
            install_frontend(data)
        cluster = Cluster(data, durable=arguments.durable)
        with step("数据库 PostgreSQL"):
            url = cluster.start()
        try:
            done = subprocess.run(_command(arguments, rest), env=environment(data, url), cwd=ROOT, check=False)
            return done.returncode
        finally:
            cluster.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="trial", description="Run the suite or a module.", allow_abbrev=False)
    parser.add_argument("--run", default="", help="Module to run instead of the suite.")
    parser.add_argument("--durable", action="store_true", help="Keep fsync on, as a real database has it.")
    arguments, rest = parser.parse_known_args()
    try:
        return run(arguments, rest)
    except (Unready, ConfigurationError) as problem:
        complain(str(problem))
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
