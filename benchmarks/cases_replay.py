"""Days of the report's year through the case engine: full history, hash chain, fsync as the server has it.

The baseline carries the first stories of the same days in the same database, in the same run; see `_baseline`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from benchmarks import _machine
from benchmarks._baseline import NAME as BASELINE
from benchmarks._baseline import Baseline
from tests.plain_incident import INCIDENT, register_plain_apps
from tests.plain_scenario import SCENARIO
from yiwang.engines.processes.api import bundle_of
from yiwang.engines.stories.api import Replay, Story
from yiwang.engines.stories.scenario import Cast, Spot
from yiwang.kernel.clock import china

Figure = tuple[str, float, str, str, float | None]
DAYS = 21
TOWNS = ("440605011", "440605121", "440605122", "440605123", "440605124", "440605125", "440605126")
ROLES = ("acceptor", "dispatcher", "handler", "inspector")
BASELINE_CASES = 60
BEGIN = china(2021, 3, 1)
END = BEGIN + timedelta(days=DAYS)


def cast() -> Cast:
    """Four people for each role and town."""
    people = {
        (f"city_incident.{role}", town): [(1000 * i + 10 * j + k, f"{role}{k}") for k in range(4)]
        for i, role in enumerate(ROLES)
        for j, town in enumerate(TOWNS)
    }
    return Cast(people, [Spot(113.1, 23.1, f"{town}001", "路口") for town in TOWNS])


def _stories() -> Iterator[Story]:
    return SCENARIO.stories("city_incident", cast(), begin=BEGIN, end=END, scale=1)


def _ours() -> tuple[float, float, float]:
    """(transitions per second, CPU µs of client and database per transition, transitions)."""
    register_plain_apps()
    replay = Replay(_stories(), END)
    client, database, wall = time.process_time(), _machine.database(), time.perf_counter()
    progress = replay.run()
    wall = time.perf_counter() - wall
    used = time.process_time() - client + _machine.database() - database
    return progress.transitions / wall, used / progress.transitions * 1e6, progress.transitions


def _theirs() -> tuple[float, float]:
    """The same two figures for the first stories of the same year."""
    baseline = Baseline(bundle_of("city_incident", INCIDENT))
    client, database, wall = time.process_time(), _machine.database(), time.perf_counter()
    baseline.run(_stories(), BASELINE_CASES)
    wall = time.perf_counter() - wall
    used = time.process_time() - client + _machine.database() - database
    return baseline.steps / wall, used / baseline.steps * 1e6


def measure() -> list[Figure]:
    """Transitions per second and CPU per transition, each beside the baseline."""
    rate, cost, _ = _ours()
    baseline_rate, baseline_cost = _theirs()
    return [
        ("replay, transitions per second", rate, "1/s", BASELINE, baseline_rate),
        ("replay, CPU per transition (client + database)", cost, "µs", BASELINE, baseline_cost),
    ]
