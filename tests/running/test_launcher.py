"""The whole start as a newcomer meets it: one command, an answer, one Ctrl-C; and what a killed launcher leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiwang.project import data_folder, processes
from yiwang.project.postgres_place import free_port, remove_place

START_SECONDS = 120


class Started:
    """A launcher of its own on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port(0, range(18_400, 18_500))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
        environment = {name: value for name, value in kept.items() if name != "DATABASE_URL"}
        command = [sys.executable, "-m", "yiwang.project.command", "run", "--data", str(data), "--port", str(self.port)]
        self.output = (data / "output").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*command, "--scale", "0.00001"],
            stdout=self.output, stderr=subprocess.STDOUT, env=environment, start_new_session=True,
        )  # fmt: skip

    def told(self) -> str:
        return (self.data / "output").read_text(encoding="utf-8")

    def serves(self) -> bool:
        return "Ctrl-C" in self.told() or self.process.poll() is not None

    def answer(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as page:
                return int(page.status)
        except urllib.error.HTTPError as problem:
            return problem.code
        except OSError:
            return 0

    def children(self) -> list[int]:
        """Ids of its direct children, from the process table."""
        mine = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in mine.read_text(encoding="utf-8").split()]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for both tests: the second start finds what the first has made."""
    folder = tmp_path_factory.mktemp("data")
    yield folder
    remove_place(folder)


@pytest.fixture
def started(data: Path) -> Iterator[Started]:
    launcher = Started(data)
    yield launcher
    if launcher.process.poll() is None:
        launcher.process.send_signal(signal.SIGINT)
        launcher.process.wait(60)
    launcher.output.close()


def _all_gone(ids: list[int]) -> bool:
    return processes.wait_until(lambda: not any(map(processes.is_alive, ids)), 30)


def test_one_command_serves_and_one_interrupt_ends_everything(started: Started) -> None:
    assert processes.wait_until(started.serves, START_SECONDS), started.told()
    assert started.answer() == 200, started.told()
    children = started.children()
    assert len(children) == 3, "web server, worker and PostgreSQL"
    started.process.send_signal(signal.SIGINT)
    assert started.process.wait(60) == 0
    assert _all_gone(children)


def test_what_falls_is_started_again_and_a_killed_launcher_leaves_nothing(started: Started) -> None:
    assert processes.wait_until(started.serves, START_SECONDS), started.told()
    before = set(started.children())
    for child in before:
        os.kill(child, signal.SIGKILL)
    assert processes.wait_until(lambda: len(set(started.children()) - before) == 3, 60), started.told()
    assert processes.wait_until(lambda: started.answer() == 200, 60), started.told()
    children = started.children()
    os.kill(started.process.pid, signal.SIGKILL)
    started.process.wait()
    assert _all_gone(children)
    assert data_folder.running(started.data) is None
