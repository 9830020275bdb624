"""`make new-app` in a copy of the checkout: the app is green before its author wrote a line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

COPIED = ("yiwang", "docs", "tests", "pyproject.toml", "conftest.py")
KEY, TITLE = "dog_licence", "养犬登记"
HELD = (
    "tests/contract/test_apps.py",
    "tests/snapshots",
    f"yiwang/apps/governance/{KEY}",
    "tests/house/test_names.py",
)
"""What is run in the copy: the contract, the snapshot, the app's own tests, and the glossary."""


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    for name in COPIED:
        source, target = root / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target)  # What is compiled goes along: times stay, so it is still right.
        else:
            shutil.copyfile(source, target)
    return tmp_path


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=folder, env=known | {"PYTHONPATH": str(folder)} | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_new_app_is_green_at_once(copy: Path) -> None:
    made = run(copy, "yiwang.project.scaffold", "--net", "governance", "--key", KEY, "--title", TITLE)
    assert made.returncode == 0, made.stdout + made.stderr
    url = os.environ["DATABASE_URL"]
    own = url.rpartition("/")[0] + f"/{KEY}_{os.getpid()}"
    tests = run(copy, "pytest", "-q", "-n", "0", "-k", f"{KEY} or snapshot or glossary", *HELD, DATABASE_URL=own)
    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
    assert f"yiwang/apps/governance/{KEY}" in made.stdout
    assert TITLE in (copy / "tests" / "snapshots" / "house.txt").read_text(encoding="utf-8")
