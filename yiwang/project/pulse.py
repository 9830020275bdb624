"""The pulse of a demonstration: new reports keep coming, and its people go on working, so that no wall stands still.

Only in demo mode. A day of a story passes in minutes; who looks on may take any case over, and the story lets go of it.
"""

from __future__ import annotations

import heapq
import logging
import random
import time
from collections.abc import Iterator

from yiwang.kernel.errors import UserError

log = logging.getLogger("yiwang.pulse")
FASTER = 60.0
"""How much faster than life stories pass: an hour in a minute."""
MOST_AT_ONCE = 200


class Pulse:
    """A duty of the worker. `per_hour` new stories of all apps, each by its share of the year."""

    def __init__(self, per_hour: float) -> None:
        self.pause = 3600.0 / per_hour
        self.next_at = time.monotonic() + min(self.pause, 20.0)
        self.order = 0
        self.rng = random.Random()
        self.living: list[tuple[float, int, Iterator[float]]] = []

    def __call__(self) -> int:
        """Open what is due and take the moves that are due; how many."""
        did, moment = 0, time.monotonic()
        if moment >= self.next_at:
            self.next_at = moment + self.pause * self.rng.uniform(0.5, 1.5)
            did += self._go_on(self._begin()) if len(self.living) < MOST_AT_ONCE else 0
        while self.living and self.living[0][0] <= moment:
            did += self._go_on(heapq.heappop(self.living)[2])
        return did

    def _begin(self) -> Iterator[float]:
        from yiwang.engines.stories.scenario import World, living
        from yiwang.project.history import scenarios, whole_cast

        known = scenarios()
        app = self.rng.choices(list(known), [one.per_year for one in known.values()])[0]
        mix = known[app].mix
        story = self.rng.choices(list(mix), list(mix.values()))[0]
        return living(World(app, whole_cast(), self.rng), story)

    def _go_on(self, story: Iterator[float]) -> int:
        try:
            wait = next(story)
        except StopIteration:
            return 1
        except UserError as refusal:
            log.info("a story ends: %s", refusal.sentence())
            return 1
        self.order += 1
        heapq.heappush(self.living, (time.monotonic() + wait / FASTER, self.order, story))
        return 1
