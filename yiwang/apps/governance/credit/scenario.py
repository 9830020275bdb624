"""A year of objections and repairs. The entries they are about grow out of the incidents of the same year, so that a
story told alone meets none: a story here opens a case that the check refuses, as happens with a wrong number in life.
The tests tell the others, with entries of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from yiwang.apps.governance.credit.app import OBJECTION, REPAIR_CASE
from yiwang.engines.stories.scenario import Scenario, Told, World

PER_YEAR = 20
NO_ENTRY = "999999999999"


def objected_in_vain(world: World) -> Iterator[Told]:
    """The number given is of no entry."""
    words = world.pick(("并非本单位管养路段", "当日台风停工", "系统派错单位"))
    yield world.open(OBJECTION, {"entry": NO_ENTRY, "ground": "fact", "explanation": words})


def repair_in_vain(world: World) -> Iterator[Told]:
    """Repair is asked for an entry that does not exist."""
    data = {"entry": NO_ENTRY, "done": "已完成整改", "commitment": "每周自查一次"}
    yield world.open(REPAIR_CASE, data)


MIX: dict[Callable[[World], Iterator[Told]], float] = {objected_in_vain: 70, repair_in_vain: 30}
SCENARIO = Scenario(PER_YEAR, MIX)
