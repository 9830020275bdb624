"""What the cross-cutting tests share."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    """Every file that git keeps or would keep; without git, every file outside hidden and generated folders."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=root, capture_output=True, check=False) if shutil.which("git") else None
    if answer is not None and answer.returncode == 0:
        names = [name.decode() for name in answer.stdout.split(b"\0") if name]
        return [root / name for name in names if (root / name).is_file()]
    skipped = {".venv", "var", "__pycache__"}
    return [path for path in root.rglob("*") if path.is_file() and not skipped & set(path.parts)]


@pytest.fixture(scope="session")
def python_files(tracked: list[Path]) -> list[Path]:
    return [path for path in tracked if path.suffix == ".py"]
