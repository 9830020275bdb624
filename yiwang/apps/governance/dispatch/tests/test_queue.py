"""The queue is a copy of the cases at every moment, and what is counted from it is what the cases say."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.small_district import DISTRICT, ELSEWHERE, HERE, cast_of_it
from yiwang.apps.governance.dispatch.asked import LISTS, Asked
from yiwang.apps.governance.dispatch.centres import DISTRICT as OF_DISTRICT
from yiwang.apps.governance.dispatch.centres import TOWN, Centre
from yiwang.apps.governance.dispatch.incidents import TYPE
from yiwang.apps.governance.dispatch.models import QueuedTask
from yiwang.apps.governance.dispatch.selectors import listing, queue
from yiwang.apps.governance.dispatch.selectors.counting import counts
from yiwang.apps.governance.dispatch.selectors.listing import console
from yiwang.apps.governance.dispatch.selectors.queue import Queue, read_queue
from yiwang.apps.governance.dispatch.selectors.statements import COLUMNS
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.gathering.api import merge
from yiwang.engines.processes.api import PERSONAL
from yiwang.engines.stories import scenario as stories
from yiwang.engines.stories.scenario import World, tell
from yiwang.kernel.app import app_modules
from yiwang.kernel.clock import china, frozen

scenario = {key: module for _, key, module in app_modules("scenario")}["city_incident"]
BEGIN, NOW = china(2021, 10, 11, 9), china(2021, 10, 15, 10)
WHOLE = Asked(Centre(OF_DISTRICT, DISTRICT))
_ALL = "SELECT id FROM cases_case WHERE type = %s"


def copied(*cases: UUID) -> set[tuple[Any, ...]]:
    """Rows of the queue, of these cases or of all."""
    names = [field.attname for field in QueuedTask._meta.fields if field.attname not in ("pk", "marks")]
    rows = QueuedTask.objects.filter(case_id__in=cases) if cases else QueuedTask.objects.all()
    return set(rows.values_list(*names))


def derived(*cases: UUID) -> set[tuple[Any, ...]]:
    """The same from the cases as the engine reads them, in another language."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL, [TYPE])
        ids = cases or [row[0] for row in cursor.fetchall()]
    found = set()
    for case in seen_cases(SYSTEM, ids).values():
        data, memory, nodes = case.state.data, case.state.memory, case.graph.nodes
        limits = {clock.token: clock.due_at for clock in case.state.clocks.values() if clock.kind == "task"}
        facts = data.get("facts") or {}
        is_urgent = data.get("urgency") == "urgent" or facts.get("is_urgent") in (True, "true")
        of_case = (
            case.division, case.version, case.category, case.state.status, data.get("level") or "",
            data.get("unit") or "", is_urgent, int(data.get("risen") or 0),
            bool(memory.get("returned")), "ruling" in memory.get("visited", {}),
        )  # fmt: skip
        found |= {
            (case.id, t.no, *of_case, nodes[t.node].key, t.assignee, t.organisation, limits.get(t.no))
            for t in case.state.tokens.values() if t.status in PERSONAL
        }  # fmt: skip
    return found


def test_the_queue_is_as_the_cases_stand_after_each_step_of_every_story(
    small_district: None, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, sizes = stories._Telling._act, set()

    def compared(telling: Any, turn: Any, move: Any) -> None:
        act(telling, turn, move)
        held = copied(turn.case)
        if seen_cases(SYSTEM, [turn.case])[turn.case].graph.type == TYPE:
            assert held == derived(turn.case), f"after {move.verb} {move.node}"
        sizes.add(len(held))

    monkeypatch.setattr(stories._Telling, "_act", compared)
    for seed, story in enumerate(scenario.MIX):
        tell(World("city_incident", cast_of_it(), random.Random(seed)), story, BEGIN)
    assert copied() == derived() and len(sizes) > 2


def test_a_centre_with_nothing_in_work_shows_nothing(some: list[UUID]) -> None:
    found, page = console(SYSTEM, Asked(Centre(TOWN, ELSEWHERE)))
    assert (found.steps, found.below, page.rows, page.after, page.before) == ((), (), (), "", "")
    assert found.lists == dict.fromkeys(LISTS, 0)


@pytest.fixture
def some(told_once: list[UUID], db: None) -> list[UUID]:
    """Incidents on all steps, to be changed and rolled back."""
    return told_once


@pytest.fixture(scope="module")
def told_once(small_district: None) -> list[UUID]:
    told = [(scenario.assisted, 3), (scenario.ruled, 8), (scenario.risen, 3), (scenario.ordinary, 1)]
    found = []
    for seed, (story, count) in enumerate(told * 3):
        world = World("city_incident", cast_of_it(), random.Random(seed))
        first = tell(world, lambda world, story=story, count=count: itertools.islice(story(world), count), BEGIN)
        found.append(first.id)
    return found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cases_token SET status = 'inside' WHERE case_id = %s",
        "UPDATE cases_token SET status = 'claimed', assignee = 7, due_at = due_at + interval '1 day' WHERE case_id = %s",
        "UPDATE cases_token SET due_at = NULL, organisation = NULL WHERE case_id = %s",
        f"UPDATE cases_case SET division = '{ELSEWHERE}', category = 'lamp' WHERE id = %s",
        "UPDATE cases_case SET data = data - 'level' - 'unit' || '{\"urgency\": \"urgent\"}' WHERE id = %s",
        "UPDATE cases_case SET memory = '{}' WHERE id = %s",
        "DELETE FROM cases_token WHERE case_id = %s",
    ],
)
def test_whoever_writes_the_queue_follows(some: list[UUID], change: str) -> None:
    def rows() -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT t.case_id, t.no, c.division, c.category, c.status, c.data ->> 'level', c.data ->> 'unit',
                coalesce(c.data ->> 'urgency' = 'urgent' OR c.data #>> '{facts,is_urgent}' = 'true', false),
                t.node, t.assignee, t.organisation, t.due_at
                FROM cases_token AS t JOIN cases_case AS c ON c.id = t.case_id
                WHERE t.status = ANY(%s) AND t.type = %s ORDER BY 1, 2""",
                [list(PERSONAL), TYPE],
            )
            return [tuple("" if value is None and 4 < at < 7 else value for at, value in enumerate(row)) for row in cursor]

    names = (
        "case_id", "no", "division", "category", "status", "level", "unit", "is_urgent", "node", "assignee",
        "organisation", "due_at",
    )  # fmt: skip
    before = rows()
    with connection.cursor() as cursor:
        for case in some:
            cursor.execute(change, [case])
        if "inside" in change:
            assert not QueuedTask.objects.exists()
            cursor.execute("UPDATE cases_token SET status = 'open'")
    assert list(QueuedTask.objects.order_by("case_id", "no").values_list(*names)) == rows()
    assert rows() != before or "memory" in change or "inside" in change


def test_figures_are_those_of_the_cases_themselves(some: list[UUID]) -> None:
    with frozen(NOW):
        found = counts(read_queue(SYSTEM, WHOLE), WHOLE)
        rows = [one for one in derived() if one[5] in ("open", "suspended")]
        tasks = Counter(one[12] for one in rows)
        late = Counter(one[12] for one in rows if one[15] is not None and one[15] < NOW and one[5] == "open")
        assert {one.key: (one.tasks, one.late) for one in found.steps} == {key: (tasks[key], late[key]) for key in tasks}
        towns = Counter({one[0]: one[2] for one in rows}.values())
        assert {one.key: one.cases for one in found.below} == dict(towns) == {HERE: len(some)}
        nearest = min(one[15] for one in rows if one[15] is not None and one[5] == "open")
        assert min(one.due for one in found.steps if one.due) == nearest == found.below[0].due
        wanted = {
            "all": rows, "urgent": [one for one in rows if one[8]], "risen": [one for one in rows if one[9] >= 2],
            "returned": [one for one in rows if one[10] and not one[11]], "ruled": [one for one in rows if one[11]],
            "ruling": [one for one in rows if one[12] == "ruling"],
            "late_helpers": [
                one for one in rows if one[12] == "assist" and one[15] and one[15] < NOW and one[5] == "open"
            ],
        }  # fmt: skip
        assert found.lists == {name: len({one[0] for one in held}) for name, held in wanted.items()}
        town = Asked(Centre(TOWN, HERE))
        units = Counter({one[0]: one[7] for one in rows}.values())
        assert {one.key: one.cases for one in counts(read_queue(SYSTEM, town), town).below} == dict(units)


def test_a_merged_incident_is_not_in_the_queue_of_a_centre(some: list[UUID]) -> None:
    main, other = some[0], some[4]
    merge(SYSTEM, other, main, "同一处")
    assert QueuedTask.objects.filter(case_id=other).exists(), "it rests as it stood"
    asked = read_queue(SYSTEM, WHOLE)
    shown = {asked.id_at(place) for place in asked.starts}
    assert shown == set(some) - {other} and counts(asked, WHOLE).lists["all"] == len(some) - 1


class TestPages:
    """Lists over any queue, without a database."""

    @staticmethod
    def queue(tasks: list[tuple[int, int, bool]]) -> Queue:
        """Tasks of incidents by number, with hours to their limit; urgency is the incident's."""
        urgent = {case: flag for case, _, flag in tasks}
        columns = {name: [] for name in COLUMNS}
        for case, hours, _ in tasks:
            columns["ids"] += [case // 3, case]
            columns["due"].append(queue.microseconds(NOW + timedelta(hours=hours)))
            columns["marks"].append(1 + 2 * urgent[case])
        size = len(tasks)
        columns |= {"nodes": [5] * size, "below": [5] * size}
        return Queue(
            {name: np.array(values, dtype=queue._WIDTHS[name]).tobytes() for name, values in columns.items()}, NOW, None
        )

    @given(
        st.lists(st.tuples(st.integers(0, 30), st.integers(-3, 3), st.booleans()), max_size=60), st.integers(1, 9)
    )
    def test_pages_hold_every_incident_once_in_order_both_ways(
        self, tasks: list[tuple[int, int, bool]], size: int
    ) -> None:
        held = self.queue(tasks)
        urgent = {case: flag for case, _, flag in tasks}
        least: dict[int, int] = {}
        for case, hours, _ in tasks:
            least[case] = min(hours, least.get(case, hours))
        expected = sorted(
            (int(not urgent[case]), NOW + timedelta(hours=least[case]), UUID(int=case // 3 << 64 | case))
            for case in least
        )
        ahead = [tuple(one) for one in self.walked(held, size, "after")]
        back = [tuple(one) for one in self.walked(held, size, "before")]
        assert ahead == expected
        assert back == expected[::-1][1:], "what comes before the last one, the nearest first"

    @staticmethod
    def walked(held: Queue, size: int, way: str) -> list[Any]:
        whole = listing._chosen(held, WHOLE, None, 1000)
        found: list[Any] = []
        place = whole[-1] if way == "before" and whole else None
        while page := listing._chosen(held, Asked(WHOLE.centre, **{way: "x"}), place, size):
            found += page
            place = page[-1]
        return found


def test_instants_go_there_and_back() -> None:
    at = datetime(2021, 10, 15, 2, 3, 4, 567_891, tzinfo=UTC)
    assert queue.instant(queue.microseconds(at)) == at
