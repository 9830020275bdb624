"""Lists show exactly what `may_see` lets an actor see, whoever it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.engines.cases.api import may_see
from yiwang.engines.cases.models import Case
from yiwang.engines.cases.rights import holds
from yiwang.engines.cases.store.loading import look
from yiwang.engines.cases.store.tables import open_cursor
from yiwang.engines.directory.api import ANONYMOUS, SYSTEM, Actor, Grant, User
from yiwang.engines.directory.models import Organisation
from yiwang.engines.worklists.api import BOXES, Search, counts, page
from yiwang.engines.worklists.tests.conftest import holder, person

pytestmark = pytest.mark.usefixtures("filled", "db")
ROLES = tuple(
    f"city_incident.{key}" for key in ("acceptor", "dispatcher", "handler", "inspector", "supervisor", "nobody")
)
DIVISIONS = ("", "44", DISTRICT, HERE, ELSEWHERE, f"{HERE}001", "440606")


@st.composite
def actors(draw: st.DrawFn, divisions: tuple[str, ...] = DIVISIONS) -> Actor:
    """Anybody: several grants of any reach in these divisions, a seeded user or a stranger, offices or none."""
    users = list(User.objects.order_by("id").values_list("id", flat=True))
    offices = list(Organisation.objects.order_by("id").values_list("id", flat=True))
    grants = draw(
        st.lists(
            st.builds(
                Grant,
                role=st.sampled_from(ROLES),
                verbs=st.just(frozenset({"transfer"})),
                division=st.sampled_from(divisions),
                organisation=st.none() | st.sampled_from(offices),
                sees=st.sampled_from(("division", "organisation", "own")),
            ),
            max_size=4,
        )
    )
    held = draw(st.lists(st.sampled_from(offices), max_size=2, unique=True))
    return Actor(draw(st.sampled_from([*users, 10**9])), "某人", None, tuple(grants), organisation_ids=tuple(held))


def all_cases() -> dict[Any, Any]:
    return look(open_cursor(), list(Case.objects.values_list("id", flat=True)))


@given(actors())
def test_all_in_reach_is_what_may_be_seen(actor: Actor) -> None:
    cases = all_cases()
    seen = {case.id for case in cases.values() if may_see(actor, case)}
    found = page(actor, Search(box="all"), size=100)
    listed = [row.id for row in found.rows]
    assert set(listed) == seen
    assert len(listed) == found.total == len(seen)


@given(actors())
def test_no_box_shows_or_counts_what_may_not_be_seen(actor: Actor) -> None:
    cases = all_cases()
    figures = counts(actor)
    for box in BOXES:
        found = page(actor, Search(box=box), size=100)
        assert all(may_see(actor, cases[row.id]) for row in found.rows), box
        assert len({row.key for row in found.rows}) == len(found.rows) == figures.boxes.get(box, len(found.rows)), box


@given(actors())
def test_my_post_holds_the_open_tasks_of_its_roles(actor: Actor) -> None:
    wanted = {
        (case.id, token.no)
        for case in all_cases().values()
        for token in case.state.tokens.values()
        if token.status == "open" and token.assignee is None and may_see(actor, case)
        and holds(actor, token.role, case.division, token.organisation)
    }  # fmt: skip
    assert {(row.id, row.no) for row in page(actor, Search(box="post"), size=100).rows} == wanted


@given(actors(), st.sampled_from((HERE, ELSEWHERE, f"{HERE}001", DISTRICT)))
def test_a_filter_by_division_only_narrows(actor: Actor, area: str) -> None:
    everything = page(actor, Search(box="all"), size=100).rows
    found = page(actor, Search(box="all", area=area), size=100).rows
    assert [row.id for row in found] == [row.id for row in everything if row.area.startswith(area)]


def test_a_stranger_and_a_visitor_see_nothing_and_the_system_everything() -> None:
    assert page(Actor(10**9, "路人"), Search(box="all")).rows == ()
    assert page(ANONYMOUS, Search(box="all")).total == 0
    assert page(SYSTEM, Search(box="all"), size=100).total == Case.objects.count()


def test_a_clerk_of_one_town_never_meets_the_other_in_rows_or_counts() -> None:
    found = page(holder("dispatcher"), Search(box="all"), size=100)
    assert found.rows
    assert {row.area[:9] for row in found.rows} == {HERE}
    assert page(holder("dispatcher"), Search(box="all", area=ELSEWHERE)).total == 0


def test_a_watching_role_sees_only_the_versions_that_name_it() -> None:
    duty = person(f"{DISTRICT}-supervisor")
    numbers = {row.number for row in page(duty, Search(box="all"), size=100).rows}
    first = Case.objects.order_by("version__number").first()
    assert first is not None
    assert numbers == set(Case.objects.filter(version=first.version_id).values_list("number", flat=True))
