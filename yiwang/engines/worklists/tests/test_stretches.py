"""Words are sought in the newest stretch of time first: a wrong guess of how frequent they are never costs a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.small_district import BEGIN, ELSEWHERE, HERE
from yiwang.engines.cases.models import Case
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.engines.worklists.api import Search, page
from yiwang.engines.worklists.selectors import estimating, hits, lists
from yiwang.engines.worklists.selectors.estimating import Estimates, estimates
from yiwang.engines.worklists.selectors.search import days_of_number
from yiwang.engines.worklists.tests.conftest import holder, opened
from yiwang.engines.worklists.tests.test_sight import actors

pytestmark = pytest.mark.usefixtures("filled", "db")
QUERIES = (
    "井盖",
    "井",
    "井盖 大道",
    "路灯连续三晚",
    "大道",
    "缺失 路灯",
    "没有的词",
    "大道3号",
    "小学 202109",
    "202109",
)
SHARDS = {("division", HERE): 0.5, ("division", ELSEWHERE): 0.5}


def guessed(rare: float, *, hours: int = 40, rows: float = 10**6) -> Estimates:
    """Cases opened evenly over so many hours, every pair of signs with the same share."""
    moments = tuple(BEGIN + timedelta(hours=hours * lot / 100) for lot in range(101))
    return Estimates(rows, {}, rare, SHARDS, moments)


def walked(actor: Actor, search: Search, size: int) -> list[str]:
    """Numbers over all pages; on the way back from the last one they are the same again."""
    shown = page(actor, search, size=size)
    pages = [[row.number for row in shown.rows]]
    while shown.after:
        shown = page(actor, search, after=shown.after, size=size)
        pages.append([row.number for row in shown.rows])
    for numbers in reversed(pages[:-1]):
        shown = page(actor, search, before=shown.before, size=size)
        assert [row.number for row in shown.rows] == numbers
    return [number for numbers in pages for number in numbers]


def searches() -> st.SearchStrategy[Search]:
    days = st.none() | st.dates(date(2021, 9, 27), date(2021, 10, 1))
    return st.builds(
        Search, box=st.just("all"), q=st.sampled_from(QUERIES), opened_from=days, opened_to=days,
        area=st.sampled_from(("", HERE, f"{HERE}001")), category=st.sampled_from(("", "manhole", "lamp")),
        status=st.sampled_from(("", "running", "closed")), sort=st.sampled_from(("", "due")),
    )  # fmt: skip


def guesses() -> st.SearchStrategy[Estimates]:
    """Most of them make stretches of some of the forty hours in which cases were opened."""
    hours, rows = st.integers(30, 60) | st.integers(1, 400), st.integers(10, 2_000) | st.just(10**6)
    return st.builds(guessed, st.sampled_from((0.9, 0.3, 0.04)), hours=hours, rows=rows)


def everybody() -> st.SearchStrategy[Actor]:
    return st.just(SYSTEM) | st.builds(holder, st.sampled_from(("dispatcher", "inspector", "handler-water"))) | actors()


def of_towns() -> st.SearchStrategy[Actor]:
    """People whose posts reach single towns, and who opened or had cases in the other one too."""
    return actors((HERE,)) | actors((HERE, ELSEWHERE, f"{HERE}001"))


WALKED = (0, hits.WALKED, 10**9)
"""Always case by case, as it is, always by the index of words."""


@given(everybody() | of_towns(), searches(), guesses(), st.integers(1, 30), st.sampled_from(WALKED))
def test_any_guess_finds_the_same_rows_in_the_same_order(
    actor: Actor, search: Search, guess: Estimates, size: int, walked_as: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "estimates", Estimates)
        expected = walked(actor, search, size)
        patch.setattr(hits, "CHEAP", 0)
        patch.setattr(hits, "WALKED", walked_as)
        patch.setattr(lists, "estimates", lambda: guess)
        assert walked(actor, search, size) == expected


def sent(search: Search, size: int, actor: Actor = SYSTEM) -> list[str]:
    """The statements of a page."""
    found: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    page(actor, search, size=size)
    with connection.execute_wrapper(note):
        page(actor, search, size=size)
    return found


def test_a_page_that_a_stretch_fills_takes_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    search = Search(box="all", q="大道")
    monkeypatch.setattr(hits, "CHEAP", 0)
    monkeypatch.setattr(lists, "estimates", lambda: guessed(0.9, rows=40))
    assert ["few AS" in sql for sql in sent(search, 1)] == [False]
    monkeypatch.setattr(lists, "estimates", Estimates)
    assert ["few AS" in sql for sql in sent(search, 1)] == [True]


@pytest.mark.parametrize("walked_as", [WALKED[0], WALKED[-1]])
def test_of_a_town_only_its_own_hits_are_fetched_and_what_is_the_actors_own_elsewhere(
    walked_as: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By walking and by the index of words: what they reported, were given, or had in a version they do not watch."""
    search, tasks = Search(box="all", q="井盖"), Case.objects.filter(title__contains="井盖", token__assignee__gt=0)
    elsewhere, unwatched = (
        tasks.filter(division=town).order_by("opened_at").values_list("token__assignee", flat=True).last()
        for town in (ELSEWHERE, HERE)
    )
    assert elsewhere is not None and unwatched is not None
    dispatcher = holder("dispatcher")
    watching = tuple(replace(grant, role="city_incident.supervisor") for grant in dispatcher.grants)
    people = (
        holder("inspector"), replace(dispatcher, user_id=elsewhere),
        replace(dispatcher, user_id=unwatched, grants=watching),
    )  # fmt: skip
    expected = [[row.number for row in page(person, search, size=4).rows] for person in people]
    monkeypatch.setattr(hits, "CHEAP", 0)
    monkeypatch.setattr(hits, "WALKED", walked_as)
    monkeypatch.setattr(lists, "estimates", lambda: guessed(0.9, rows=95))
    for person, numbers in zip(people, expected, strict=True):
        shown = page(person, search, size=4)
        assert [row.number for row in shown.rows] == numbers
        statement = sent(search, 4, person)[0]
        assert "few AS" not in statement and "shard" not in statement and ("hit AS" in statement) is bool(walked_as)
    assert "shard" in sent(search, 1)[0]


def test_rare_words_and_lists_in_another_order_are_sought_at_once() -> None:
    known, sight = guessed(0.001), lists.Box(SYSTEM, Search(box="all"), lists.catalogue()).sight

    def asked(**given: Any) -> hits.Guess | None:
        return hits.guessed(Search(box="all", **given), sight, 51, known)

    assert asked(q="井盖") is asked(q="202109") is asked(q="") is None
    known = guessed(0.5)
    assert asked(q="井盖") is not None
    assert asked(q="井盖", sort="due") is asked(q="井盖", status="running") is asked(q="井盖", stage="handle") is None


def test_the_days_asked_for_are_the_whole_of_a_stretch_that_reaches_before_them() -> None:
    sight = lists.Box(SYSTEM, Search(box="all"), lists.catalogue()).sight
    search = Search(box="all", q="井盖", opened_from=BEGIN.date())
    known = guessed(0.005, rows=500_000, hours=400)
    guess = hits.guessed(search, sight, 51, known)
    assert guess is not None
    short, long = hits.stretch_of(guess, search, None, known), hits.stretch_of(guess.after(0), search, None, known)
    assert short is not None and not short.is_whole and short.since > BEGIN
    assert long is not None and long.is_whole and long.since.date() <= BEGIN.date()


def test_what_a_stretch_had_tells_how_much_longer_the_next_one_is() -> None:
    sight = lists.Box(SYSTEM, Search(box="all"), lists.catalogue()).sight
    guess = hits.guessed(Search(box="all", q="井盖"), sight, 50, guessed(0.1))
    assert guess is not None and guess.cases == guess.walked == pytest.approx(50 * 3 / 0.1)
    rest = [guess.after(rows) for rows in (0, 1, 25, 40)]
    assert [one.wanted for one in rest] == [50, 49, 25, 10]
    assert [one.cases / guess.cases for one in rest] == pytest.approx([10, 10, 3, 0.75])
    assert [one.walked for one in rest] == [one.cases for one in rest]


def test_the_next_stretch_begins_where_the_last_one_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only rows that are still wanted are read again, and the last way has all of time for them."""
    read: list[tuple[int, int]] = []
    whole = lists._read

    def noted(box: Any, known: Any, walk: Any, **given: Any) -> Any:
        total, rows = whole(box, known, walk, **given)
        read.append((walk.size, len(rows)))
        return total, rows

    search = Search(box="all", q="井盖")
    expected = [row.number for row in page(SYSTEM, search, size=15).rows]
    monkeypatch.setattr(hits, "CHEAP", 0)
    monkeypatch.setattr(lists, "estimates", lambda: guessed(0.9, rows=400))
    monkeypatch.setattr(hits, "AGAIN", 1)
    monkeypatch.setattr(lists, "_read", noted)
    assert [row.number for row in page(SYSTEM, search, size=15).rows] == expected
    assert len(read) > 2 and read[0][1] > 0 and sum(rows for _, rows in read) == 16
    assert [size for size, _ in read[1:]] == [size - rows for size, rows in read[:-1]]


@pytest.mark.parametrize(
    ("rare", "area", "is_walked"), [(0.3, HERE, True), (0.03, HERE, False), (0.3, "", True), (0.03, "", False)]
)
def test_what_is_frequent_is_walked_and_the_rest_sought_by_the_index(rare: float, area: str, is_walked: bool) -> None:
    """What is looked at one by one takes as long as sixteen hits in the index of words."""
    search, known = Search(box="all", q="井盖", area=area), guessed(rare, rows=100_000)
    guess = hits.guessed(search, lists.Box(SYSTEM, search, lists.catalogue()).sight, 50, known)
    assert guess is not None
    assert guess.cases == pytest.approx(50 / rare * (3 if is_walked else 8) * (2 if area else 1))
    found = hits.stretch_of(replace(guess, cases=30_000), search, None, known)
    assert found is not None and found.is_walked is is_walked
    table, _ = hits.hits_in(found, "TRUE", [])
    assert ("IS TRUE" in table) is is_walked


def test_of_a_class_only_its_own_cases_are_walked() -> None:
    sight = lists.Box(SYSTEM, Search(box="all"), lists.catalogue()).sight
    known = replace(
        guessed(0.03, rows=100_000), values={**SHARDS, ("category", "road"): 0.1, ("status", "closed"): 0.5}
    )
    search = Search(box="all", q="井盖", category="road", status="closed")
    guess = hits.guessed(search, sight, 50, known)
    assert guess is not None and guess.cases == pytest.approx(10 * guess.walked)


@pytest.mark.parametrize(
    ("number", "days"),
    [("202109", ("2021-09-01", "2021-09-30")), ("2021092", ("2021-09-20", "2021-09-29")),
     ("2021090", ("2021-09-01", "2021-09-09")), ("2024023", None), ("20210928", ("2021-09-28", "2021-09-28")),
     ("20210931", None), ("202113", None), ("000009", None), ("440605", ("4406-05-01", "4406-05-31")), ("2021092800", None)],
)  # fmt: skip
def test_the_days_on_which_a_number_can_have_been_given(number: str, days: tuple[str, str] | None) -> None:
    found = days_of_number(number)
    assert (None if found is None else tuple(day.isoformat() for day in found)) == days


def test_every_beginning_of_a_number_finds_it_and_only_such_numbers() -> None:
    case = opened()
    for length in range(6, len(case.number) + 1):
        start = case.number[:length]
        expected = set(Case.objects.filter(number__startswith=start).values_list("number", flat=True))
        assert {row.number for row in page(SYSTEM, Search(box="all", q=start), size=100).rows} == expected, start


def test_what_postgresql_counted_is_kept_for_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimating, "_kept", {})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case")
    known = estimates()
    assert known.rows == Case.objects.count() and known.divisions([HERE]) == pytest.approx(0.5, abs=0.1)
    assert known.rarest_pair("井盖")[1] == pytest.approx(0.4, abs=0.1) and known.rarest_pair("井")[1] > 0
    assert known.rarest_pair("没有") == ("没有", known.rare) and known.value("status", ["none"]) == 0
    last = Case.objects.order_by("-opened_at").first()
    assert last is not None and known.before(None, known.rows) is None
    half = known.before(None, known.rows / 2)
    assert half is not None and BEGIN < half < last.opened_at
    assert estimates() is known
    monkeypatch.setattr(estimating, "_LASTS", -1.0)
    assert estimates() is not known
