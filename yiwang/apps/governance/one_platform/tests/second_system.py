"""A second system for the tests: a small real HTTP server that speaks the protocol and keeps a state of its own.

Written from docs/engines/exchange.md only: it shares no code with the engine, so that both can be wrong apart. It can
lose its answers, ask for patience, send everything twice and in the wrong order.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from yiwang.engines.exchange.api import Entry

OUT = {
    "received": "登记",
    "accepted": "受理",
    "working": "在办",
    "suspended": "暂缓",
    "closed": "结束",
    "cancelled": "退单",
}
UNDER_WAY = {"在办", "暂缓", "结束"}


def entry(key: str, endpoint: str, rule: str = "ours_after_dispatch", per_minute: str = "600") -> Entry:
    """How the second system is entered here."""
    incoming = "\n".join(f"{word} = {status}" for status, word in OUT.items())
    outgoing = "\n".join(f"{status} = {word}" for status, word in OUT.items())
    return Entry(
        key, "第二平台", endpoint, "both", rule, "one_platform.shared_incidents", incoming, outgoing, per_minute
    )


class SecondSystem:
    """Matters by our number or, before we have told it, by its own id: status, what it told, what it heard."""

    def __init__(self, *, follows: bool = True) -> None:
        self.secret = ""
        self.follows = follows
        self.matters: dict[str, dict[str, Any]] = {}
        self.by_theirs: dict[str, str] = {}
        self.queue: list[tuple[dict[str, str], bytes]] = []
        self.heard: dict[str, dict[str, Any]] = {}
        self.arrivals: list[str] = []
        self.troubles: list[int] = []
        self.url = ""

    # What its own people do.

    def open(self, id: str, description: str = "小学门口井盖缺失", **more: Any) -> None:
        place = {"longitude": 112.9, "latitude": 23.0, "address": "狮山大道1号"}
        self.matters[id] = {"status": "登记", "sequence": 0, "seen": 0, "at": "", "moved_at": 0}
        self._tell(id, "yiwang.case.opened", {"description": description, "place": place, **more})

    def move(self, id: str, status: str, **more: Any) -> None:
        self.matters[id]["status"] = status
        self._tell(id, "yiwang.case.status_changed", more)

    def _tell(self, id: str, kind: str, data: dict[str, Any]) -> None:
        matter = self.matters[id]
        matter["sequence"] += 1
        matter["moved_at"] = matter["sequence"]
        matter["at"] = datetime.now(UTC).isoformat()
        event = {
            "specversion": "1.0", "id": f"{id}#{matter['sequence']}", "source": "second", "type": kind, "subject": id,
            "time": matter["at"], "sequence": str(matter["sequence"]),
            "data": {"status": matter["status"], "seen": matter["seen"], **data},
        }  # fmt: skip
        self.queue.append(self.signed(json.dumps(event, ensure_ascii=False).encode()))

    def signed(self, body: bytes, at: float | None = None, extra: str = "") -> tuple[dict[str, str], bytes]:
        timestamp = str(int(time.time() if at is None else at))
        made = hmac.new(self.secret.encode(), f"{timestamp}.{extra}".encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/cloudevents+json", "Yiwang-Timestamp": timestamp,
            "Yiwang-Signature": f"v1={made}",
        }, body  # fmt: skip

    # What it hears.

    def hear(self, body: bytes, headers: Any) -> tuple[int, dict[str, Any]]:
        text = f"{headers['Yiwang-Timestamp']}.".encode() + body
        wanted = "v1=" + hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        if wanted not in headers["Yiwang-Signature"].split(","):
            return 401, {}
        event = json.loads(body)
        self.arrivals.append(event["id"])
        if event["id"] in self.heard:
            return 200, self.heard[event["id"]]
        self.heard[event["id"]] = answer = self._take(event)
        return 200, answer

    def _take(self, event: dict[str, Any]) -> dict[str, Any]:
        number, data, sequence = event["subject"], event["data"], int(event["sequence"])
        if event["type"] == "yiwang.ping":
            return {"result": "pong"}
        if event["type"] == "yiwang.case.opened":
            id = f"S-{len(self.matters) + 1}"
            self.matters[id] = {"status": data["status"], "sequence": 0, "seen": sequence, "at": "", "moved_at": 0}
            self.by_theirs[number] = id
            return {"result": "opened", "id": id}
        id = data["yours"] or self.by_theirs[number]
        self.by_theirs[number] = id
        matter = self.matters[id]
        if sequence <= matter["seen"]:
            return {"result": "recorded"}
        matter["seen"] = sequence
        is_blind = data["seen"] < matter["moved_at"]
        if self.follows and is_blind and not self._gives_way(matter, data["status"]):
            return {"result": "overruled"}
        matter["status"] = data["status"]
        return {"result": "applied"}

    @staticmethod
    def _gives_way(matter: dict[str, Any], word: str) -> bool:
        """The same rule from the other side: the district leads once its work is under way."""
        return word in UNDER_WAY

    # The wire.

    def send(self, client: Any, *, twice: bool = False, backwards: bool = False) -> list[int]:
        """Everything in the queue, through the client of the tests; the statuses of the answers."""
        waiting, self.queue = self.queue, []
        waiting = list(reversed(waiting)) if backwards else waiting
        return [self.post(client, *one).status_code for one in waiting for _ in range(2 if twice else 1)]

    @staticmethod
    def post(client: Any, headers: dict[str, str], body: bytes, key: str = "second") -> Any:
        return client.generic(
            "POST", f"/exchange/events/{key}", body, content_type=headers["Content-Type"],
            headers={name: value for name, value in headers.items() if name != "Content-Type"},
        )  # fmt: skip


class _Door(BaseHTTPRequestHandler):
    system: SecondSystem

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        trouble = self.system.troubles.pop(0) if self.system.troubles else 200
        if trouble == 429:
            self.send_response(429)
            self.send_header("Retry-After", "7")
            self.end_headers()
            return
        if trouble in (500, 302):
            self.send_response(trouble)
            self.end_headers()
            return
        status, answer = self.system.hear(body, self.headers)
        if trouble == 0:  # The work is done, the answer is lost.
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *arguments: Any) -> None:
        """Silence."""


@contextmanager
def running(system: SecondSystem) -> Any:
    """The system behind a port of the loopback address."""
    door = type("Door", (_Door,), {"system": system})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    system.url = f"http://127.0.0.1:{server.server_port}/events"
    try:
        yield system
    finally:
        server.shutdown()
        server.server_close()
