"""Reports of one problem in the year: merged by people in a told story, set-wise in a replay, counted once."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import islice
from operator import attrgetter

import orjson
import pytest

from tests.small_district import BEGIN, cast_of_it
from yiwang.apps.governance.city_incident import scenario
from yiwang.apps.governance.city_incident.figures import counted
from yiwang.engines.cases.api import case_view, followed, seen_cases
from yiwang.engines.cases.models import Case
from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.gathering.api import following, gathered, repeated
from yiwang.engines.stories.api import Replay
from yiwang.engines.stories.scenario import Cast, Scenario, Spot, World
from yiwang.engines.trust.api import history, verify

INCIDENT = "city_incident.incident"
ONLY = Scenario(365, {scenario.reported_again: 100})


def dispatched(world):
    """Reported twice, merged, and nobody has come yet."""
    kind = scenario.KINDS["rubble"]
    yield scenario.opened(world, kind)
    again = scenario._again(world, kind)
    yield again._replace(moves=islice(again.moves, 1))
    yield scenario._accept(world, kind)
    yield scenario._dispatch(world, kind)


def members(case):
    """The cases merged into this one."""
    return [one.case for one in gathered(case_view(SYSTEM, case.id)).members]


def verbs(case):
    return [orjson.loads(entry.payload)["verb"] for entry in history(SYSTEM, case.id)]


def answer_of(case):
    """What the reporter of a case reads in the end."""
    found = followed(Actor(None, "上报人", proof=case.id), case.id)
    return found.status, found.outcome, [one.values["measure"] for one in found.answers]


def replayed(days, until=None, scene=ONLY):
    """The mains of a replay of so many days, one story a day."""
    end = BEGIN + timedelta(days=days)
    told = list(scene.stories("city_incident", cast_of_it(), begin=BEGIN, end=end, scale=1))
    Replay(told, until or end + timedelta(days=20)).run()
    return told


def all_cases():
    """Every incident in order of its opening."""
    found = seen_cases(SYSTEM, list(Case.objects.filter(type=INCIDENT).values_list("id", flat=True)))
    return sorted(found.values(), key=attrgetter("opened_at"))


@pytest.mark.parametrize("seed", range(4))
def test_each_of_several_reporters_is_answered_and_one_clock_runs(told, seed):
    main = told("city_incident", scenario.reported_again, seed=seed)
    others = members(main)
    assert 1 <= len(others) <= 3
    assert (main.state.status, main.state.outcome) == ("closed", "closed") and main.closed_at <= main.due_at
    for other in others:
        assert verbs(other)[:3] == ["open", "suspend", "settle"], "it rests from the merging to the end of its main"
        assert answer_of(other) == answer_of(main) == ("closed", "closed", ["已现场处理完毕"])
        assert other.number != main.number and other.closed_at >= main.closed_at
        assert differences(other.id) == []
        found = following(followed(Actor(None, "上报人", proof=other.id), other.id))
        assert (found.main_number, found.is_settled) == (main.number, True)
    assert verbs(main).count("comment") == len(others), "the main's history names each"


def test_only_the_clock_of_the_main_runs(told):
    main = told("city_incident", dispatched)
    assert main.state.status == "open" and any(not clock.is_stopped for clock in main.state.clocks.values())
    (other,) = members(main)
    assert other.state.status == "suspended"
    assert other.state.clocks and all(clock.is_stopped for clock in other.state.clocks.values())


@pytest.mark.usefixtures("small_district", "db")
def test_a_replay_merges_and_answers_as_people_do():
    told = replayed(20)
    cases = all_cases()
    mains = [case for case in cases if members(case)]
    others = [other for main in mains for other in members(main)]
    assert len(mains) == len(told) == 20 and len(cases) == len(mains) + len(others)
    assert {len(members(main)) for main in mains} == {1, 2, 3}
    for main in mains:
        for other in members(main):
            assert verbs(other)[:3] == ["open", "suspend", "settle"]
            assert answer_of(other) == answer_of(main)
            assert other.closed_at == main.closed_at and not other.state.clocks
            assert {"fire"}.isdisjoint(verbs(other)), "no limit of a report that rests is warned of"
    rated = [verbs(other)[3:] for other in others]
    assert ["rate"] in rated and [] in rated, "some rate what they were answered, each for himself"
    assert [differences(case.id) for case in cases] == [[]] * len(cases)
    assert verify([case.id for case in cases]).fault is None
    assert repeated(SYSTEM, BEGIN, BEGIN + timedelta(days=40), INCIDENT) == (len(cases), len(others))
    assert {key: value for key, (_, value) in counted().items()} == {
        "incidents": 20, "closure_rate": 1.0, "merged": len(others),
    }  # fmt: skip


@pytest.mark.usefixtures("small_district", "db")
def test_a_report_that_rests_is_no_unsolved_problem():
    replayed(1, scene=Scenario(365, {dispatched: 100}))
    main, other = all_cases()
    assert (main.state.status, other.state.status) == ("open", "suspended")
    assert [value for _, value in counted().values()] == [1, 0.0, 1]


def test_of_a_year_two_in_a_hundred_problems_are_reported_more_than_once():
    assert scenario.MIX[scenario.reported_again] / sum(scenario.MIX.values()) == pytest.approx(0.02)
    rng = random.Random(1)
    told = [list(scenario.reported_again(World("city_incident", cast(), rng))) for _ in range(300)]
    further = [sum(hasattr(one, "opens_itself") for one in story) for story in told]
    assert set(further) == {1, 2, 3}


@pytest.mark.usefixtures("small_district", "db")
def test_a_year_holds_objections_upheld_and_refused():
    replayed(12, scene=Scenario(365, {scenario.appealed: 100}))
    outcomes = Case.objects.filter(type="city_incident.timeout_appeal").values_list("outcome", flat=True)
    assert set(outcomes) == {"granted", "rejected"}


def cast():
    """Nobody, at one place: enough to hear a story."""
    return Cast({}, [Spot(112.9, 23.0, "4406051240010001")])
