"""A year of objections and repairs. The entries they could be about grow out of the incidents of the same year, only
when that is over; so a story told alone names a number nobody has, and those who look into it find so. The tests tell
the others, with entries of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiwang.apps.governance.credit.app import KEEPER, OBJECTION, REPAIR_CASE, REVIEWER
from yiwang.engines.stories.scenario import Scenario, Told, World

PER_YEAR = 20
NO_ENTRY = "999999999999"
HOUR = 3600.0


def _looked_into(world: World) -> Iterator[Told]:
    review = {"agrees": "no", "opinion": "编号与信用记录不符，已告知申请单位"}
    yield world.move(REVIEWER, "review", review, (1 * HOUR, 20 * HOUR))
    yield world.move(KEEPER, "decide", {"upheld": "no", "grounds": "没有这条记录"}, (1 * HOUR, 20 * HOUR))


def objected_in_vain(world: World) -> Iterator[Told]:
    """The number given is of no entry."""
    words = world.pick(("并非本单位管养路段", "当日台风停工", "系统派错单位"))
    yield world.open(OBJECTION, {"entry": NO_ENTRY, "ground": "fact", "explanation": words})
    yield from _looked_into(world)


def repair_in_vain(world: World) -> Iterator[Told]:
    """Repair is asked for an entry that does not exist."""
    yield world.open(REPAIR_CASE, {"entry": NO_ENTRY, "done": "已完成整改", "commitment": "每周自查一次"})
    yield from _looked_into(world)


MIX: dict[Callable[[World], Iterator[Told]], float] = {objected_in_vain: 70, repair_in_vain: 30}
SCENARIO = Scenario(PER_YEAR, MIX)
