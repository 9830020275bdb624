"""One user action over HTTP on the real server: open a case, take a step by its page, look at one.

Gunicorn serves the site on the loopback address; counted is the processor time of the server and of all of PostgreSQL.
The baseline is a municipal issue tracker of the same kind, measured on a machine like this one and quoted as constants.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from benchmarks import _machine
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.directory.api import User, district_code
from yiwang.engines.directory.loading import load_district
from yiwang.engines.directory.seed import seed_staff, spots
from yiwang.engines.stories.api import Replay
from yiwang.kernel.clock import now
from yiwang.project.demo import seed_apps
from yiwang.project.environment import ROOT
from yiwang.project.history import scenarios, stories

Figure = tuple[str, float, str, str, float | None]
BASELINE = "Signalen, measured on such a machine"
CREATE, TRANSITION, DETAIL = 70.0, 119.0, 94.0
"""Milliseconds of processor time the baseline takes for the same three actions."""
ACTIONS, WARM_UP = 150, 30
HISTORY = 0.005
"""Share of the year that is there before: an empty database would flatter."""
TYPE = "city_incident.incident"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """(port, process id) of a gunicorn on this database."""
    port = _free_port()
    environment = os.environ | {"YIWANG_PORT": str(port), "YIWANG_WORKERS": "1", "YIWANG_DEBUG": "0"}
    command = ["gunicorn", "--config", "python:yiwang.project.server", "yiwang.project.wsgi:application"]
    server = subprocess.Popen([sys.executable, "-m", *command], env=environment, cwd=ROOT)
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=30)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/healthz")
            if link.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server did not start")


class Browser:
    """One person's connection: a session, its page token, and requests over a kept-alive line."""

    def __init__(self, port: int, username: str) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = {"sessionid": self._session(User.objects.get(username=username))}
        self.token = ""

    @staticmethod
    def _session(user: Any) -> str:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        return str(session.session_key)

    def send(self, method: str, path: str, body: str = "", kind: str = "", expected: int = 200) -> str:
        """The answer's text; AssertionError when it is not the status that was expected."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Content-Type": kind, "X-CSRFToken": self.token} if body else {}
        self.link.request(method, path, body.encode(), headers)
        answer = self.link.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value
        assert answer.status == expected, f"{method} {path}: {answer.status} {text[:400]}"
        return text

    def page(self, path: str) -> str:
        """A page; its token is kept for what is sent next."""
        text = self.send("GET", path)
        found = TOKEN.search(text)
        self.token = found.group(1) if found else self.token
        return text


class Actions:
    """The three actions, each returning what the next one needs."""

    def __init__(self, port: int, town: str, place: dict[str, Any]) -> None:
        self.acceptor = Browser(port, f"{town}-acceptor")
        self.place = place
        self.cases: list[dict[str, Any]] = []

    def create(self) -> None:
        data = {"category": "manhole", "description": "小学门口东侧人行道井盖缺失", "place": self.place}
        body = json.dumps({"type": TYPE, "data": data})
        self.cases.append(json.loads(self.acceptor.send("POST", "/api/cases", body, "application/json", 201)))

    def detail(self) -> None:
        self.acceptor.page(reverse("desk:case", args=[self.cases[-1]["id"]]))

    def transition(self) -> None:
        case = self.cases.pop()
        form = {"on-token": case["tasks"][0]["token"], "on-seen": case["sequence"], "on-node": "accept",
                "accepted": "yes", "class_code": "E0103", "urgency": "ordinary"}  # fmt: skip
        kind, path = "application/x-www-form-urlencoded", reverse("desk:act", args=[case["id"], "complete"])
        self.acceptor.send("POST", path, urlencode(form), kind, 302)


def _cost(action: Any, server: int, times: int = ACTIONS) -> float:
    """Milliseconds of processor time of one action: server and database."""
    before = _machine.family(server) + _machine.database()
    for _ in range(times):
        action()
    return (_machine.family(server) + _machine.database() - before) / times * 1e3


def _prepare() -> tuple[str, dict[str, Any]]:
    """A district with people and some history; a town and a place in it."""
    district = district_code()
    load_district(district)
    register_apps()
    seed_staff(district)
    seed_apps(district)
    if scenarios():
        end = now()
        Replay(sorted(stories(HISTORY, end), key=lambda story: story.at), end - timedelta(seconds=1)).run()
    longitude, latitude, division, address = spots(district, 1)[0]
    return division[:9], {"longitude": longitude, "latitude": latitude, "address": address}


def measure() -> list[Figure]:
    """Milliseconds of processor time of each action, beside the baseline."""
    town, place = _prepare()
    with served() as (port, server):
        actions = Actions(port, town, place)
        actions.acceptor.page("/account/")
        for _ in range(WARM_UP):
            actions.create()
            actions.detail()
            actions.transition()
        create, detail = _cost(actions.create, server), _cost(actions.detail, server)
        transition = _cost(actions.transition, server)
    return [
        ("one action over HTTP: create, CPU of server + database", create, "ms", BASELINE, CREATE),
        ("one action over HTTP: transition, CPU of server + database", transition, "ms", BASELINE, TRANSITION),
        ("one action over HTTP: detail, CPU of server + database", detail, "ms", BASELINE, DETAIL),
    ]
