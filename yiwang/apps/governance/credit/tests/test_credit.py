"""Credit: entries that never change, what appeals, objections and repairs do, and who sees what."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import orjson
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.small_district import DISTRICT, ELSEWHERE, HERE
from yiwang.apps.governance.credit.app import APP
from yiwang.apps.governance.credit.facts import FINDINGS, of_visits
from yiwang.apps.governance.credit.models import Entry, FrozenMonth, Listing, Subject
from yiwang.apps.governance.credit.scenario import MIX
from yiwang.apps.governance.credit.selectors.seeing import Asked, corrections, frozen_league, league
from yiwang.apps.governance.credit.selectors.standing import scored, standing
from yiwang.apps.governance.credit.services.asking import NotAdmissible, ask_for_repair, object_to
from yiwang.apps.governance.credit.services.building import BUILDER, build
from yiwang.apps.governance.credit.services.counting import count
from yiwang.apps.governance.credit.services.ledger import New, append, faults_in
from yiwang.apps.governance.credit.services.months import MonthNotOver, freeze_month
from yiwang.apps.governance.credit.services.subjects import keep
from yiwang.apps.governance.credit.tests.october import (
    AGREED,
    CELL,
    NOON,
    OBJECTED,
    Case,
    VisitedPlace,
    carry,
    office,
    person,
    visited,
)
from yiwang.engines.cases.api import seen_cases
from yiwang.engines.datahub.api import refresh
from yiwang.engines.directory.api import SYSTEM, User, actor_for
from yiwang.engines.trust.api import stream_named, told, verify
from yiwang.kernel.app import app_folders
from yiwang.kernel.clock import china, frozen
from yiwang.kernel.errors import NotAllowed, NotFound


def events(subject, case=None):
    rows = subject.entries.filter(target=None)
    return sorted((rows.filter(evidence=case.id) if case else rows).values_list("event", flat=True))


def test_the_shares_of_a_year_add_up():
    assert sum(MIX.values()) == 100 and {part.key for part in APP.parts} >= {"objection", "repair"}


def test_who_did_it_is_charged(told_of):
    assert events(office("urban"), told_of["late"]) == ["late"]
    assert events(office("traffic"), told_of["late_co_handler"]) == ["late"], "the helper"
    assert events(office("urban"), told_of["late_co_handler"]) == [], "not the lead"
    assert events(office("power"), told_of["ruled_against"]) == ["ruled_against"]
    assert (
        events(office("water"), told_of["ruled_against"]) == events(office("traffic"), told_of["ruled_against"]) == []
    )
    assert events(office("urban"), told_of["failed_check"]) == ["failed_check", "rectified"]
    town = Subject.objects.get(kind="town", key=HERE)
    assert all(events(town, told_of[story]) == ["late"] for story in ("late", "late_co_handler", "appealed"))
    assert events(office("urban"), told_of["rated_badly"]) == ["bad_rating"]
    firm = Subject.objects.get(kind="firm")
    assert events(firm) == ["hazard", "rectified_by_firm", "serious_hazard", "unrectified"]
    assert firm.entries.get(event="unrectified").at == china(2021, 10, 15), "the day after the limit"
    worker = Subject.objects.get(kind="inspector", key=str(User.objects.get(username=f"{HERE}001-grid_worker").pk))
    assert events(worker) == ["found_hazard"]


def test_building_again_enters_nothing_and_any_score_comes_out_again(told_of):
    before = Entry.objects.count()
    apps.get_model("credit.Progress").objects.all().delete()
    assert build() == 0 and Entry.objects.count() == before
    for subject in Subject.objects.filter(sequence__gt=0):
        assert scored(subject, NOON).score == subject.score
        assert faults_in(subject) == []
    assert verify().fault is None


def test_a_granted_appeal_takes_the_late_points_back_and_leaves_the_entry(told_of):
    late = Entry.objects.get(subject=office("urban"), event="late", evidence=told_of["appealed"].id)
    back = Entry.objects.get(target=late)
    assert (back.event, back.evidence_kind) == ("withdraw", "case") and "申诉" in back.reason
    lines = {line.id: line for line in scored(office("urban"), NOON).lines}
    assert lines[late.pk].state == "withdrawn" and lines[late.pk].effect == 0
    earlier = {line.id: line for line in scored(office("urban"), late.at).lines}
    assert earlier[late.pk].state == "counts", "what was published before the appeal stays as it was"


def test_a_clean_visit_uploaded_after_the_limit_takes_the_deduction_back(told_of):
    firm = Subject.objects.get(kind="firm")
    late, before = firm.entries.get(event="unrectified"), scored(firm, NOON).score
    uploaded = NOON + timedelta(hours=2)
    clean = visited(VisitedPlace.objects.get(name="顺兴铝材厂"), china(2021, 10, 13, 10), "", uploaded)
    moment = uploaded + timedelta(hours=1)
    apps.get_model("credit.Progress").objects.all().delete()
    with frozen(moment):
        refresh()
        assert build() == 2 and build() == 0, "the deduction taken back, the rectifying in time entered"
        count(BUILDER)
        back = Entry.objects.get(target=late)
        assert (back.event, back.at, back.evidence_kind, back.evidence) == ("withdraw", uploaded, "visit", clean.pk)
        lines = {line.id: line for line in scored(firm, moment).lines}
        assert (lines[late.pk].state, lines[late.pk].effect) == ("withdrawn", 0)
        assert sum(line.event == "rectified_by_firm" for line in lines.values()) == 2
        firm.refresh_from_db()
        assert firm.score == scored(firm, firm.counted_at).score > before + 10
        earlier = {line.id: line for line in scored(firm, uploaded - timedelta(minutes=1)).lines}
        assert earlier[late.pk].state == "counts", "what was so before the upload stays so"
    assert faults_in(firm) == [] and verify().fault is None


def test_entries_are_only_ever_added(told_of):
    entry = Entry.objects.filter(target=None).first()
    for act_on in (lambda: Entry.objects.filter(pk=entry.pk).update(event="good_rating"), entry.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act_on()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE credit_entry DISABLE TRIGGER credit_entry_guard")
        cursor.execute("UPDATE credit_entry SET event = 'good_rating' WHERE id = %s", [entry.pk])
    assert faults_in(entry.subject) == [f"第 {entry.sequence} 条与账本不符"]


def _comes_first(queries, lock, read):
    """Whether rows were locked before what is decided by was read."""
    asked = [one["sql"] for one in queries]
    locked = next(place for place, text in enumerate(asked) if lock in text and "FOR UPDATE" in text)
    return all(place > locked for place, text in enumerate(asked) if 'FROM "credit_entry"' in text and read in text)


@pytest.mark.parametrize(("upheld", "state"), [("yes", "withdrawn"), ("no", "counts")])
def test_an_objection_freezes_until_it_is_decided(told_of, upheld, state):
    clerk, subject = person(f"{HERE}-office_credit-urban"), office("urban")
    entry = subject.entries.get(event="late", evidence=told_of["late"].id)
    before = scored(subject, NOON).score
    case = object_to(clerk, entry.pk, OBJECTED)

    def line():
        return next(one for one in scored(subject, NOON).lines if one.id == entry.pk)

    assert line().state == "frozen" and scored(subject, NOON).score > before
    with CaptureQueriesContext(connection) as queries, pytest.raises(NotAdmissible):
        object_to(clerk, entry.pk, OBJECTED)
    assert _comes_first(queries, 'FROM "credit_subject" WHERE "credit_subject"."id"', '"target_id" = '), (
        "two at once queue"
    )
    case = carry(case, *AGREED, ("credit_keeper", {"upheld": upheld, "grounds": "有停工通知"}))
    assert case.state.outcome == ("upheld" if upheld == "yes" else "rejected")
    assert line().state == state
    assert (scored(subject, NOON).score == before) is (upheld == "no")
    with pytest.raises(NotAllowed):
        object_to(person(f"{DISTRICT}-credit_keeper"), entry.pk, OBJECTED)
    with pytest.raises(NotFound):
        object_to(person(f"{ELSEWHERE}-town_credit"), entry.pk, OBJECTED)


def test_repair_needs_days_and_proof_and_then_ends_the_effect(told_of):
    clerk, subject = person(f"{HERE}-town_credit"), Subject.objects.get(kind="firm")
    assert (subject.level, subject.score) == ("C", pytest.approx(77.3, abs=0.1))
    entry = subject.entries.get(event="serious_hazard")
    paper = {"done": "已整改", "commitment": "每周自查"}
    with pytest.raises(NotAdmissible, match="60 天"):
        ask_for_repair(clerk, entry.pk, {**paper, "proof": ["x"]})
    with frozen(NOON + timedelta(days=70)):
        with pytest.raises(NotAdmissible, match="材料"):
            ask_for_repair(clerk, entry.pk, paper)
        from yiwang.engines.stories.camera import photograph

        proof = photograph(clerk, {"longitude": 112.9, "latitude": 23.0}, NOON)
        case = ask_for_repair(clerk, entry.pk, {**paper, "proof": [proof]})
        carry(case, *AGREED, ("credit_keeper", {"upheld": "yes", "grounds": "现场核实"}))
        line = next(one for one in scored(subject, NOON + timedelta(days=71)).lines if one.id == entry.pk)
        assert (line.state, line.effect) == ("repaired", 0)


def test_a_published_month_never_moves_and_later_corrections_stand_beside_it(told_of):
    keeper = person(f"{DISTRICT}-credit_keeper")
    with pytest.raises(NotAllowed):
        freeze_month(person(f"{HERE}-town_credit"), date(2021, 10, 1))
    with pytest.raises(MonthNotOver):
        freeze_month(keeper, date(2021, 11, 1))
    freeze_month(keeper, date(2021, 10, 1))
    entry = office("urban").entries.get(event="late", evidence=told_of["late"].id)
    kept = FrozenMonth.objects.get(kind="department")
    with frozen(NOON + timedelta(days=1)):
        case = object_to(person(f"{HERE}-office_credit-urban"), entry.pk, OBJECTED)
        carry(case, *AGREED, ("credit_keeper", {"upheld": "yes", "grounds": "有停工通知"}))
        found, rows = frozen_league(keeper, date(2021, 10, 1), "department")
    assert found.rows == kept.rows and found.sha256 == kept.sha256
    assert [one.target_id for one in corrections(keeper, found)] == [entry.pk]
    assert [
        row[1] for row in frozen_league(person(f"{HERE}-office_credit-urban"), date(2021, 10, 1), "department")[1]
    ] != []
    own = frozen_league(person(f"{HERE}-office_credit-urban"), date(2021, 10, 1), "department")[1]
    assert {row[1] for row in own} == {str(office("urban").pk)} and len(rows) > len(own)


def test_lists_begin_expire_and_end_with_repair_and_others_ask_the_standing(told_of):
    (firm,) = keep([("firm", str(uuid4()), "永安木工坊", CELL)]).values()
    facts = [New(firm, "serious_hazard", f"x{n}", NOON - timedelta(days=n)) for n in range(4)]
    facts += [New(firm, "unrectified", f"y{n}", NOON - timedelta(days=n)) for n in range(4)]
    append(BUILDER, facts)
    assert append(BUILDER, facts) == 0
    with CaptureQueriesContext(connection) as queries:
        count(BUILDER)
    lock = 'FROM "credit_subject" WHERE "credit_subject"."id" IN'
    assert _comes_first(queries, lock, "ORDER BY"), "an entry under way is waited for, then counted"
    subject = Subject.objects.get(pk=firm)
    assert subject.level == "D" and standing(f"firm:{subject.key}", NOON)["factor"] == 2
    row = Listing.objects.get(subject=subject)
    assert (row.listed, row.until_on) == ("distrusted", date(2022, 11, 1))
    with frozen(NOON + timedelta(days=2)):
        changes = [
            New(firm, "repair", f"r{entry.pk}", NOON + timedelta(days=1), target=entry.pk)
            for entry in subject.entries.filter(target=None)
        ]
        append(SYSTEM, changes)
        count(BUILDER)
    row.refresh_from_db()
    assert (row.ended_on, row.end_reason) == (date(2021, 11, 3), "信用修复")
    assert standing("firm:nobody", NOON) == {
        "level": "", "score": None, "factor": 1.0, "green_channel": False, "listed": "",
    }  # fmt: skip


def _listed_firm(name, **events):
    """A firm with so many of each event, one a day, that it is on the list of the distrusted today."""
    (firm,) = keep([("firm", str(uuid4()), name, CELL)]).values()
    append(
        BUILDER,
        [
            New(firm, event, f"{event}{n}", NOON - timedelta(days=n))
            for event, many in events.items()
            for n in range(many)
        ],
    )
    count(BUILDER)
    return Subject.objects.get(pk=firm), Listing.objects.get(subject=firm, listed="distrusted")


def _upheld(entry):
    clerk, grounds = person(f"{HERE}-town_credit"), {"upheld": "yes", "grounds": "期限内已整改"}
    carry(object_to(clerk, entry.pk, OBJECTED), *AGREED, ("credit_keeper", grounds))
    count(BUILDER)


def test_a_listing_ends_when_what_it_rests_on_is_taken_back_and_the_listed_reads_why(told_of):
    subject, row = _listed_firm("恒丰五金厂", serious_hazard=4, unrectified=1)
    with frozen(NOON + timedelta(days=1)):
        _upheld(subject.entries.get(event="unrectified"))
        row.refresh_from_db()
        assert (row.ended_on, row.end_reason) == (date(2021, 11, 2), "所依据的记录已撤销")
        assert standing(f"firm:{subject.key}", NOON)["listed"] == ""
        last = [orjson.loads(line.payload) for line in told(stream_named("credit.lists"))][-1]
        assert (last["subject"], last["reason"]) == (str(subject.pk), row.end_reason)
        client = Client()
        client.force_login(User.objects.get(username=f"{HERE}-town_credit"))
        page = client.get(f"/governance/credit/subjects/{subject.pk}/").content.decode()
        assert "失信名单，2021-11-01 列入，2021-11-02 移出：所依据的记录已撤销" in page


def test_a_listing_that_other_entries_bring_about_stays(told_of):
    subject, row = _listed_firm("永兴染整厂", serious_hazard=4, unrectified=2, hazard=1)
    with frozen(NOON + timedelta(days=200)):
        count(BUILDER)
        subject.refresh_from_db()
        assert subject.level == "C", "time alone brought it there"
        entry = subject.entries.get(event="hazard")
        append(SYSTEM, [New(subject.pk, "withdraw", "x", NOON + timedelta(days=200), target=entry.pk)])
        count(BUILDER)
        row.refresh_from_db()
        assert row.ended_on is None


def test_each_sees_its_own_and_pages_by_key(told_of, monkeypatch):
    names = {}
    for who in (f"{DISTRICT}-credit_keeper", f"{HERE}-town_credit", f"{HERE}-office_credit-urban"):
        names[who] = {one.division for one in league(person(who), Asked("department"))[0]}
    assert names[f"{DISTRICT}-credit_keeper"] >= {DISTRICT, HERE, ELSEWHERE}
    assert HERE in names[f"{HERE}-town_credit"] <= {HERE, f"{HERE}001"}
    own, _ = league(person(f"{HERE}-office_credit-urban"), Asked("department"))
    assert [one.pk for one in own] == [office("urban").pk]
    monkeypatch.setattr("yiwang.apps.governance.credit.selectors.seeing.PAGE", 3)
    seen, after = [], ""
    while True:
        rows, after = league(SYSTEM, Asked("department", after=after))
        seen += [(-one.score, one.pk) for one in rows]
        if not after:
            break
    assert seen == sorted(seen) and len(set(seen)) == Subject.objects.filter(kind="department").count()


def test_the_pages_show_it_and_ask_little_of_the_database(told_of):
    client = Client()
    client.force_login(User.objects.get(username=f"{HERE}-office_credit-urban"))
    subject = office("urban")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/governance/credit/subjects/{subject.pk}/").content.decode()
    assert len(queries) <= 20
    entry = subject.entries.get(event="late", evidence=told_of["late"].id)
    assert told_of["late"].number in page and "提出异议" in page and f"/entries/{entry.pk}/objection/" in page
    answer = client.post(f"/governance/credit/entries/{entry.pk}/objection/", OBJECTED)
    assert answer.status_code == 302
    assert "审理中" in client.get("/governance/credit/objections/").content.decode()
    case = Case.objects.get(type="credit.objection")
    assert seen_cases(actor_for(User.objects.get(username=f"{HERE}-office_credit-urban")), [case.pk])
    other = office("water")
    assert client.get(f"/governance/credit/subjects/{other.pk}/").status_code == 404
    assert client.get("/governance/credit/?kind=town").status_code == 200
    for odd in ("lists/?after=2021-99-99_1", "objections/?after=²", f"subjects/{subject.pk}/?after=²"):
        assert client.get(f"/governance/credit/{odd}").status_code == 200


def test_without_the_patrol_there_are_no_facts_of_visits_and_the_rest_goes_on():
    folders = app_folders()
    assert of_visits(folders) == (FINDINGS,) and FINDINGS in APP.parts
    assert of_visits([one for one in folders if not one.endswith(".patrol")]) == ()
