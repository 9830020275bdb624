"""A person at the website of the kill drill: reports over HTTP, writes twice, and notes what the server acknowledged.

`--prepare` makes the account and prints its token. Without an answer the visitor waits and tries something new: what
was not acknowledged may or may not have happened.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any
from uuid import UUID

from benchmarks._clerk import REPORT, Ledger

PATIENCE = 5.0


def prepare() -> str:
    """An account without any post, as a citizen has."""
    import django

    django.setup()
    from yiwang.engines.access.api import make_token
    from yiwang.engines.cases.services.versions import register_apps
    from yiwang.engines.directory.api import User

    register_apps()
    return make_token(User.objects.create_user("visitor", None), "kill drill")


class Site:
    """The API of the running server."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer of an accepted request; OSError when there is none or it is a refusal."""
        request = urllib.request.Request(f"{self.address}/api/{path}", json.dumps(body).encode(), method="POST")
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told


def one_visit(site: Site, ledger: Ledger) -> None:
    case = site.post("cases", type="city_incident.incident", data=REPORT)
    ledger.acknowledge(UUID(case["id"]), case["sequence"])
    for text in ("麻烦尽快处理", "还没有人来"):
        case = site.post(f"cases/{case['id']}/comment", arguments={"text": text})
        ledger.acknowledge(UUID(case["id"]), case["sequence"])


def work(path: str, address: str, token: str) -> None:
    """Visit after visit until killed."""
    site, ledger = Site(address, token), Ledger(path)
    while True:
        try:
            one_visit(site, ledger)
        except (OSError, ValueError):
            time.sleep(0.2)


if __name__ == "__main__":
    if sys.argv[1:] == ["--prepare"]:
        sys.stdout.write(prepare())
    else:
        work(*sys.argv[1:4])
