"""A year of measures: most owners are reminded, fewer are talked to, few are punished. The shares are a proposal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiwang.apps.governance.non_motor.app import MEASURE, OFFICER
from yiwang.engines.stories.scenario import Scenario, Told, World

PER_YEAR = 1_200
HOUR = 3600.0


def _opened(world: World, step: str, nth: int) -> Told:
    plate = f"粤E{world.rng.randrange(100_000):05d}"
    summary = f"期内第 {nth} 次：{world.pick(('闯红灯', '逆行', '不戴头盔', '违规载人'))}"
    return world.open(MEASURE, {"step": step, "plate": plate, "nth": nth, "summary": summary, "place": world.place()})


def _notified(world: World) -> Told:
    data = {"way": world.pick(("phone", "message", "face")), "is_reached": True}
    return world.move(OFFICER, "notify", data, (1 * HOUR, 16 * HOUR))


def _interviewed(world: World) -> Told:
    return world.move(OFFICER, "interview", {"has_come": True, "said": "承诺不再违规"}, (4 * HOUR, 30 * HOUR))


def reminded(world: World) -> Iterator[Told]:
    """The first time."""
    yield _opened(world, "remind", 1)
    yield _notified(world)


def interviewed(world: World) -> Iterator[Told]:
    """The second time."""
    yield _opened(world, "interview", 2)
    yield _notified(world)
    yield _interviewed(world)


def punished(world: World) -> Iterator[Told]:
    """The third and fourth time."""
    yield _opened(world, "penalty", 3)
    yield _notified(world)
    yield _interviewed(world)
    data = {"decision": world.pick(("fined", "fined", "warned")), "basis": "期内多次违规"}
    yield world.move(OFFICER, "decide", data, (2 * HOUR, 30 * HOUR))


def handed_over(world: World) -> Iterator[Told]:
    """Again and again."""
    yield _opened(world, "transfer", 5)
    yield _notified(world)
    yield _interviewed(world)
    data = {"decision": "transferred", "basis": "屡教不改"}
    yield world.move(OFFICER, "decide", data, (2 * HOUR, 30 * HOUR))


MIX: dict[Callable[[World], Iterator[Told]], float] = {reminded: 70, interviewed: 18, punished: 10, handed_over: 2}
SCENARIO = Scenario(PER_YEAR, MIX)
