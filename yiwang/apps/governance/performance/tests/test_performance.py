"""Formulas on stories told through the real engine: figures by hand, sums that reconcile, rows that stay at home."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import orjson
import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.apps.governance.performance.formulas import ALL, LEAGUE
from yiwang.apps.governance.performance.pages.asked import KEYS
from yiwang.apps.governance.performance.pages.freezing import GROUPS, SHEET
from yiwang.apps.governance.performance.scores import rules_of
from yiwang.engines.cockpit.api import (
    Question,
    answer,
    correct,
    differences,
    facts_behind,
    freeze,
    frozen_figures,
    indicators,
    publish_league,
    read_period,
)
from yiwang.engines.datahub.api import check, rebuild, refresh, take_changes
from yiwang.engines.directory.api import SYSTEM, Actor, User, actor_for
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import app_modules
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import Conflict, NotAllowed, UserError

Case, Post, Posting = (apps.get_model(name) for name in ("cases.Case", "directory.Post", "directory.Posting"))
scenario = {key: module for _, key, module in app_modules("scenario")}["city_incident"]
"""Another app's stories, found as the platform finds them."""
OCTOBER = read_period("month:2021-10-01")
BEGIN = china(2021, 10, 11, 9)
STORIES = (
    scenario.ordinary, scenario.in_the_village, scenario.rated_badly, scenario.refused, scenario.emergency,
    scenario.unfounded, scenario.failed_check, scenario.ruled, scenario.appealed, scenario.left_open,
)  # fmt: skip


@pytest.fixture(scope="module")
def month(small_district):
    """One of each story in October, two of them in another town; the facts as the worker brings them."""
    import random

    from tests.small_district import cast_of_it
    from yiwang.engines.stories.scenario import World, tell

    for story in STORIES:
        for seed in range(9):  # The appeal that is granted, not one that is refused.
            told = tell(World("city_incident", cast_of_it(), random.Random(seed)), story, BEGIN)
            if story is not scenario.appealed or Case.objects.filter(outcome="granted").exists():
                break
            Case.objects.filter(id=told.id).delete()
    moved = Case.objects.filter(type="city_incident.incident", outcome__in=("refused", "unfounded"))
    moved.update(division=ELSEWHERE, area=f"{ELSEWHERE}001")
    refresh()


@pytest.fixture
def facts(month, db):
    """The same, to be changed and rolled back."""


def person(username):
    return actor_for(User.objects.get(username=username))


def figures(*keys, actor=SYSTEM, groups=(), **more):
    found = answer(actor, Question(tuple(KEYS[key] for key in keys), (OCTOBER,), groups, **more))
    return [(one.numerator, one.denominator, one.value) for one in (found.figure(KEYS[key]) for key in keys)]


def test_each_indicator_counts_what_its_words_say(facts):
    assert check("performance.incidents") == []
    found = dict(zip(KEYS, figures(*KEYS), strict=True))
    expected = {
        "reported": (9, 9, 9),  # The emergency was passed on and is no report.
        "registering_rate": (7, 9, "77.78"),
        "valid_report_rate": (7, 9, "77.78"),
        "confirming_rate": (1, 1, "100.00"),
        "accurate_dispatch_rate": (6, 7, "85.71"),  # The ruled one was returned.
        "returning_rate": (1, 7, "14.29"),
        "handling_rate": (6, 7, "85.71"),  # Nobody came for the one left open.
        "on_time_handling_rate": (
            5,
            7,
            "71.43",
        ),  # The late one is excused; returns did not reset the ruled one's clock.
        "reworking_rate": (1, 6, "16.67"),
        "verifying_rate": (6, 6, "100.00"),
        "closing_rate": (6, 6, "100.00"),
        "settling_rate": (8, 9, "88.89"),  # Refused and unfounded ones are settled too.
        "solved_in_village": (1, 6, "16.67"),
        "solved_in_town": (5, 6, "83.33"),
        "satisfied_rate": (0, 1, "0.00"),
        "duplicate_rate": (0, 9, "0.00"),
    }
    assert {key: found[key] for key in expected} == {
        key: (above, below, Decimal(value)) for key, (above, below, value) in expected.items()
    }
    assert found["missed_rate"] == (0, 0, None), "counted, though there was nothing to count"
    assert all(indicators()[key].dataset for key in KEYS.values()), "an indicator nobody has facts for is no figure"


def test_a_report_of_a_problem_known_already_is_a_repeat_and_no_second_problem(facts, told):
    keys = ("reported", "closed", "settling_rate", "closing_rate", "handling_rate", "duplicate_rate")
    before = figures(*keys)
    told("city_incident", scenario.reported_again, at=BEGIN)
    refresh()
    more = [(one[0] - two[0], one[1] - two[1]) for one, two in zip(figures(*keys), before, strict=True)]
    reports = more[0][0]
    assert reports > 1, "each of them has reported"
    assert [above for above, _ in more[1:5]] == [1, 1, 1, 1], "one was put right"
    assert [below for _, below in more[2:5]] == [1, 1, 1], "one was to be put right"
    assert more[5] == (reports - 1, reports)


def test_nothing_to_divide_by_gives_no_figure(facts):
    empty = read_period("month:2019-05-01")
    found = answer(SYSTEM, Question(tuple(KEYS.values()), (empty,), ("town",)))
    values = {one.kind: {found.figure(KEYS[one.key]).value} for one in ALL if not isinstance(one.dataset, str)}
    assert values == {"count": {0}, "rate": {None}, "average": {None}}
    assert found.values_of("town") == []


def test_a_cut_off_leaves_out_what_was_done_later(facts):
    ((above, below, _),) = figures("closing_rate", cutoff=BEGIN)
    assert (above, below) == (0, 0)
    early = figures("reported", "settling_rate", "handling_rate", cutoff=china(2021, 10, 11, 18))
    late = figures("reported", "settling_rate", "handling_rate")
    assert early[0] == late[0] and early[2][0] < late[2][0] <= late[2][1]


def test_groups_add_up_to_the_whole_and_to_the_rows_behind_it_in_one_statement(facts):
    counts = [one.key for one in ALL if one.kind != "average" and not isinstance(one.dataset, str)]
    groups = ("district", "town", "village", "department", "category", "source", "month")
    question = Question(tuple(KEYS[key] for key in counts), (OCTOBER,), groups)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = answer(SYSTEM, question)
    assert sum("fact_performance" in query["sql"] for query in queries) == 1
    for key in counts:
        total = found.figure(KEYS[key])
        for group in groups:
            rows = [found.figure(KEYS[key], 0, group, value) for value in found.values_of(group)]
            assert sum(row.numerator for row in rows) == total.numerator, (key, group)
            assert sum(row.denominator for row in rows) == total.denominator, (key, group)
        for part in ("numerator", "denominator"):
            listed, after = [], ""
            while True:
                page = facts_behind(SYSTEM, Question((KEYS[key],), (OCTOBER,)), part, after, limit=4)
                listed += [fact["case_id"] for fact in page.facts]
                if not (after := page.next):
                    break
            assert len(set(listed)) == len(listed) == getattr(total, part), (key, part)


def test_a_town_and_a_department_count_only_their_own(facts):
    town, other = person(f"{HERE}-town_assessor"), person(f"{ELSEWHERE}-town_assessor")
    assert figures("reported", actor=town)[0][0] == 7 and figures("reported", actor=other)[0][0] == 2
    question = Question((KEYS["reported"],), (OCTOBER,), ("town",))
    assert answer(other, question).values_of("town") == [ELSEWHERE]
    assert {fact["area"][:9] for fact in facts_behind(other, question, "numerator").facts} == {ELSEWHERE}
    assert facts_behind(other, Question((KEYS["reported"],), (OCTOBER,), within=HERE), "numerator").facts == ()
    office = person(f"{HERE}-office_assessor-urban")
    mine = facts_behind(office, question, "numerator").facts
    assert mine and {fact["department"] for fact in mine} == {office.grants[0].organisation}
    assert figures("reported", actor=office)[0][0] == len(mine) < 7
    with pytest.raises(NotAllowed):
        answer(Actor(5, "某人"), question)


def test_changes_reach_the_facts_and_a_rebuild_says_the_same(facts):
    def rows():
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM fact_performance_incidents ORDER BY case_id")
            return cursor.fetchall()

    before = rows()
    Case.objects.filter(outcome="granted").update(outcome="rejected")
    assert take_changes() == 1
    changed = rows()
    assert [a[-1] != b[-1] for a, b in zip(before, changed, strict=True)].count(True) == 1
    assert [row[:-1] for row in before] == [row[:-1] for row in changed], "the raw facts do not move by an appeal"
    rebuild("performance.incidents")
    assert rows() == changed


def test_a_frozen_month_stays_and_an_appeal_stands_beside_it_as_a_signed_entry(facts):
    Case.objects.filter(outcome="granted").update(outcome="")
    refresh()
    assessor, key = person(f"{DISTRICT}-assessor"), KEYS["on_time_handling_rate"]
    found = freeze(assessor, SHEET, tuple(KEYS.values()), GROUPS, OCTOBER)
    assert (found.figure(key).numerator, found.figure(key).denominator) == (4, 7)
    with pytest.raises(Conflict):
        freeze(assessor, SHEET, tuple(KEYS.values()), GROUPS, OCTOBER)
    with frozen(china(2021, 10, 20)), pytest.raises(UserError, match="PERIOD_RUNNING"):
        freeze(assessor, SHEET, tuple(KEYS.values()), GROUPS, read_period("week:2021-10-18"))
    assert differences(assessor, SHEET, OCTOBER) == []
    Case.objects.filter(type="city_incident.timeout_appeal").update(outcome="granted")
    refresh()
    changes = {(one.group, one.indicator): one for one in differences(assessor, SHEET, OCTOBER)}
    assert (changes["", key].numerator, changes["", key].denominator) == (1, 0)
    assert frozen_figures(SYSTEM, SHEET, OCTOBER) == found, "nothing moved by itself"
    corrected = correct(assessor, SHEET, OCTOBER, "申诉成立")
    assert corrected.figure(key, is_corrected=False).value == Decimal("57.14")
    assert corrected.figure(key).value == Decimal("71.43") == figures("on_time_handling_rate")[0][2]
    assert [one.reason for one in corrected.corrections] == ["申诉成立"] and corrected.corrections[0].hash
    with pytest.raises(Conflict):
        correct(assessor, SHEET, OCTOBER, "再来一次")
    town = person(f"{ELSEWHERE}-town_assessor")
    assert {(group, value) for group, value, _ in frozen_figures(town, SHEET, OCTOBER).places()} == {
        ("town", ELSEWHERE)
    }
    for deed in (
        lambda: freeze(town, SHEET, (key,), (), OCTOBER.before),
        lambda: correct(town, SHEET, OCTOBER, "试试"),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_a_frozen_month_outlives_an_indicator_that_was_given_up(facts, monkeypatch):
    assessor, gone = person(f"{DISTRICT}-assessor"), KEYS["reported"]
    freeze(assessor, SHEET, tuple(KEYS.values()), GROUPS, OCTOBER)
    apps = kernel_app.registry.apps
    own = replace(apps["performance"], parts=tuple(one for one in apps["performance"].parts if one.key != "reported"))
    monkeypatch.setattr(kernel_app, "registry", kernel_app.Registry((*(apps | {"performance": own}).values(),)))
    assert gone not in indicators() and differences(assessor, SHEET, OCTOBER) == []
    found = frozen_figures(assessor, SHEET, OCTOBER)
    assert gone not in {key for _, _, key in found.places()} and found.figure(KEYS["registered"]).value == 7


def entered(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_the_pages_show_drill_export_and_explain(facts):
    client, period = entered(f"{DISTRICT}-assessor"), {"period": OCTOBER.code}
    page = client.get("/governance/performance/", period).content.decode()
    assert all(one.title in page for one in LEAGUE) and "狮山镇" in page and "大沥镇" in page
    lines = list(
        csv.reader(io.StringIO(client.get("/governance/performance/export.csv", period).content.decode("utf-8-sig")))
    )
    assert [line[0] for line in lines[1:4]] == ["大沥镇", "狮山镇", "合计"] and lines[3][2] == "9"
    book = load_workbook(io.BytesIO(client.get("/governance/performance/export.xlsx", period).content))
    assert [cell.value for cell in book.active[4]][:3] == ["合计", None, 9]
    how = client.get("/governance/performance/indicators/closing_rate/", period).content.decode()
    assert "GROUPING SETS" in how and "closed_at &lt;= :cutoff" in how and "数据截至" in how
    listed = client.get("/governance/performance/indicators/reworking_rate/facts/", period | {"part": "numerator"})
    assert "共 1 条" in listed.content.decode()
    assert client.get("/governance/performance/", {"kind": "custom", "on": "2021-10-01"}).status_code == 422
    scores = client.get("/governance/performance/scores/", period).content.decode()
    assert len(rules_of(OCTOBER.last)) == 4 and "50.00" in scores


def test_a_published_league_shows_figures_of_other_towns_but_no_rows(facts):
    client, period = entered(f"{ELSEWHERE}-town_assessor"), {"period": OCTOBER.code}
    address = "/governance/performance/"
    assert "狮山镇" not in client.get(address, period).content.decode()
    publish_league(person(f"{DISTRICT}-assessor"), SHEET, True)
    page = client.get(address, period).content.decode()
    assert "狮山镇" in page and f"only-town={HERE}" not in page and f"only-town={ELSEWHERE}" in page
    narrowed = client.get(f"{address}indicators/reported/facts/", period | {"only-town": HERE, "part": "numerator"})
    assert "共 0 条" in narrowed.content.decode()
    assert client.post(f"{address}frozen/", {"league": "withdraw"}).status_code == 403


def test_a_fact_leads_to_its_case_only_for_whoever_may_see_it(facts):
    supervisor, assessor = entered(f"{DISTRICT}-supervisor"), entered(f"{DISTRICT}-assessor")
    post = Post.objects.get(role="performance.assessor", division_id=DISTRICT)
    holder = User.objects.get(username=f"{DISTRICT}-supervisor")
    Posting.objects.create(user=holder, post=post, from_on=china(2021, 1, 1).date())
    address = f"/governance/performance/indicators/reported/facts/?period={OCTOBER.code}&part=numerator"
    link = f'href="/work/cases/{Case.objects.filter(type="city_incident.incident").first().id}/'
    assert "共 9 条" in assessor.get(address).content.decode()
    assert link.split("/")[1] in supervisor.get(address).content.decode()
    assert link not in assessor.get(address).content.decode()


def test_an_answer_says_what_it_was_counted_from(facts):
    found = answer(SYSTEM, Question((KEYS["reported"],), (OCTOBER,)))
    with connection.cursor() as cursor:
        cursor.execute(found.statement)
        assert cursor.fetchall()[0][-1][0] == found.figure(KEYS["reported"]).numerator, "the shown SQL gives the figure"
    assert found.reaches is not None and orjson.dumps(found.reaches)
