"""Facts follow their sources: what changed is taken once, whoever writes beside it, and a rebuild says the same."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from yiwang.engines.datahub import refreshing, tables
from yiwang.engines.datahub.api import (
    DatasetState,
    check,
    ensure_tables,
    known_datasets,
    rebuild,
    refresh,
    take_changes,
)
from yiwang.engines.datahub.models import Change
from yiwang.engines.datahub.spec import Column, Dataset, Source, check_condition, with_instants
from yiwang.engines.directory.api import SYSTEM, Actor
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import App, Registry
from yiwang.kernel.errors import NotAllowed, SpecError

COLUMNS = (
    Column("number", "编号", "whole"), Column("part", "部分", "whole"), Column("area", "区划"),
    Column("opened_at", "时间", "instant"), Column("weight", "重量", "number"),
)  # fmt: skip
SQL = """
SELECT parcel.number, part.no AS part, parcel.area, parcel.opened_at, parcel.weight / parcel.parts AS weight
FROM changed JOIN parcel ON parcel.number = changed.key CROSS JOIN LATERAL generate_series(1, parcel.parts) AS part (no)
WHERE parcel.kind = 'box' AND parcel.area LIKE '44%'
"""


def dataset(**changes):
    source = Source("parcel", key="number", kind="whole", where="kind = 'box'")
    of_notes = Source(
        "note", key="id", kind="whole", reaches="SELECT parcel FROM changed JOIN note ON note.id = changed.key"
    )
    facts = {
        "key": "parts", "title": "部分", "grain": "每个包裹的每一部分一行。", "columns": COLUMNS,
        "keys": ("number", "part"), "sources": (source, of_notes), "division": "area", "at": "opened_at",
        "statement": SQL, "holds": {"重量为正": "weight > 0"},
        "tallies": {"与包裹相符": "SELECT coalesce(sum(parts), 0) FROM parcel WHERE kind = 'box'"},
    }  # fmt: skip
    return Dataset(**(facts | changes))


@pytest.fixture
def parcels(db, monkeypatch):
    """A table of parcels, its notes, and the dataset over them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE parcel (number bigint PRIMARY KEY, kind text, area text, opened_at timestamptz, "
            "weight numeric, parts int)"
        )
        cursor.execute("CREATE TABLE note (id bigint PRIMARY KEY, parcel bigint)")
        cursor.execute(
            "INSERT INTO parcel SELECT n, CASE WHEN n % 5 = 0 THEN 'bag' ELSE 'box' END, '440605124', now(), n, n % 3 + 1 "
            "FROM generate_series(1, 50) AS n"
        )
    monkeypatch.setattr(
        kernel_app, "registry", Registry((App(key="post", title="邮", net="office", parts=(dataset(),)),))
    )
    monkeypatch.setattr(refreshing, "MOST", 7)
    return refresh()


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM fact_post_parts ORDER BY number, part")
        return cursor.fetchall()


def brought_up_to_date():
    """The facts after the refresh; a rebuild must say the same."""
    while take_changes():
        pass
    found = rows()
    rebuild("post.parts")
    assert rows() == found
    return found


def test_a_second_without_changes_costs_three_statements(parcels, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert refresh() == 0


def test_changes_of_every_kind_reach_the_facts_and_a_rebuild_says_the_same(parcels):
    assert parcels == len(rows()) == sum(n % 3 + 1 for n in range(1, 51) if n % 5)
    run("UPDATE parcel SET parts = 1 WHERE number IN (1, 2, 5)")
    run("DELETE FROM parcel WHERE number = 3")
    run("UPDATE parcel SET area = '11' WHERE number = 7")
    run("INSERT INTO parcel VALUES (60, 'box', '440605121', now(), 6, 2)")
    assert Change.objects.count() == 5, "rows that never matter are not noted"
    found = brought_up_to_date()
    assert {number for number, *_ in found} == ({n for n in range(1, 51) if n % 5} | {60}) - {3, 7}
    assert [row[1] for row in found if row[0] == 2] == [1], "parts that are gone are gone from the facts"
    assert check("post.parts") == [("与包裹相符", -2)], "the parcel that left the district is told of"


def test_a_row_of_another_table_brings_the_facts_it_touches(parcels):
    """The source itself did not change; only the note says that the facts of parcel 1 are to be looked at again."""
    run("UPDATE fact_post_parts SET weight = 99 WHERE number IN (1, 2)")
    run("INSERT INTO note VALUES (9, 1), (10, NULL)")
    assert take_changes() == 2
    assert {row[0] for row in rows() if row[4] == 99} == {2}


def test_sql_that_fails_leaves_the_old_facts_and_is_told(parcels):
    before = rows()
    run("UPDATE parcel SET parts = 0, weight = 1 WHERE number = 1")
    assert take_changes() == 1
    run("ALTER TABLE parcel RENAME weight TO mass")
    run("UPDATE parcel SET parts = 1 WHERE number = 2")
    take_changes()
    assert rows() == [row for row in before if row[0] != 1]
    known = known_datasets(SYSTEM)["post.parts"]
    assert "weight" in known.fault and not known.is_ready
    assert refresh() == 0, "it is left alone for a while"
    run("ALTER TABLE parcel RENAME mass TO weight")
    DatasetState.objects.update(tried_at=None)
    assert refresh() == len(before) - 2 - 2, "both parts of the first parcel and two of three of the second are gone"


def test_a_declaration_that_changed_makes_its_table_anew(parcels, monkeypatch):
    assert ensure_tables() == ()
    changed = dataset(
        columns=COLUMNS[:4], statement=SQL.replace(", parcel.weight / parcel.parts AS weight", ""), holds={}
    )
    monkeypatch.setattr(
        kernel_app, "registry", Registry((App(key="post", title="邮", net="office", parts=(changed,)),))
    )
    assert ensure_tables() == ("post.parts",)
    assert refresh() == parcels and len(rows()[0]) == 4
    wrong = dataset(statement=SQL.replace("AS weight", "AS wait"))
    monkeypatch.setattr(kernel_app, "registry", Registry((App(key="post", title="邮", net="office", parts=(wrong,)),)))
    with pytest.raises(SpecError, match="Did you mean 'wait'"):
        ensure_tables()


def test_far_behind_the_facts_are_filled_anew(parcels, monkeypatch):
    monkeypatch.setattr(refreshing, "BULK", 3)
    run("UPDATE fact_post_parts SET weight = 99 WHERE number = 4")
    run("UPDATE parcel SET parts = 1 WHERE number IN (1, 2, 3)")
    assert take_changes() == 3 and not Change.objects.exists()
    assert not [row for row in rows() if row[4] == 99], "the whole table was made from its sources"
    assert [row[1] for row in rows() if row[0] == 2] == [1]


def test_each_table_notes_by_triggers_of_its_own_what_is_declared_now(db, monkeypatch):
    def declared(where):
        sources = (Source("parcel", key="number", kind="whole", where=where), Source("parcel_note", reaches="SELECT 1"))
        app = App(key="post", title="邮", net="office", parts=(dataset(sources=sources),))
        monkeypatch.setattr(kernel_app, "registry", Registry((app,)))

    run("CREATE TABLE parcel (number bigint, kind text)")
    run("CREATE TABLE parcel_note (id bigint)")
    declared("kind = 'box'")
    tables.follow(["parcel_note"])
    tables.follow(["parcel"])
    run("INSERT INTO parcel VALUES (1, 'box'), (2, 'bag')")
    declared("kind = 'bag'")
    tables.follow(["parcel"])
    run("INSERT INTO parcel VALUES (3, 'box'), (4, 'bag')")
    run("INSERT INTO parcel_note VALUES (7)")
    assert [(one.source, one.key) for one in Change.objects.order_by("number")] == [
        ("parcel", "1"), ("parcel", "4"), ("parcel_note", "7"),
    ]  # fmt: skip


def test_strangers_learn_nothing_of_the_facts(db):
    with pytest.raises(NotAllowed):
        known_datasets(Actor(7, "某人"))


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_late_is_not_missed():
    """Its row was noted before another's that was taken long before; no instant or number decides what is taken."""
    run("CREATE TABLE parcel (number bigint PRIMARY KEY, kind text)")
    run("CREATE TABLE note (id bigint PRIMARY KEY, parcel bigint)")
    declared = App(key="post", title="邮", net="office", parts=(dataset(),))
    begun, may_end = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            run("INSERT INTO parcel VALUES (1, 'box')")
            begun.set()
            may_end.wait(10)
        connection.close()

    registry, kernel_app.registry = kernel_app.registry, Registry((declared,))
    writer = threading.Thread(target=late)
    try:
        tables.follow(["parcel", "note"])
        writer.start()
        begun.wait(10)
        run("INSERT INTO parcel VALUES (2, 'box')")
        assert take_changes() == 1
        may_end.set()
        writer.join()
        assert list(Change.objects.values_list("key", flat=True)) == ["1"]
        assert take_changes() == 1
    finally:
        may_end.set()
        writer.join()
        kernel_app.registry = registry
        run("DROP TABLE parcel, note")


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("wait > 1", "Did you mean 'weight'"), ("weight > 1; DROP TABLE x", "cannot be read"),
        ("(weight > 1", "no whole condition"), ("weight > :now", "no instant"), ("pg_sleep(9) > 1", "no column"),
        ("", "no whole condition"), ("weight > 1 -- x", "no column"),
    ],
)  # fmt: skip
def test_a_condition_names_columns_and_nothing_else(condition, told):
    with pytest.raises(SpecError, match=told.replace("(", r"\(")):
        check_condition("here", condition, dataset().column_names)


def test_instants_are_put_in_outside_of_quotes():
    assert (
        with_instants("a <= :cutoff AND b = ':cutoff'::numeric", {"cutoff": "x"}) == "a <= x AND b = ':cutoff'::numeric"
    )
