"""200 screens open on the wall of a served district: from the commit of a step to its arrival at every screen.

The server is the one of `make run` (2 processes of 4 threads), the screens are plain sockets of one thread here. Beside
the processor time of an update stands what it would cost if each screen asked for itself.
"""

from __future__ import annotations

import os
import random
import selectors
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client

from benchmarks import _machine
from benchmarks.desk_lists import Figure, fill
from yiwang.engines.cases.api import open_case
from yiwang.engines.cockpit.map.store import catch_up_all
from yiwang.engines.directory.api import SYSTEM, User
from yiwang.project.environment import ROOT
from yiwang.project.postgres_place import free_port
from yiwang.project.terminal import say

CASES, SCREENS, OF_TOWNS, UPDATES = 100_000, 200, 40, 40
_PLACE = {"longitude": 113.0, "latitude": 23.1, "address": "狮山大道"}
_REPORT = {"category": "lamp", "description": "路灯不亮", "place": _PLACE}
Ask = tuple[str, str]


@contextmanager
def served(port: int, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The web server on this database, as the launcher starts it."""
    chosen = {"YIWANG_PORT": str(port), "DJANGO_SETTINGS_MODULE": "yiwang.project.settings", **settings}
    environment = os.environ | chosen
    command = [sys.executable, "-m", "gunicorn", "--config", "python:yiwang.project.server", "--log-level", "warning"]
    child = subprocess.Popen([*command, "yiwang.project.wsgi:application"], cwd=ROOT, env=environment)
    try:
        for _ in range(600):
            if answers(port):
                break
            time.sleep(0.1)
        yield child
    finally:
        child.terminate()
        assert child.wait(20) == 0, "the server was not ended by its first signal"


def answers(port: int) -> bool:
    """Whether an ordinary page gets an answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return True
    except OSError:
        return False


def cookie_of(username: str) -> str:
    """A session of this person."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username=username))
    return f"sessionid={client.cookies['sessionid'].value}"


class Screens:
    """Open streams; `frames` counts what each has received."""

    def __init__(self, port: int, cookies: list[str]) -> None:
        self.poller = selectors.DefaultSelector()
        self.frames: dict[socket.socket, int] = {}
        for cookie in cookies:
            held = socket.create_connection(("127.0.0.1", port))
            asked = f"GET /cockpit/wall/stream/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
            held.sendall(asked.encode())
            self.poller.register(held, selectors.EVENT_READ)
            self.frames[held] = 0

    def read(self, seconds: float) -> list[tuple[socket.socket, float]]:
        """Frames that arrive within a time, each with the instant it was there."""
        end, found = time.monotonic() + seconds, []
        while (rest := end - time.monotonic()) > 0:
            for key, _ in self.poller.select(rest):
                held: socket.socket = key.fileobj  # type: ignore[assignment]
                content = held.recv(1 << 20)
                assert content, "the server closed a stream"
                if (count := content.count(b"\nid: ") + content.startswith(b"id: ")) > 0:
                    self.frames[held] += count
                    found.append((held, time.monotonic()))
        return found


def _polled(port: int, cookie: str, count: int) -> None:
    for _ in range(count):
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/cockpit/wall/now/", headers={"Cookie": cookie})
        with urllib.request.urlopen(asked, timeout=10) as answer:
            answer.read()


def _used(server: int) -> float:
    return _machine.family(server) + _machine.database()


def _updates(screens: Screens, watching: set[socket.socket]) -> tuple[list[float], list[float]]:
    """Seconds to each screen, and of each update to its last screen; steps come at odd instants."""
    chance, every, last = random.Random(1), [], []
    for _ in range(UPDATES):
        screens.read(chance.uniform(0.3, 1.7))
        open_case(SYSTEM, "city_incident.incident", _REPORT)
        committed, waited = time.monotonic(), set(watching)
        while waited and time.monotonic() - committed < 10:
            for held, at in screens.read(0.02):
                if held in waited:
                    waited.discard(held)
                    every.append(at - committed)
        assert not waited, f"{len(waited)} screens heard nothing for 10 seconds"
        last.append(max(every[-len(watching) :]))
    return every, last


def measure() -> list[Figure]:
    """Fill, serve, open the screens, act."""
    fill(1, CASES)
    catch_up_all()
    port = free_port(0, range(18_600, 18_700))
    district, town = cookie_of("440605-supervisor"), cookie_of("440605124-dispatcher")
    with served(port) as server:
        screens = Screens(port, [district] * (SCREENS - OF_TOWNS) + [town] * OF_TOWNS)
        screens.read(8)
        assert all(screens.frames.values()), "a screen was shown nothing"
        before = _used(server.pid)
        screens.read(10)
        idle = (_used(server.pid) - before) / 10 * 1000
        before, began = _used(server.pid), time.monotonic()
        every, last = _updates(screens, set(screens.frames))
        spent = (_used(server.pid) - before) * 1000
        update = (spent - idle * (time.monotonic() - began)) / UPDATES
        began = time.monotonic()
        _polled(port, district, 1)
        beside = (time.monotonic() - began) * 1000
        before = _used(server.pid)
        _polled(port, district, 40)
        polled = (_used(server.pid) - before) * 1000 / 40 * SCREENS
    every.sort()
    say(f"  {len(every):,} arrivals, slowest update {max(last):.2f} s, {idle:.1f} ms CPU a second without news")
    name = f"wall, {SCREENS} screens open, {CASES // 1000} k cases"
    return [
        (f"{name}: commit to screen, p50", statistics.median(every), "s", "", None),
        (f"{name}: commit to screen, p99", every[int(len(every) * 0.99)], "s", "", None),
        (f"{name}: commit to the last screen, worst of {UPDATES}", max(last), "s", "", None),
        (f"{name}: CPU of one update", update, "ms", "each screen asks once", polled),
        (f"{name}: CPU of a second without news", idle, "ms", "", None),
        (f"{name}: another page of the wall answers in", beside, "ms", "", None),
    ]  # fmt: skip
