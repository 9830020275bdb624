"""The served site with more open screens than threads: the screens live, the pages too, and one signal ends it all."""

from __future__ import annotations

import pytest

from benchmarks.wall_streams import Screens, answers, cookie_of, served
from tests.running.test_workers import _address
from tests.small_district import DISTRICT, build
from yiwang.engines.cases.api import open_case
from yiwang.engines.directory.api import SYSTEM
from yiwang.project import processes
from yiwang.project.postgres_place import free_port

SCREENS = 6


@pytest.mark.django_db(transaction=True)
def test_screens_take_no_threads() -> None:
    build()
    port, cookie = free_port(0, range(18_700, 18_800)), cookie_of(f"{DISTRICT}-supervisor")
    with served(port, DATABASE_URL=_address(), YIWANG_WORKERS="1", YIWANG_THREADS="2"):
        screens = Screens(port, [cookie] * SCREENS)

        def all_have(frames: int) -> bool:
            screens.read(0.05)
            return all(count >= frames for count in screens.frames.values())

        assert processes.wait_until(lambda: all_have(1), 20), "a screen was shown nothing"
        assert answers(port), "the screens used up the threads"
        place = {"longitude": 112.9, "latitude": 23.0, "address": "路口"}
        open_case(SYSTEM, "city_incident.incident", {"category": "lamp", "description": "路灯不亮", "place": place})
        assert processes.wait_until(lambda: all_have(2), 10), "a screen missed a step"
        assert answers(port)
