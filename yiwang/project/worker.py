"""`yiwang worker`: what nobody asks for in a request. Several may run; each duty claims its own rows.

A duty that fails is told in the log and tried again at its next turn; the others go on.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import FrameType

from django.db import Error, close_old_connections, connections

from yiwang.kernel import clock
from yiwang.kernel.app import app_modules
from yiwang.kernel.errors import UserError
from yiwang.project.pulse import Pulse

log = logging.getLogger("yiwang.worker")
_DAY_CHECK_SECONDS = 600.0
UNUSED = timedelta(days=7)
"""How long an upload nobody sent with a form is kept."""


@dataclass
class Duty:
    """Work that returns how much it did; called again at once while it did any, else after `pause` seconds."""

    title: str
    call: Callable[[], int]
    pause: float
    next_at: float = 0.0

    def take_turn(self) -> int:
        """Do one portion; 0 when nothing was due or it failed."""
        if time.monotonic() < self.next_at:
            return 0
        try:
            count = self.call()
        except Error:
            log.exception("%s: the database did not answer", self.title)
            connections.close_all()
            count = 0
        except Exception:
            log.exception("%s failed", self.title)
            count = 0
        self.next_at = 0.0 if count else time.monotonic() + self.pause
        return count


class Daily:
    """Calls a function once for each day that is over, remembering the last one it did in this process."""

    def __init__(self, call: Callable[[date], object]) -> None:
        self._call = call
        self._done_for: date | None = None

    def __call__(self) -> int:
        yesterday = clock.now().astimezone(clock.CHINA).date() - timedelta(days=1)
        if self._done_for != yesterday:
            self._call(yesterday)
            self._done_for = yesterday
        return 0


def duties() -> list[Duty]:
    """Everything a worker does; the engines are imported here because their tables are known only after the start."""
    from yiwang.engines.access.api import clear_expired, forget_tallies
    from yiwang.engines.cases.services.outbox import work_outbox
    from yiwang.engines.cases.services.sweeping import sweep
    from yiwang.engines.cockpit.map.store import catch_up
    from yiwang.engines.cockpit.wall.movements import forget_old
    from yiwang.engines.datahub.api import duties as duties_of_datahub
    from yiwang.engines.exchange.api import duties as duties_of_exchange
    from yiwang.engines.forms.api import remove_unattached
    from yiwang.engines.gathering.api import duties as duties_of_gathering

    return [
        Duty("due clocks", sweep, 1.0),
        Duty("outbox", work_outbox, 1.0),
        Duty("map of cases", catch_up, 1.0),
        Duty("old movements", Daily(lambda day: forget_old()), _DAY_CHECK_SECONDS),
        Duty("daily seal", Daily(_seal), _DAY_CHECK_SECONDS),
        Duty("expired sessions", Daily(lambda day: clear_expired()), _DAY_CHECK_SECONDS),
        Duty("counts of requests", forget_tallies, 600.0),
        Duty("unused uploads", Daily(lambda day: remove_unattached(clock.now() - UNUSED)), _DAY_CHECK_SECONDS),
        *(Duty(*row) for row in (*duties_of_datahub(), *duties_of_gathering(), *duties_of_exchange())),
        *_duties_of_apps(),
        *_pulse(),
    ]


def _pulse() -> list[Duty]:
    """New life for a demonstration, at the rate of its setting."""
    from django.conf import settings

    rate = float(settings.YIWANG["YIWANG_PULSE"])
    return [Duty("pulse", Pulse(rate), 1.0)] if settings.DEMO and rate > 0 else []


def _duties_of_apps() -> list[Duty]:
    """What apps lend to the worker: `duties.py` with rows of title, function and pause in seconds."""
    found = ((key, duty) for _, key, module in app_modules("duties") for duty in module.DUTIES)
    return [Duty(f"{key}: {title}", call, pause) for key, (title, call, pause) in found]


def _seal(day: date) -> None:
    """Seal the day unless another worker did."""
    from yiwang.engines.directory.api import system_actor
    from yiwang.engines.trust.api import seal_day

    try:
        seal_day(day, actor=system_actor("日终封存"))
    except UserError as refusal:
        log.info("%s", refusal.sentence())


def work(*, once: bool = False) -> int:
    """Take turns until SIGTERM or Ctrl-C; a portion that has begun is finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    todo = duties()
    while not ending.is_set():
        close_old_connections()
        did = sum(duty.take_turn() for duty in todo)
        if not did:
            if once:
                break
            ending.wait(0.5)
    connections.close_all()
    return 0
