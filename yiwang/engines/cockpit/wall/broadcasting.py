"""The broadcaster: one thread in each web process that holds all its open screens.

It listens to PostgreSQL, works out each wall once for all who look at it, at most once a second, and writes the same
bytes to every screen. What nobody announces (deadlines that pass, clocks that ring, a midnight) comes with the beat.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import psycopg
from django.db import close_old_connections, connection, connections

from yiwang.engines.cockpit.wall.movements import CHANNEL
from yiwang.engines.cockpit.wall.screen import screen
from yiwang.engines.worklists.api import Sight
from yiwang.ui.errors import is_outage

log = logging.getLogger("yiwang.wall")
Answer = TypeVar("Answer")
PAUSE, BEAT, PULSE, CHECK, RETRY = 1.0, 5.0, 15.0, 30.0, 2.0
"""Seconds: between two screens of one wall; without news; between signs of life; between checks of the right; after
the database was lost."""
MOST = 500
"""Screens of one process; more are told to ask now and then."""
_BEHIND = 1_000_000
"""Bytes a slow screen may have waiting before it is let go; it comes again by itself."""


class Key(NamedTuple):
    """What tells one wall from another."""

    reach: Sight
    language: str


@dataclass
class Wall:
    """One wall and what was last worked out of it."""

    mark: str = ""
    frame: bytes = b""
    is_stale: bool = True
    next_at: float = 0.0


@dataclass(eq=False)
class Viewer(asyncio.Protocol):
    """One open screen. `may_stay` is asked again and again; it runs outside the loop and may use the database."""

    key: Key
    seen: str
    may_stay: Callable[[], bool]
    leave: Callable[[Viewer], None]
    transport: asyncio.Transport | None = field(default=None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.leave(self)

    def send(self, content: bytes) -> None:
        """Write, or let go of a screen that does not read."""
        if self.transport is None or self.transport.is_closing():
            return
        if self.transport.get_write_buffer_size() > _BEHIND:
            self.transport.abort()
        else:
            self.transport.write(content)

    def end(self) -> None:
        """The last word: do not come again by yourself."""
        self.send(b"event: ended\ndata: -\n\n")
        if self.transport is not None:
            self.transport.close()


class Broadcaster:
    """All screens of this process; its thread begins with the first and ends with the process."""

    def __init__(self) -> None:
        self.walls: dict[Key, Wall] = {}
        self.viewers: set[Viewer] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._ending = threading.Event()
        self._desk = ThreadPoolExecutor(1, "wall-database")
        """The one thread that asks the database, so that there is one connection."""

    @property
    def is_full(self) -> bool:
        return len(self.viewers) >= MOST

    def take(self, held: socket.socket, head: bytes, key: Key, seen: str, may_stay: Callable[[], bool]) -> None:
        """Adopt a connection, from any thread; `seen` is the mark its screen shows already."""
        self._start()
        assert self._loop is not None
        viewer = Viewer(key, seen, may_stay, self._leave)
        asyncio.run_coroutine_threadsafe(self._adopt(held, head, viewer), self._loop)

    def stop(self) -> None:
        """End the thread and all streams; for tests."""
        if self._thread is not None and self._loop is not None:
            self._ending.set()
            self._loop.call_soon_threadsafe(self._wake.set)
            self._thread.join()
        self.__init__()  # type: ignore[misc]

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="wall", daemon=True)
                self._thread.start()
        self._started.wait()

    async def _run(self) -> None:
        self._loop, self._wake = asyncio.get_running_loop(), asyncio.Event()
        tasks = [asyncio.create_task(each) for each in (self._listen(), self._check(), self._pulse())]
        self._started.set()
        try:
            await self._serve()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for viewer in list(self.viewers):
                viewer.end()
            await self._ask(connections.close_all)
            self._desk.shutdown()

    async def _ask(self, call: Callable[..., Answer], *given: Any) -> Answer:
        """Something of the database, outside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._desk, call, *given)

    async def _adopt(self, held: socket.socket, head: bytes, viewer: Viewer) -> None:
        held.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(lambda: viewer, held)
        except OSError:
            held.close()
            return
        self.viewers.add(viewer)
        viewer.send(head + b"retry: 2000\n\n")
        wall = self.walls.setdefault(viewer.key, Wall())
        self._show(viewer, wall)
        self._wake.set()

    def _leave(self, viewer: Viewer) -> None:
        self.viewers.discard(viewer)
        if not any(other.key == viewer.key for other in self.viewers):
            self.walls.pop(viewer.key, None)

    def _hear(self, division: str = "") -> None:
        """Something moved in a division; '' when it is not known what was missed."""
        for key, wall in self.walls.items():
            wall.is_stale |= not division or any(division.startswith(prefix) for prefix, _, _ in key.reach.rows)
        self._wake.set()

    async def _listen(self) -> None:
        """Hear what other processes commit; a database that went away is looked for until it is back."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True) as link:
                    await link.execute(f"LISTEN {CHANNEL}")
                    self._hear()
                    async for notice in link.notifies():
                        self._hear(notice.payload)
            except psycopg.Error as problem:
                log.warning("The wall lost the database and tries again: %s", problem)
            await asyncio.sleep(RETRY)

    async def _serve(self) -> None:
        """Work out what is stale, wait for news."""
        while not self._ending.is_set():
            self._wake.clear()
            at = time.monotonic()
            for key, wall in list(self.walls.items()):
                if key in self.walls and at >= wall.next_at and (wall.is_stale or at >= wall.next_at + BEAT - PAUSE):
                    await self._renew(key, wall)
            await self._wait()

    async def _wait(self) -> None:
        """Until something moves; a wall that was just worked out is taken up when its second is over."""
        at = time.monotonic()
        waits = [wall.next_at - at if wall.is_stale else BEAT for wall in self.walls.values()]
        try:
            await asyncio.wait_for(self._wake.wait(), max(0.0, min(waits, default=BEAT)))
        except TimeoutError:
            return
        rest = [wall.next_at - time.monotonic() for wall in self.walls.values() if wall.is_stale]
        if rest and min(rest) > 0:
            await asyncio.sleep(min(rest))

    async def _renew(self, key: Key, wall: Wall) -> None:
        """Work a wall out and send it to its screens if it says anything new to them."""
        wall.is_stale, wall.next_at = False, time.monotonic() + PAUSE
        try:
            found = await self._ask(_worked_out, key)
        except Exception as problem:
            # Whatever it was, the other walls go on and this one is tried again.
            log.warning("A wall could not be worked out: %r", problem, exc_info=not is_outage(problem))
            wall.is_stale, wall.next_at = True, time.monotonic() + RETRY
            return
        if found[0] != wall.mark:
            wall.mark, wall.frame = found
        for viewer in self.viewers:
            if viewer.key == key:
                self._show(viewer, wall)

    def _show(self, viewer: Viewer, wall: Wall) -> None:
        """What the wall says now, unless the screen shows it already."""
        if wall.frame and viewer.seen != wall.mark:
            viewer.seen = wall.mark
            viewer.send(wall.frame)

    async def _pulse(self) -> None:
        """A sign of life, so that nobody between here and the screen thinks the line dead."""
        while True:
            await asyncio.sleep(PULSE)
            for viewer in list(self.viewers):
                viewer.send(b":\n\n")

    async def _check(self) -> None:
        """Nobody looks on after the session ended or the post was taken away."""
        while True:
            await asyncio.sleep(CHECK)
            viewers = list(self.viewers)
            try:
                stays = await self._ask(_asked, viewers)
            except Exception:
                log.exception("Who may stay could not be asked")
                continue  # The next check asks again; without a database nothing new is shown anyway.
            for viewer, may_stay in zip(viewers, stays, strict=True):
                if not may_stay:
                    viewer.end()


def _parameters() -> dict[str, Any]:
    found: dict[str, Any] = connection.get_connection_params()
    return {name: value for name, value in found.items() if name not in ("cursor_factory", "context")}


def _worked_out(key: Key) -> tuple[str, bytes]:
    close_old_connections()
    found = screen(key.reach, key.language, at_once=True)
    return found.mark, b"id: %b\ndata: %b\n\n" % (found.mark.encode(), found.as_json())


def _asked(viewers: list[Viewer]) -> list[bool]:
    close_old_connections()
    return [viewer.may_stay() for viewer in viewers]


broadcaster = Broadcaster()
