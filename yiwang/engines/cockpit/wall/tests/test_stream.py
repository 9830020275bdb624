"""The stream of the wall: a commit reaches the screens it concerns, and the expelled see no more."""

from __future__ import annotations

import json
import select
import socket
import time

import pytest
from django.test import Client

from tests.small_district import DISTRICT, ELSEWHERE, build
from yiwang.engines.cockpit.wall import broadcasting, pages
from yiwang.engines.cockpit.wall.broadcasting import Broadcaster
from yiwang.engines.cockpit.wall.taking_over import SOCKET
from yiwang.engines.cockpit.wall.tests.test_wall import SECRETS, opened
from yiwang.engines.directory.api import User
from yiwang.engines.directory.models import Posting
from yiwang.kernel.clock import now


class Reader:
    """The screen's end of a connection."""

    def __init__(self, held):
        self.held, self.text = held, b""

    def until(self, wanted, seconds=8.0):
        end = time.monotonic() + seconds
        while wanted not in self.text:
            assert select.select([self.held], [], [], max(0.0, end - time.monotonic()))[0], (
                f"{wanted} not in {self.text[-300:]}"
            )
            piece = self.held.recv(1 << 20)
            assert piece, f"closed before {wanted}"
            self.text += piece
        before, _, self.text = self.text.partition(wanted)
        return before


def stream(client, monkeypatch, hub, **headers):
    """What the web server does with the view: the real view, the real hand-over, a pair of sockets for the line."""
    monkeypatch.setattr(pages, "broadcaster", hub)
    held, screen = socket.socketpair()
    answer = client.get("/cockpit/wall/stream/", headers=headers, **{SOCKET: held})
    with pytest.raises(OSError, match="taken over"):
        list(answer.streaming_content)
    assert held.fileno() < 0, "the server still holds the connection"
    return Reader(screen)


def hears_nothing(reader, seconds=0.3):
    with pytest.raises(AssertionError, match="not in"):
        reader.until(b"id: ", seconds)


def is_told_once(reader, hub):
    """A screen that comes while the wall is known gets it at once, and not again when it is worked out to the same."""
    reader.until(b"id: ")
    reader.until(b"\n\n")
    hub._loop.call_soon_threadsafe(hub._hear)
    hears_nothing(reader, 0.5)


@pytest.mark.django_db(transaction=True)
def test_a_commit_reaches_the_screens_it_concerns_and_the_expelled_see_no_more(monkeypatch):
    build()
    monkeypatch.setattr(broadcasting, "CHECK", 0.2)
    monkeypatch.setattr(broadcasting, "BEAT", 60.0)
    monkeypatch.setattr(broadcasting, "PAUSE", 0.1)
    hub = Broadcaster()
    try:
        clients = {}
        for name in (f"{DISTRICT}-supervisor", f"{ELSEWHERE}-dispatcher"):
            clients[name] = Client()
            clients[name].force_login(User.objects.get(username=name))
        whole, town = (stream(client, monkeypatch, hub) for client in clients.values())
        head = whole.until(b"\r\n\r\n").decode()
        assert (
            head.startswith("HTTP/1.1 200 OK\r\n") and "text/event-stream" in head and "Content-Security-Policy" in head
        )
        whole.until(b"id: ")
        first = whole.until(b"\ndata: ").decode()
        town.until(b"\n\n", 8)
        town.until(b"\n\n", 8)
        began = time.monotonic()
        opened(now())
        whole.until(b"id: ")
        assert time.monotonic() - began < 2.0
        second = whole.until(b"\ndata: ").decode()
        content = whole.until(b"\n\n")
        assert second != first and "上报 → 受理" in json.loads(content)["parts"]["events"]
        assert not [secret for secret in SECRETS if secret in content.decode()]
        hears_nothing(town)
        again = stream(clients[f"{DISTRICT}-supervisor"], monkeypatch, hub, **{"Last-Event-ID": second})
        again.until(b"retry: 2000\n\n")
        hears_nothing(again)
        is_told_once(stream(clients[f"{DISTRICT}-supervisor"], monkeypatch, hub), hub)
        Posting.objects.filter(user__username=f"{ELSEWHERE}-dispatcher").delete()
        town.until(b"event: ended\n")
        clients[f"{DISTRICT}-supervisor"].logout()
        whole.until(b"event: ended\n")
        again.until(b"event: ended\n")
    finally:
        hub.stop()
