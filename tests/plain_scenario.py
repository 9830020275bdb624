"""A year of the plain incident: the story that the benchmark of the engine tells, beside the same told to another engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.plain_incident import ACCEPTOR, CLASSES, DISPATCHER, HANDLER, INCIDENT, INSPECTOR, UNITS
from yiwang.engines.stories.scenario import Scenario, Told, World

PER_YEAR = 130_000
MINUTE, HOUR = 60.0, 3600.0
SENTENCES = {
    "manhole": ("人行道井盖缺失", "井盖破损，有车辆经过时响动", "雨水井盖移位"),
    "road": ("路面坑洼，电动车容易摔倒", "人行道地砖松动"),
    "lamp": ("路灯连续三晚不亮", "路灯闪烁"),
    "waste": ("路边堆放垃圾无人清运", "绿化带内有建筑垃圾"),
    "water": ("雨后积水，行人无法通过", "排水口堵塞"),
    "other": ("护栏松动", "公交站牌倾斜"),
}
SPOTS = ("小学门口", "市场东侧", "公交站旁", "工业园路口", "村口牌坊处", "公园北门")


def opened(world: World) -> Told:
    """Somebody reports."""
    category = world.pick(tuple(CLASSES))
    place = world.place()
    description = f"{world.pick(SPOTS)}{world.pick(SENTENCES[category])}"
    return world.open(INCIDENT, {"category": category, "description": description, "place": place})


def _unit(world: World) -> str:
    return world.pick(tuple(UNITS))


def _accepted(world: World, unit: str) -> Iterator[Told]:
    yield world.move(ACCEPTOR, "accept", {"accepted": "yes", "urgency": "ordinary"}, (2 * MINUTE, 80 * MINUTE))
    yield world.move(DISPATCHER, "dispatch", {"unit": unit}, (2 * MINUTE, 90 * MINUTE))


def ordinary(world: World) -> Iterator[Told]:
    """Accepted, dispatched, fixed, checked, closed."""
    yield opened(world)
    unit = _unit(world)
    yield from _accepted(world, unit)
    yield world.move(HANDLER, "handle", {"measure": "已现场处理完毕"}, (1 * HOUR, 15 * HOUR), at=unit)
    yield world.move(INSPECTOR, "verify", {"fixed": True}, (10 * MINUTE, 3 * HOUR))


def rated(world: World) -> Iterator[Told]:
    """As above, and the reporter rates."""
    yield from ordinary(world)
    yield world.of_case("rate", {"score": world.pick((5, 5, 5, 4, 4, 3, 2))}, (1 * HOUR, 20 * HOUR))


def refused(world: World) -> Iterator[Told]:
    """Not a matter of the district: told so with the reason."""
    yield opened(world)
    data = {"accepted": "no", "refusal": "该地点由物业小区自行管理，已告知物业。"}
    yield world.move(ACCEPTOR, "accept", data, (5 * MINUTE, 90 * MINUTE))


def failed_check(world: World) -> Iterator[Told]:
    """The check finds it is not fixed; the crew comes again on the first clock."""
    yield opened(world)
    unit = _unit(world)
    yield from _accepted(world, unit)
    yield world.move(HANDLER, "handle", {"measure": "已临时围蔽"}, (1 * HOUR, 6 * HOUR), at=unit)
    yield world.move(INSPECTOR, "verify", {"fixed": False, "finding": "仍未修复"}, (10 * MINUTE, 3 * HOUR))
    yield world.move(HANDLER, "handle", {"measure": "已更换井盖"}, (1 * HOUR, 6 * HOUR), at=unit)
    yield world.move(INSPECTOR, "verify", {"fixed": True}, (10 * MINUTE, 3 * HOUR))


def sent_back(world: World) -> Iterator[Told]:
    """The unit says it is another's matter; the dispatcher chooses again."""
    yield opened(world)
    unit = _unit(world)
    yield from _accepted(world, unit)
    returned = {"to": "dispatch", "reason": "不属本单位职责"}
    yield world.move(HANDLER, "handle", returned, (30 * MINUTE, 4 * HOUR), verb="send_back", at=unit)
    unit = _unit(world)
    yield world.move(DISPATCHER, "dispatch", {"unit": unit}, (5 * MINUTE, 60 * MINUTE))
    yield world.move(HANDLER, "handle", {"measure": "已修复"}, (1 * HOUR, 12 * HOUR), at=unit)
    yield world.move(INSPECTOR, "verify", {"fixed": True}, (10 * MINUTE, 3 * HOUR))


def late(world: World) -> Iterator[Told]:
    """Fixed only after the limit."""
    yield opened(world)
    unit = _unit(world)
    yield from _accepted(world, unit)
    yield world.move(HANDLER, "handle", {"measure": "因缺配件延误，已修复"}, (26 * HOUR, 45 * HOUR), at=unit)
    yield world.move(INSPECTOR, "verify", {"fixed": True}, (10 * MINUTE, 3 * HOUR))


def left_open(world: World) -> Iterator[Told]:
    """Dispatched, and nobody comes."""
    yield opened(world)
    yield from _accepted(world, _unit(world))


MIX: dict[Callable[[World], Iterator[Told]], float] = {
    ordinary: 58, rated: 30, refused: 4, failed_check: 3, sent_back: 3, late: 1.41, left_open: 0.59,
}  # fmt: skip
SCENARIO = Scenario(PER_YEAR, MIX)
