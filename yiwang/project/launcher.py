"""`yiwang run`: one command from nothing to a served district, and one Ctrl-C back.

Front-end files, PostgreSQL, preparation (migrations, district, history), web server, worker. The launcher then watches
its children, restarts what falls, and stops them in the reverse order of their start.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from yiwang.engines.geography.api import district_name
from yiwang.kernel.errors import ConfigurationError
from yiwang.project import processes
from yiwang.project.data_folder import check_idle, claim, data_folder, occupied, release
from yiwang.project.environment import ROOT
from yiwang.project.postgres import Cluster
from yiwang.project.postgres_place import is_free
from yiwang.project.terminal import line, say, step
from yiwang.ui.frontend import vendor

_READY_SECONDS = 60
_LONGEST_PAUSE = 30.0
_GOOD_RUN = 60.0
_DATABASE_PAUSE = 5.0
_LOWEST_PORT, _HIGHEST_PORT = 1024, 65535


@dataclass(frozen=True)
class Options:
    """What the start was asked for; empty text means "as before, or the default"."""

    district: str = ""
    data: str = ""
    port: int = 8000
    scale: str = ""


@dataclass
class Service:
    """A child to keep alive: its command, its log, and how often it fell."""

    title: str
    command: list[str]
    log: Path
    child: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    next_start_at: float = field(default=0.0)

    def start(self, environment: dict[str, str]) -> None:
        self.child = processes.start(self.command, log=self.log, environment=environment, cwd=ROOT)
        self.started_at = time.monotonic()

    def stop(self) -> None:
        if self.child is not None:
            processes.stop(self.child, ask=signal.SIGTERM, insist=signal.SIGKILL, patience=12)
            self.child = None

    def watch(self, environment: dict[str, str]) -> None:
        """Start again what ended, waiting longer after each fall in a row."""
        now = time.monotonic()
        if self.child is not None:
            if self.child.poll() is None:
                return
            self.falls = 1 if now - self.started_at > _GOOD_RUN else self.falls + 1
            pause = min(_LONGEST_PAUSE, 2.0 ** (self.falls - 1))
            say(f"{self.title} ended with {self.child.returncode}; again in {pause:.0f} s. Log: {self.log}")
            self.child, self.next_start_at = None, now + pause
        if now >= self.next_start_at:
            self.start(environment)


def check_port(port: int) -> None:
    if not _LOWEST_PORT <= port <= _HIGHEST_PORT:
        raise ConfigurationError(f"PORT={port} is no port for this. Give one from {_LOWEST_PORT} to {_HIGHEST_PORT}.")
    if is_free(port):
        return
    other = next((free for free in range(port + 1, port + 50) if is_free(free)), None)
    remedy = f" Port {other} is free: make run PORT={other}" if other else ""
    raise ConfigurationError(f"Port {port} is taken by another program.{remedy}")


def environment_for(options: Options, data: Path, district: str, url: str) -> dict[str, str]:
    """The environment of every child: the caller's own, completed by what this start decided."""
    chosen = {
        "YIWANG_DISTRICT": district,
        "YIWANG_DATA": str(data),
        "YIWANG_PORT": str(options.port),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "yiwang.project.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if options.scale:
        chosen["YIWANG_SCALE"] = options.scale
    return {"YIWANG_DEMO": "1"} | dict(os.environ) | chosen


def services(data: Path) -> list[Service]:
    """Worker first: it is stopped last, after the server took its last request."""
    logs = data / "logs"
    python = [sys.executable, "-m"]
    gunicorn = [*python, "gunicorn", "--config", "python:yiwang.project.server", "yiwang.project.wsgi:application"]
    return [
        Service("Worker", [*python, "yiwang.project.command", "worker"], logs / "worker.log"),
        Service("Web server", gunicorn, logs / "server.log"),
    ]


class Launcher:
    """Holds the children of one data folder from the first to the last."""

    def __init__(self, options: Options, data: Path, district: str) -> None:
        self.options, self.data, self.district = options, data, district
        outside = os.environ.get("DATABASE_URL", "")
        self.cluster = None if outside else Cluster(data)
        self.environment = environment_for(options, data, district, outside)
        self.services = services(data)
        self.started: list[Service] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.options.port}/"

    def start(self) -> None:
        with step("前端文件 front-end files"):
            install_frontend(self.data)
        self.check_district()
        if self.cluster is not None:
            with step("数据库 PostgreSQL"):
                self.environment["DATABASE_URL"] = self.cluster.start()
        self._prepare()
        with step("网站 web server and worker"):
            for service in self.services:
                service.start(self.environment)
                self.started.append(service)
            self._await_answer()

    def check_district(self) -> None:
        """A code that names no district ends the start before anything of it is kept."""
        lists = self.data / "frontend" / "divisions"
        if lists.is_dir():
            try:
                district_name(self.district, lists)
            except ConfigurationError:
                release(self.data)
                raise

    def watch(self) -> None:
        """One round: first the database, because the others fall without it."""
        if self.cluster is not None and self.cluster.has_ended:
            self._revive(self.cluster)
        for service in self.services:
            service.watch(self.environment)

    def _revive(self, cluster: Cluster) -> None:
        """Start a fallen database again; while it cannot (a full disk, say), tell so and keep trying."""
        say("PostgreSQL ended; starting it again.")
        try:
            url = cluster.start()
        except ConfigurationError as problem:
            say(str(problem))
            time.sleep(_DATABASE_PAUSE)
            return
        if url != self.environment["DATABASE_URL"]:
            self.environment["DATABASE_URL"] = url
            for service in self.services:
                service.stop()

    def stop(self) -> None:
        for service in reversed(self.started):
            service.stop()
        if self.cluster is not None:
            self.cluster.stop()

    def _prepare(self) -> None:
        """Migrations, district, history and static files in one process of their own, so that its memory is freed."""
        command = [sys.executable, "-m", "yiwang.project.prepare"]
        child = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        try:
            if child.wait():
                raise ConfigurationError("The start stopped at the sentence above.")
        finally:
            processes.stop(child, ask=signal.SIGTERM, insist=signal.SIGKILL, patience=10)

    def _await_answer(self) -> None:
        server = self.services[-1]
        processes.wait_until(lambda: self._answers() or not _lives(server), _READY_SECONDS, 0.1)
        if not (_lives(server) and self._answers()):
            tail = "\n".join(server.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
            raise ConfigurationError(f"The web server did not come up:\n{tail}\nThe whole log: {server.log}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}healthz", timeout=5):
                return True
        except urllib.error.HTTPError as answer:
            return answer.code < 500
        except OSError:
            return False


def _lives(service: Service) -> bool:
    return service.child is not None and service.child.poll() is None


def install_frontend(data: Path) -> None:
    """Bring the front-end files into the data folder: one copy in the checkout's own, linked from every other."""
    home = shared_frontend(data)
    with (home / "frontend.lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        vendor.install(home)


def shared_frontend(data: Path) -> Path:
    """The data folder that holds the copy for `data`; `data` itself when it has one or the checkout is not ours."""
    home, link = ROOT / "var", data / "frontend"
    if data == home or (link.exists() and not link.is_symlink()):
        return data
    try:
        (home / "frontend").mkdir(parents=True, exist_ok=True)
    except OSError:
        return data
    if not os.access(home / "frontend", os.W_OK):
        return data
    link.unlink(missing_ok=True)
    link.symlink_to(home / "frontend", target_is_directory=True)
    return home


def _stop_asked(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal end the launcher as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop_asked)
    yield


def _stop(launcher: Launcher) -> None:
    """Stop all children; a second Ctrl-C does not leave half of them behind."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    with step("停止 stopping server, worker, database"):
        launcher.stop()


def run(options: Options) -> int:
    """Start, serve until asked to stop, stop. Raises ConfigurationError when the start cannot succeed."""
    data = data_folder(options.data, options.district)
    check_idle(data)
    check_port(options.port)
    district = claim(data, options.district)
    with _ended_by_signals(), occupied(data, f"http://127.0.0.1:{options.port}/"):
        launcher = Launcher(options, data, district)
        try:
            launcher.start()
            _greet(launcher)
            while True:
                launcher.watch()
                time.sleep(0.3)
        except KeyboardInterrupt:
            line()
            return 0
        finally:
            _stop(launcher)
    return 0


def _greet(launcher: Launcher) -> None:
    accounts = launcher.data / "accounts.txt"
    line()
    say(f"一网已启动 Yiwang serves district {launcher.district} at\n\n    {launcher.address}\n")
    if accounts.is_file() and launcher.environment["YIWANG_DEMO"] == "1":
        say(accounts.read_text(encoding="utf-8"))
    say(f"数据 data: {launcher.data}   日志 logs: {launcher.data / 'logs'}   停止 stop: Ctrl-C")
