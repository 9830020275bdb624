"""Seals: what they cover, how they chain, what they catch that the chain alone cannot."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from yiwang.engines.trust import api, merkle
from yiwang.engines.trust.digest import sm3
from yiwang.engines.trust.sealing import NotSealable, NotSealed
from yiwang.engines.trust.tests.conftest import guard_down

MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)


@pytest.fixture
def sealed(journal, clerk):
    """Monday everything, Tuesday one stream moved, then one more entry after the last seal."""
    first = api.seal_day(MONDAY, actor=clerk)
    api.append("lamp", "case.moved", {"number": 4}, actor=clerk)
    second = api.seal_day(TUESDAY, actor=clerk)
    api.append("tree", "case.moved", {"number": 4}, actor=clerk)
    return first, second


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 as its text defines it, top down."""
    if len(leaves) < 2:
        return sm3(b"\x00" + leaves[0]) if leaves else sm3(b"")
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sm3(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:]))


@pytest.mark.parametrize("count", range(18))
def test_tree_equals_the_definition_and_every_path_leads_to_its_root(count):
    leaves = [bytes([number]) * 3 for number in range(count)]
    assert merkle.build(leaves).root == naive_root(leaves)
    for leaf in leaves:
        tree = merkle.build(leaves, leaf)
        assert tree.path is not None
        assert merkle.root_from(leaf, tree.path) == tree.root
        assert merkle.root_from(b"other", tree.path) != tree.root


def test_seals_chain_and_count(sealed):
    first, second = sealed
    assert (first.count, first.moved_count) == (3, 3)
    assert (second.count, second.moved_count) == (4, 2)  # the lamp, and the stream that journals seals
    assert second.previous_hash == first.hash
    report = api.verify()
    assert (report.is_whole, report.seal_count) == (True, 2)


@pytest.mark.parametrize("day", [date(2026, 3, 1), MONDAY, TUESDAY])
def test_a_day_is_sealed_once_and_in_order(sealed, clerk, day):
    with pytest.raises(NotSealable):
        api.seal_day(day, actor=clerk)


def test_an_empty_journal_can_be_sealed(db, clerk):
    assert api.seal_day(MONDAY, actor=clerk).count == 0
    assert api.verify().is_whole


def test_proof_holds_for_its_day_and_for_nothing_else(sealed):
    first, second = sealed
    early, late = api.prove("lamp", MONDAY), api.prove("lamp", TUESDAY)
    assert (early.sequence, late.sequence) == (4, 5)
    assert api.check_proof(early, first.root)
    assert api.check_proof(late, second.root)
    assert not api.check_proof(early, second.root)
    assert not api.check_proof(dataclasses.replace(early, sequence=3), first.root)
    with pytest.raises(NotSealed):
        api.prove("lamp", WEDNESDAY)
    with pytest.raises(NotSealed):
        api.prove("nothing", MONDAY)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE trust_day_seal SET root = moved_root WHERE sealed_on = '2026-03-03'",
        "UPDATE trust_day_seal SET count = count + 1 WHERE sealed_on = '2026-03-02'",
        "UPDATE trust_day_seal SET at = at + interval '1 microsecond' WHERE sealed_on = '2026-03-02'",
        "UPDATE trust_day_seal SET sealed_on = '2026-03-01' WHERE sealed_on = '2026-03-02'",
        "DELETE FROM trust_day_seal WHERE sealed_on = '2026-03-02'",
        "DELETE FROM trust_day_seal WHERE sealed_on = '2026-03-03'",
        "DELETE FROM trust_sealed_head WHERE sealed_on = '2026-03-03'",
        "UPDATE trust_sealed_head SET sequence = sequence + 1 WHERE sealed_on = '2026-03-02'",
        "UPDATE trust_sealed_head SET sealed_on = '2026-03-01' WHERE sealed_on = '2026-03-02'",
        "UPDATE trust_sealed_head SET hash = previous_hash FROM trust_journal AS entry"
        " WHERE entry.stream = trust_sealed_head.stream AND entry.sequence = 4",
    ],
)
def test_any_change_to_seals_is_found(sealed, change):
    with guard_down() as cursor:
        cursor.execute(change)
        assert cursor.rowcount
    fault = api.verify().fault
    assert fault is not None
    assert fault.kind == "seal"


def test_a_stream_forged_whole_with_its_head_breaks_the_seal(sealed, journal, clerk):
    """The intruder rewrites every entry of a stream and the head: only what was sealed gives it away."""
    items = [api.entry("case.moved", {"forged": number}, actor=clerk) for number in range(4)]
    forged = api.chain_entries(journal["well"], 0, api.GENESIS, items)
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s", [journal["well"]])
        api.copy_rows(cursor, forged.rows)
        cursor.execute("UPDATE trust_stream SET hash = %s WHERE stream = %s", [forged.hash, journal["well"]])
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream, fault.sequence) == ("seal", str(journal["well"]), 4)


def test_a_stream_removed_with_its_head_breaks_the_seal(sealed, journal):
    with guard_down() as cursor:
        cursor.execute("DELETE FROM trust_journal WHERE stream = %s", [journal["well"]])
        cursor.execute("DELETE FROM trust_stream WHERE stream = %s", [journal["well"]])
    fault = api.verify().fault
    assert fault is not None
    assert (fault.kind, fault.stream) == ("seal", str(journal["well"]))


def test_retired_streams_leave_by_the_book(sealed, journal, clerk):
    assert api.retire_streams([journal["well"]], "保管期满", actor=clerk) == 4
    assert api.verify().is_whole
    notes = api.history(dataclasses.replace(clerk, is_system=True), "retention")
    assert [note.kind for note in notes] == ["stream.retired"]
    assert str(journal["well"]) in notes[0].payload
    api.seal_day(WEDNESDAY, actor=clerk)
    assert api.verify().is_whole
    assert api.retire_streams([journal["well"]], "保管期满", actor=clerk) == 0
