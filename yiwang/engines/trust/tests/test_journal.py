"""Appending, reading by scope, and the command line."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from yiwang.engines.trust import api, command, heads
from yiwang.engines.trust.tests.conftest import Person, guard_down
from yiwang.kernel import clock


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    return args.run(args)


def test_append_returns_the_sequence_and_keeps_every_column(db):
    at = clock.china(2026, 3, 2, 9)
    writer = Person(on_behalf_of="陈女士")
    with clock.frozen(at):
        assert api.append("well", "case.opened", {"b": 1, "a": "井盖"}, actor=writer, division="440605121") == 1
        later = at + timedelta(hours=1)
        assert api.append("well", "case.moved", {}, actor=writer, division="440605121", at=later) == 2
    first, second = api.history(Person(), "well")
    assert (first.kind, first.division, first.payload) == ("case.opened", "440605121", '{"a":"井盖","b":1}')
    assert (first.actor_id, first.actor_name, first.on_behalf_of) == (7, "老周", "陈女士")
    assert (first.at, second.at) == (at, later)
    assert bytes(second.previous_hash) == bytes(first.hash)


def test_history_shows_only_the_readers_divisions(journal):
    """A reader of one town sees that town's entries of a stream that moved between towns."""
    assert len(api.history(Person(prefixes=("440605",)), "well")) == 4
    assert [row.sequence for row in api.history(Person(prefixes=("440605122",)), "well")] == [3, 4]
    assert api.history(Person(prefixes=("440606",)), "well") == []
    assert api.history(Person(prefixes=()), "well") == []


def test_two_writers_of_one_sequence_collide(journal, clerk):
    rows = api.chain_entries(journal["well"], 3, bytes(32), [api.entry("case.moved", {}, actor=clerk)]).rows
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        api.copy_rows(cursor, rows)


def test_heads_of_another_owner_are_verified_and_sealed(db, clerk, monkeypatch):
    monkeypatch.setattr(heads, "_queries", dict(heads._queries))
    stream = api.stream_named("elsewhere")
    chain = api.chain_entries(stream, 0, api.GENESIS, [api.entry("case.opened", {}, actor=clerk)] * 3)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE own (id uuid, entry_count int, head bytea) ON COMMIT DROP")
        api.copy_rows(cursor, chain.rows)
        cursor.execute("INSERT INTO own VALUES (%s, %s, %s)", [stream, chain.sequence, chain.hash])
        assert api.verify().fault.kind == "head"
        api.register_heads("own", "SELECT id AS stream, entry_count AS sequence, head AS hash FROM own")
        assert api.verify().is_whole
        assert api.seal_day(clock.china(2026, 3, 2).date(), actor=clerk).count == 1
        cursor.execute("UPDATE own SET entry_count = 4")
    fault = api.verify().fault
    assert (fault.kind, fault.sequence) == ("missing", 4)


def test_progress_is_told(journal, monkeypatch):
    from yiwang.engines.trust import verification

    monkeypatch.setattr(verification, "_PROGRESS_EVERY", 5)
    seen: list[int] = []
    api.verify(progress=lambda count, expected: seen.append(count))
    assert seen == [5, 10]


def test_verify_command_prints_and_exits(journal, capsys):
    assert run("verify") == 0
    assert "12 条记录，3 个流" in capsys.readouterr().out
    with guard_down() as cursor:
        cursor.execute("UPDATE trust_journal SET payload = '{}' WHERE stream = %s", [journal["lamp"]])
    assert run("verify") == 1
    assert f"发现改动（altered）：流 {journal['lamp']}，第 1 条：" in capsys.readouterr().out
    assert run("verify", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["fault"] == {
        "kind": "altered",
        "stream": str(journal["lamp"]),
        "sequence": 1,
        "sentence": "内容与写入时的哈希不符",
    }
    assert run("verify", "--stream", str(journal["tree"])) == 0


def test_seal_command(journal, capsys):
    with clock.frozen(clock.china(2026, 3, 3, 0, 5)):
        assert run("seal") == 0
        assert capsys.readouterr().out.startswith("已封存 2026-03-02：3 个流，根 ")
        assert run("seal") == 1
