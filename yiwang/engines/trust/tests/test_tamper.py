"""Whoever changes history with the database's own password is found, and the place is named."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from yiwang.engines.trust import api
from yiwang.engines.trust.chain import position
from yiwang.engines.trust.storage import copied
from yiwang.engines.trust.tests.conftest import guard_down

CHANGES = {
    "stream": "set_byte(uuid_send(stream), 15, 255 - get_byte(uuid_send(stream), 15))",
    "sequence": "9",
    "kind": "overlay(kind placing 'X' from 2 for 1)",
    "division": "overlay(division placing '9' from 9 for 1)",
    "at": "at + interval '1 microsecond'",
    "actor_id": "actor_id + 1",
    "actor_name": "actor_name || ' '",
    "on_behalf_of": "''",
    "payload": "overlay(payload placing '8' from 11 for 1)",
    "previous_hash": "set_byte(previous_hash, 31, 255 - get_byte(previous_hash, 31))",
    "hash": "set_byte(hash, 0, 255 - get_byte(hash, 0))",
}


def change(column: str, expression: str, stream, sequence: int) -> None:
    if column == "stream":
        expression = f"encode({expression}, 'hex')::uuid"
    with guard_down() as cursor:
        query = f"UPDATE trust_journal SET {column} = {expression} WHERE stream = %s AND sequence = %s"
        cursor.execute(query, [stream, sequence])
        assert cursor.rowcount == 1


def test_untouched_history_is_whole(journal):
    report = api.verify()
    assert report.is_whole
    assert (report.entry_count, report.stream_count) == (12, 3)


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("sequence", [1, 2, 4])
def test_any_changed_column_is_found(journal, column, sequence):
    change(column, CHANGES[column], journal["lamp"], sequence)
    fault = api.verify().fault
    assert fault is not None
    if column not in ("stream", "sequence"):
        assert (fault.kind, fault.stream, fault.sequence) == ("altered", str(journal["lamp"]), sequence)


@pytest.mark.parametrize("place", range(0, 40, 3))
def test_any_changed_byte_of_a_payload_is_found(journal, place):
    with connection.cursor() as cursor:
        row = next(row for row in copied(cursor, "SELECT convert_to(payload, 'UTF8') FROM trust_journal"))
    size = len(row) - 6
    change(
        "payload",
        f"overlay(payload placing chr(ascii(substr(payload, {place % size + 1}, 1)) + 1) from {place % size + 1} for 1)"
        if place % size < 10
        else f"payload || repeat(' ', {place})",
        journal["tree"],
        3,
    )
    assert api.verify().fault == api.Fault("altered", str(journal["tree"]), 3, "内容与写入时的哈希不符")


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_entry_is_named(journal, sequence):
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s AND sequence = %s", [journal["well"], sequence])
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream, fault.sequence) == ("missing", str(journal["well"]), sequence)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_a_cut_off_tail_is_named(journal, kept):
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s AND sequence > %s", [journal["tree"], kept])
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream, fault.sequence) == ("missing", str(journal["tree"]), kept + 1)


def test_swapped_entries_are_called_reordered(journal):
    with guard_down() as cursor:
        for old, new in ((2, -1), (3, 2), (-1, 3)):
            query = "UPDATE trust_journal SET sequence = %s WHERE stream = %s AND sequence = %s"
            cursor.execute(query, [new, journal["lamp"], old])
    fault = api.verify().fault
    assert fault == api.Fault("reordered", str(journal["lamp"]), 2, "写入时它是第 3 条")


def test_an_entry_written_anew_with_a_good_hash_is_found(journal, clerk):
    """The intruder knows the algorithm and hashes the forged entry again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM trust_journal WHERE stream = %s AND sequence = 1", [journal["well"]])
        before = bytes(cursor.fetchone()[0])
    forged = api.chain_entries(journal["well"], 1, before, [api.entry("case.moved", {"number": 9}, actor=clerk)])
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s AND sequence = 2", [journal["well"]])
        api.copy_rows(cursor, forged.rows)
    assert position(forged.rows[0]).sequence == 2
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream, fault.sequence) == ("altered", str(journal["well"]), 2)


def test_an_invented_stream_is_found(journal, clerk):
    stranger = api.stream_named("invented")
    with connection.cursor() as cursor:
        api.copy_rows(cursor, api.chain_entries(stranger, 0, api.GENESIS, [api.entry("x", {}, actor=clerk)]).rows)
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream) == ("head", str(stranger))


@pytest.mark.parametrize(("column", "value"), [("sequence", "3"), ("hash", "'\\x00'"), ("sequence", "5")])
def test_a_changed_head_is_found(journal, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE trust_stream SET {column} = {value} WHERE stream = %s", [journal["tree"]])
    fault = api.verify().fault
    assert fault is not None
    assert fault.stream == str(journal["tree"])


@pytest.mark.parametrize("table", ["trust_journal", "trust_day_seal", "trust_sealed_head"])
def test_the_database_refuses_changes(db, table):
    for command in (f"UPDATE {table} SET hash = hash", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            connection.cursor().execute(command)


def test_verifying_one_stream_leaves_the_others_alone(journal):
    change("payload", "'{}'", journal["lamp"], 2)
    assert api.verify([journal["tree"]]).is_whole
    assert not api.verify([journal["lamp"]]).is_whole
