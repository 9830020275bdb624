"""The centres on stories told through the real engine: who sees what, lists, shares, and who is sent."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import DISTRICT, ELSEWHERE, HERE, cast_of_it
from yiwang.apps.governance.dispatch.asked import LISTS, read_asked
from yiwang.apps.governance.dispatch.centres import centres
from yiwang.apps.governance.dispatch.nearness import Nearness, Spot, Standing, metres_between
from yiwang.apps.governance.dispatch.selectors import shares as kept
from yiwang.apps.governance.dispatch.selectors.listing import console
from yiwang.apps.governance.dispatch.selectors.responders import responders
from yiwang.apps.governance.dispatch.selectors.shares import shares
from yiwang.apps.governance.dispatch.services.assigning import assign
from yiwang.engines.cases.api import case_view, seen_cases, sweep_all
from yiwang.engines.datahub.api import refresh
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for, create_account, organisation_for
from yiwang.engines.stories.scenario import World, tell
from yiwang.engines.trust.api import history
from yiwang.kernel.app import app_modules
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

scenario = {key: module for _, key, module in app_modules("scenario")}["city_incident"]
BEGIN = china(2021, 10, 11, 9)
NOW = china(2021, 10, 15, 10)
STORIES = {
    "assisted": (scenario.assisted, 3), "returned": (scenario.sent_back, 4), "ruling": (scenario.ruled, 8),
    "ruled": (scenario.ruled, 9), "risen": (scenario.risen, 3), "district": (scenario.left_open, 3),
    "new": (scenario.ordinary, 1), "closed": (scenario.ordinary, 9), "in_village": (scenario.in_the_village, 9),
}  # fmt: skip
"""Each story up to a step; the last two to their end."""


def person(username):
    return actor_for(User.objects.get(username=username))


def open_story(story, count, seed=0, at=BEGIN):
    world = World("city_incident", cast_of_it(), random.Random(seed))
    return tell(world, lambda world: itertools.islice(story(world), count), at).id


@pytest.fixture(scope="module")
def made(small_district):
    """One incident of each, one in the village now, and one of the other town."""
    found = {name: open_story(story, count) for name, (story, count) in STORIES.items()}
    with frozen(NOW):
        sweep_all(NOW)
    fresh = NOW - timedelta(minutes=30)
    found["village"] = open_story(scenario.risen, 3, at=fresh - timedelta(days=1, hours=-5))
    found["elsewhere"] = open_story(scenario.ordinary, 1, seed=3)
    with connection.cursor() as cursor:
        for table in ("case", "token", "due"):
            key = "id" if table == "case" else "case_id"
            cursor.execute(f"UPDATE cases_{table} SET division = %s WHERE {key} = %s", [ELSEWHERE, found["elsewhere"]])
    refresh()
    return found


@pytest.fixture
def stage(made, db):
    """The same at one instant, to be changed and rolled back."""
    with frozen(NOW):
        yield made


def counts(actor, asked):
    """The figures of the page."""
    return console(actor, asked)[0]


def listed(actor, asked, **more):
    """The list of the page."""
    return console(actor, asked, **more)[1]


def names_of(stage, actor, **given):
    """Names of the incidents a list shows."""
    names = {id: name for name, id in stage.items()}
    return {names[row.id] for row in listed(actor, read_asked(actor, given)).rows}


RUNNING = {"assisted", "returned", "ruling", "ruled", "risen", "district", "new", "village", "elsewhere"}
VILLAGE_HANDLER = f"{HERE}001-village_handler"


@pytest.mark.parametrize(
    ("username", "kind", "expected"),
    [
        (f"{DISTRICT}-supervisor", "district", RUNNING),
        (f"{HERE}-dispatcher", "town", RUNNING - {"elsewhere"}),
        (f"{ELSEWHERE}-dispatcher", "town", {"elsewhere"}),
        (f"{HERE}-handler-traffic", "department", {"assisted"}),
        (VILLAGE_HANDLER, "village", {"village"}),
        (f"{DISTRICT}-district_handler-traffic", "department", {"district"}),
    ],
)
def test_each_centre_commands_its_own_and_no_more(stage, username, kind, expected):
    actor = person(username)
    assert [one.kind for one in centres(actor)] == [kind]
    assert names_of(stage, actor) == expected
    found = counts(actor, read_asked(actor, {}))
    assert found.lists["all"] == len(expected) and sum(one.tasks for one in found.steps) >= len(expected)
    for id in {stage[name] for name in expected}:
        case_view(actor, id)  # Nothing is listed that may not be opened.
    with pytest.raises(NotFound):
        read_asked(actor, {"centre": f"town-{DISTRICT}"})


def test_who_has_no_part_in_incidents_has_no_centre(stage):
    for actor in (Actor(7, "某人"), person(f"{HERE}-town_assessor")):
        with pytest.raises(NotAllowed):
            read_asked(actor, {})


def test_lists_tell_what_rose_came_back_was_ruled_and_is_late_with_reasons(stage):
    town, district = person(f"{HERE}-dispatcher"), person(f"{DISTRICT}-supervisor")
    found = {key: names_of(stage, town, list=key) for key in LISTS}
    assert found["returned"] == {"returned", "ruling"} and found["ruling"] == {"ruling"}
    assert found["ruled"] == {"ruled"} and found["late_helpers"] == {"assisted"}
    assert "risen" in found["risen"] and found["risen"].isdisjoint({"new", "village"})
    assert names_of(stage, district, list="risen") <= found["risen"], "what only came up to the town is the town's"
    figures = counts(town, read_asked(town, {}))
    assert {key: len(names) for key, names in found.items()} == figures.lists
    rows = {row.id: row for row in listed(town, read_asked(town, {})).rows}
    returned, ruled = rows[stage["returned"]], rows[stage["ruled"]]
    assert (returned.returns, returned.returned_because) == (1, "不属本单位职责") and returned.returned_by
    assert ruled.ruled_by and ruled.ruled_at is not None
    assert rows[stage["risen"]].risen_at is not None
    assert rows[stage["assisted"]].late_helpers == (organisation_for(HERE, "traffic"),)


def test_urgent_ones_come_first_filters_narrow_and_pages_go_both_ways(stage):
    actor = person(f"{DISTRICT}-supervisor")
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE cases_case SET data = data || \'{"urgency": "urgent"}\' WHERE id = %s', [stage["village"]]
        )
    whole = [row.id for row in listed(actor, read_asked(actor, {})).rows]
    first = listed(actor, read_asked(actor, {}), size=1).rows[0]
    assert first.is_urgent
    seen, after = [], ""
    while True:
        page = listed(actor, read_asked(actor, {"after": after}), size=2)
        seen += [row.id for row in page.rows]
        if not (after := page.after):
            break
    assert seen == whole
    back = listed(actor, read_asked(actor, {"before": page.before}), size=2)
    assert [row.id for row in back.rows] == whole[-len(page.rows) - 2 : len(whole) - len(page.rows)]
    with pytest.raises(NotFound):
        listed(actor, read_asked(actor, {"after": "0_x_y"}))
    assert names_of(stage, actor, town=ELSEWHERE) == {"elsewhere"}
    assert names_of(stage, actor, level="village") == {"village"}
    assert "district" in names_of(stage, actor, unit="traffic", level="district")
    assert names_of(stage, actor, step="assist") == {"assisted"}
    below = {one.key: one.cases for one in counts(actor, read_asked(actor, {})).below}
    assert below == {HERE: len(RUNNING) - 1, ELSEWHERE: 1}


def test_shares_of_what_each_level_solved_are_those_of_the_statistics(stage):
    def of(username):
        actor = person(username)
        return {one.level: (one.solved, one.closed) for one in shares(actor, centres(actor)[0]).rows}

    assert of(f"{HERE}-dispatcher") == {"village": (1, 2), "town": (1, 2), "district": (0, 2)}
    assert of(f"{ELSEWHERE}-dispatcher") == {"village": (0, 0), "town": (0, 0), "district": (0, 0)}


def test_shares_are_counted_once_a_minute_for_each_centre(stage, monkeypatch):
    counted, clock = [], [1000.0]
    monkeypatch.setattr(kept, "_kept", {})
    monkeypatch.setattr(kept, "monotonic", lambda: clock[0])
    monkeypatch.setattr(kept, "shares", lambda actor, centre: counted.append(centre.key) or shares(actor, centre))
    town, other = person(f"{HERE}-dispatcher"), person(f"{ELSEWHERE}-dispatcher")
    for actor in (town, town, other):
        assert kept.recent_shares(actor, centres(actor)[0]) == shares(actor, centres(actor)[0])
    assert counted == [f"town-{HERE}", f"town-{ELSEWHERE}"]
    clock[0] += kept.KEPT_FOR
    kept.recent_shares(town, centres(town)[0])
    with frozen(NOW + timedelta(days=31)):
        kept.recent_shares(town, centres(town)[0])
    assert counted[2:] == [f"town-{HERE}"] * 2, "a minute later, and in another month"


def test_a_page_costs_two_statements_however_many_cases_there_are(stage, django_assert_num_queries):
    actor = person(f"{DISTRICT}-supervisor")
    asked = read_asked(actor, {})
    console(actor, asked)
    with django_assert_num_queries(1):  # The queue is read beside it, on the cursor of the case engine.
        console(actor, asked)
    client = Client()
    client.force_login(User.objects.get(username=f"{DISTRICT}-supervisor"))

    def cost(query):
        counts = []
        for _ in range(3):  # What a cache looks up once a second is not the page's.
            with CaptureQueriesContext(connection) as queries:
                page = client.get(f"/governance/dispatch/?{query}")
            assert page.status_code == 200
            counts.append(len(queries))
        return min(counts), page.content.decode()

    before, _ = cost("list=all")
    for seed in range(30):
        open_story(scenario.ordinary, 1, seed=seed, at=NOW - timedelta(hours=20))
    after, text = cost("list=all")
    assert after <= before <= 12 and "下一页" in text
    assert "不属本单位职责" in cost("list=returned")[1]


PLACE = (113.0, 23.0)


def standing(number, held, metres=None, minutes=0):
    """Somebody so many metres north of the place so many minutes ago."""
    if metres is None:
        return Standing(number, held)
    return Standing(number, held, Spot(PLACE[0], PLACE[1] + metres / 111_320, NOW - timedelta(minutes=minutes)))


def test_the_nearest_idle_one_is_first_and_an_old_position_counts_as_farther():
    people = [
        standing(1, 2, 50), standing(2, 0, 900, 10), standing(3, 0, 300, 120), standing(4, 0),
        standing(5, 0, 10, 60 * 13), standing(6, 0, 1500, 5), standing(7, 1, 20),
    ]  # fmt: skip
    found = Nearness(metres_per_hour=600).ranked(people, PLACE, NOW)
    assert [one.standing.person for one in found] == [2, 3, 6, 4, 5, 7, 1]
    assert [one.metres for one in found] == [900, 300, 1500, None, None, 20, 50]
    assert [one.is_busy for one in found] == [False] * 5 + [True] * 2
    assert all(one.metres is None for one in Nearness().ranked(people, None, NOW))
    assert Nearness(busy_from=3).ranked(people, PLACE, NOW)[0].standing.person == 7
    assert metres_between((113.0, 23.0), (113.01, 23.0)) == pytest.approx(1024.7, rel=0.005)


def fresh_case(story=scenario.assisted, count=3, hours=3):
    """Dispatched this morning to the town's office."""
    return open_story(story, count, at=NOW - timedelta(hours=hours))


def test_the_dispatcher_sends_the_nearest_idle_handler_and_the_journal_says_why(stage):
    dispatcher, usual = person(f"{HERE}-dispatcher"), User.objects.get(username=f"{HERE}-handler-urban")
    fresh_case(count=4, hours=21)  # Handled by the usual one, who was there.
    place = {"role": "city_incident.handler", "organisation": organisation_for(HERE, "urban"), "division": HERE}
    away, _ = create_account(SYSTEM, username="away-handler", name="远处", **place, from_on=date(2021, 1, 1))
    case, other = fresh_case(), fresh_case()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET longitude = longitude + 0.01 WHERE id = %s", [case])
    found = responders(dispatcher, case)
    assert [one.holder.id for one in found.rows] == [usual.pk, away.pk], "handlers of the leading unit alone"
    assert found.rows[0].ranked.metres == pytest.approx(1025, abs=5) and found.rows[1].ranked.metres is None
    with pytest.raises(InvalidInput):
        assign(dispatcher, case, User.objects.get(username=f"{HERE}-handler-water").pk)
    assign(dispatcher, case, usual.pk, seen=found.view.case.sequence)
    token = next(one for one in seen_cases(SYSTEM, [case])[case].state.open_tasks() if one.assignee == usual.pk)
    last = orjson.loads(history(SYSTEM, case)[-1].payload)
    assert (last["verb"], last["token"]) == ("transfer", token.no) and last["arguments"]["to"] == usual.pk
    assert last["arguments"]["reason"] == f"就近派单：空闲，距现场约 {found.rows[0].ranked.metres} 米。"
    assert next(one for one in responders(dispatcher, case).rows if one.holder.id == usual.pk).has_it
    with pytest.raises(Conflict):
        assign(dispatcher, case, usual.pk)
    with pytest.raises(Conflict):
        assign(dispatcher, case, away.pk, seen=found.view.case.sequence)  # Somebody moved it meanwhile.
    then = responders(dispatcher, other).rows
    assert [(one.holder.id, one.ranked.standing.held) for one in then] == [(away.pk, 0), (usual.pk, 1)]


def test_only_those_who_may_give_tasks_away_see_where_colleagues_are(stage):
    with pytest.raises(NotFound):
        responders(person(f"{ELSEWHERE}-dispatcher"), stage["assisted"])
    village = responders(person(f"{HERE}-dispatcher"), stage["village"])
    assert {one.holder.id for one in village.rows} == {User.objects.get(username=VILLAGE_HANDLER).pk}
    district = responders(person(f"{DISTRICT}-supervisor"), stage["district"])
    assert [one.holder.id for one in district.rows] == [
        User.objects.get(username=f"{DISTRICT}-district_handler-traffic").pk
    ]
    waiting = responders(person(f"{HERE}-dispatcher"), stage["returned"])
    assert waiting.task is None and waiting.is_known, "a preview before it is sent"
    with pytest.raises(Conflict):
        assign(person(f"{HERE}-dispatcher"), stage["returned"], waiting.rows[0].holder.id)
    assert not responders(person(f"{HERE}-dispatcher"), stage["new"]).is_known
    with pytest.raises(NotAllowed):
        responders(person(f"{HERE}-handler-urban"), fresh_case())


def test_the_panel_comes_with_the_case_page_of_who_may_send(stage):
    def page(username, address):
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client.get(address).content.decode()

    case = fresh_case()
    panel = f"/governance/dispatch/cases/{case}/responders/"
    assert panel in page(f"{HERE}-dispatcher", f"/work/cases/{case}/")
    assert panel not in page(f"{HERE}-handler-urban", f"/work/cases/{case}/")
    assert 'id="responders"' in page(f"{HERE}-dispatcher", panel) and "派给此人" in page(f"{HERE}-dispatcher", panel)
