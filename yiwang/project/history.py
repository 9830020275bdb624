"""A year of the demonstration district: all scenarios, told by its people at its places, up to now."""

from __future__ import annotations

import heapq
import importlib
import importlib.util
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter

from django.conf import settings

from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import district_code
from yiwang.engines.directory.seed import DEMO_PASSWORD, demo_people, people_by_role, show_town, spots
from yiwang.engines.stories.api import Story
from yiwang.engines.stories.scenario import Cast, Scenario, Spot
from yiwang.kernel.app import registry
from yiwang.kernel.clock import now
from yiwang.project import year
from yiwang.project.terminal import say
from yiwang.project.year import YEAR

SPOT_COUNT = 400
FRESH = timedelta(hours=30)
AGAIN = timedelta(minutes=35)
FRESH_COUNT, FRESH_STAGES = 16, 4
"""So that every desk of the demonstration finds work: cases of the last hours, each left after 0, 1, 2 or 3 moves."""


def scenarios() -> dict[str, Scenario]:
    """The year of each app that has one, by the app's key."""
    found = {}
    for app in registry.apps.values():
        name = f"yiwang.apps.{app.net}.{app.key}.scenario"
        if importlib.util.find_spec(name) is not None:
            found[app.key] = importlib.import_module(name).SCENARIO
    return found


def stories(scale: float, end: datetime, count: int = 1, number: int = 0) -> Iterator[Story]:
    """What all apps tell of the year before `end`, in order of time; or share `number` of `count` equal shares."""
    cast = _cast(district_code())
    told = [
        scenario.stories(app, cast, begin=end - YEAR, end=end, scale=scale / count, seed=number * 1000)
        for app, scenario in scenarios().items()
    ]
    return heapq.merge(*told, key=attrgetter("at"))


@lru_cache(maxsize=1)
def whole_cast() -> Cast:
    """The people and places of the whole district."""
    return _cast(district_code())


def _cast(place: str) -> Cast:
    """All people, and spots inside a division."""
    people = {key: tuple(holders) for key, holders in people_by_role().items()}
    return Cast(people, [Spot(*spot) for spot in spots(place, SPOT_COUNT)])


def unfinished(end: datetime) -> Iterator[Story]:
    """What lies on the desks of the town that the log-in cards show."""
    cast = _cast(show_town(district_code()))
    for app, scenario in scenarios().items():
        scale = FRESH_COUNT / (scenario.per_year * (FRESH / YEAR))
        told = scenario.stories(app, cast, begin=end - FRESH, end=end, scale=scale, seed=1)
        for number, story in enumerate(story for story in told if story.at < end):
            yield story._replace(moves=islice(story.moves, number % FRESH_STAGES))
            if number % (2 * FRESH_STAGES) == 0:
                yield from _again(story, end)


def _again(story: Story, end: datetime) -> Iterator[Story]:
    """Somebody else reports the same a little later from some steps away: duplicates for those who accept."""
    data, at = story.data, story.at + AGAIN
    if callable(data) or at >= end or not isinstance(data.get("place"), Mapping) or "description" not in data:
        return
    place = {**data["place"], "latitude": data["place"]["latitude"] + 0.0003}
    said = {"description": f"您好，{data['description']}，请尽快处理", "place": place}
    told = {key: data[key] for key in ("category",) if key in data} | said
    yield Story(story.type, at, told, story.actor, iter(()))


def told_year(scale: float, end: datetime, count: int = 1, number: int = 0) -> Iterator[Story]:
    """A share of the year, and with its first share what lies on the desks of a demonstration."""
    fresh = unfinished(end) if settings.DEMO and number == 0 else iter(())
    fresh = iter(sorted(fresh, key=attrgetter("at")))
    return heapq.merge(stories(scale, end, count, number), fresh, key=attrgetter("at"))


def replay(scale: float) -> str | None:
    """Carry the year through the engine, unless there are cases; a sentence, None when nothing was to do."""
    if scale <= 0 or Case.objects.exists():
        return None
    end, begun = now(), time.monotonic()
    rows = year.write_sets(district_code(), scale, end)
    cases, transitions = year.carry(scale, end)
    year.catch_up()
    seconds = time.monotonic() - begun
    say(year.figures_table(scale))
    also = f"，另有记录 {rows:,} 条" if rows else ""
    return f"回放一年历史：{cases:,} 件，{transitions:,} 步{also}（规模 {scale:g}，{seconds:,.0f} 秒）"


def demo_accounts() -> list[tuple[str, str, str, str]]:
    """(role and place, name, user name, password) of the cards on the log-in page."""
    people = demo_people(district_code())
    return [(f"{title} {division}", name, username, DEMO_PASSWORD) for title, name, username, division in people]
