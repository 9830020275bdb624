"""A case's history cannot be touched unseen: any column, any byte, any entry taken, added or moved is found and named."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from yiwang.engines.cases.models import Case
from yiwang.engines.cases.services.acting import act, open_case
from yiwang.engines.cases.services.versions import register_apps
from yiwang.engines.directory.api import SYSTEM
from yiwang.engines.trust.api import Fault, verify

pytestmark = pytest.mark.django_db
REPORT = {"category": "manhole", "description": "井盖缺失", "place": {"address": "小学门口"}}
STEPS = ({"accepted": "yes"}, {"unit": "water"}, {"measure": "已处理"}, {"fixed": True})
BYTES = {"kind": "text", "division": "text", "actor_name": "text", "payload": "text", "previous_hash": "bytea", "hash": "bytea"}


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[UUID]:
    """A closed case with five entries, between two others, once for the file; what a test does to it is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        register_apps()
        yield [_worked().id for _ in range(3)][1]
        transaction.set_rollback(True)


def _worked() -> Any:
    running = open_case(SYSTEM, "city_incident.incident", REPORT)
    for data in STEPS:
        (token,) = running.state.open_tasks()
        running = act(SYSTEM, running.id, "complete", token=token.no, arguments={"data": data})
    return running


@contextmanager
def guard_down() -> Iterator[Any]:
    """What somebody with the database's own password can do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trust_journal DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("ALTER TABLE trust_journal ENABLE TRIGGER USER")


def fault() -> Fault:
    found = verify().fault
    assert found is not None, "the change was not found"
    return found


def _flipped(value: Any, place: int) -> Any:
    """The value with one byte changed; a text stays a text."""
    if isinstance(value, str):
        content = value.encode()
        start = next(at for at in range(place, -1, -1) if content[at] & 0xC0 != 0x80)
        old = content[start:].decode(errors="ignore")[:1]
        return value[: len(content[:start].decode())] + chr(ord(old) ^ 1) + value[len(content[:start].decode()) + 1 :]
    content = bytearray(value)
    content[place] ^= 1
    return bytes(content)


@pytest.mark.parametrize("column", BYTES)
def test_any_one_changed_byte_of_any_entry_is_found(case: UUID, column: str) -> None:
    rng = random.Random(column)
    with guard_down() as cursor:
        for sequence in range(1, 6):
            query = f"SELECT {column} FROM trust_journal WHERE stream = %s AND sequence = %s"
            cursor.execute(query, [case, sequence])
            kept = cursor.fetchone()[0]
            size = len(kept.encode()) if isinstance(kept, str) else len(bytes(kept))
            places = range(size) if size <= 8 else sorted(rng.sample(range(size), 8))
            for place in places:
                changed = _flipped(kept if isinstance(kept, str) else bytes(kept), place)
                write = f"UPDATE trust_journal SET {column} = %s WHERE stream = %s AND sequence = %s"
                cursor.execute(write, [changed, case, sequence])
                found = verify([case]).fault
                assert found is not None, (sequence, place)
                assert (found.kind, found.stream, found.sequence) == ("altered", str(case), sequence)
                cursor.execute(write, [kept, case, sequence])
    assert verify().fault is None


@pytest.mark.parametrize("change", ["at = at - interval '1 microsecond'", "actor_id = 7", "on_behalf_of = '局长'", "sequence = 9"])
@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_time_person_and_number_of_an_entry_are_found(case: UUID, change: str, sequence: int) -> None:
    with guard_down() as cursor:
        cursor.execute(f"UPDATE trust_journal SET {change} WHERE stream = %s AND sequence = %s", [case, sequence])
    assert fault().stream == str(case)


@pytest.mark.parametrize("sequence", [1, 3, 5])
def test_a_missing_entry_is_named(case: UUID, sequence: int) -> None:
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s AND sequence = %s", [case, sequence])
    assert (fault().kind, fault().sequence) == ("missing", sequence)


def test_a_whole_history_that_is_gone_is_missed(case: UUID) -> None:
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s", [case])
    assert (fault().kind, fault().stream, fault().sequence) == ("missing", str(case), 1)


def test_two_entries_that_changed_places_are_named(case: UUID) -> None:
    with guard_down() as cursor:
        for old, new in ((2, -1), (4, 2), (-1, 4)):
            cursor.execute("UPDATE trust_journal SET sequence = %s WHERE stream = %s AND sequence = %s", [new, case, old])
    assert (fault().kind, fault().sequence) == ("reordered", 2)


def test_an_added_entry_is_named(case: UUID) -> None:
    columns = "kind, division, at, actor_id, actor_name, on_behalf_of, payload, previous_hash, hash"
    with guard_down() as cursor:
        query = f"INSERT INTO trust_journal (stream, sequence, {columns}) SELECT stream, 6, {columns} FROM trust_journal"
        cursor.execute(f"{query} WHERE stream = %s AND sequence = 5", [case])
    assert (fault().kind, fault().stream, fault().sequence) == ("reordered", str(case), 6)


@pytest.mark.parametrize("change", [{"sequence": 4}, {"sequence": 6}, {"head": bytes(32)}])
def test_a_head_in_the_row_of_the_case_that_was_changed_is_named(case: UUID, change: dict[str, Any]) -> None:
    Case.objects.filter(pk=case).update(**change)
    assert fault().stream == str(case)


def test_an_entry_of_another_case_is_no_substitute(case: UUID) -> None:
    other = Case.objects.exclude(pk=case).first()
    columns = "kind, division, at, actor_id, actor_name, on_behalf_of, payload, previous_hash, hash"
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s AND sequence = 5", [case])
        query = f"INSERT INTO trust_journal (stream, sequence, {columns}) SELECT %s, 5, {columns} FROM trust_journal"
        cursor.execute(f"{query} WHERE stream = %s AND sequence = 5", [case, other.pk])
    assert (fault().kind, fault().stream, fault().sequence) == ("altered", str(case), 5)
