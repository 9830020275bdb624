"""The database server of a data folder: made, killed, found again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yiwang.kernel.errors import ConfigurationError
from yiwang.project import postgres, processes
from yiwang.project.postgres import Cluster
from yiwang.project.postgres_place import Account, read_record, remove_place


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    remove_place(tmp_path)


def _count(url: str) -> int:
    with psycopg.connect(url) as link:
        row = link.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_committed_rows_survive_kill_and_keep_their_port(data: Path) -> None:
    cluster = Cluster(data)
    url = cluster.start()
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE kept AS SELECT 1 AS number")
    killed = cluster.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert processes.wait_until(lambda: cluster.has_ended, 10)
    try:
        assert cluster.start() == url
        assert _count(url) == 1
    finally:
        cluster.stop()
    assert cluster.process_id is None


def test_a_server_left_over_is_stopped_by_its_id(data: Path) -> None:
    lost = Cluster(data, durable=False)
    lost.start()
    left_over = lost.process_id
    found = Cluster(data, durable=False)
    url = found.start()
    try:
        assert found.process_id != left_over
        with psycopg.connect(url) as link:
            assert link.execute("SELECT current_user").fetchone() == ("yiwang",)
    finally:
        found.stop()
        lost.stop()


def test_a_second_command_shares_the_running_server(data: Path) -> None:
    cluster = Cluster(data, durable=False)
    with cluster.running() as url, Cluster(data, durable=False).running() as shared:
        assert shared == url
    assert not cluster.is_ready


def test_a_wrong_password_is_refused(data: Path) -> None:
    with Cluster(data, durable=False).running() as url:
        wrong = url.replace(url.split(":")[2].split("@")[0], "guessed")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)


def test_without_programs_the_sentence_names_the_ways_out(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "all_binaries", lambda: [])
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        Cluster(data).start()


def test_a_cluster_of_another_version_is_not_touched(data: Path) -> None:
    cluster = Cluster(data)
    cluster.record.folder.mkdir(parents=True)
    (cluster.record.folder / "PG_VERSION").write_text("9", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="PostgreSQL 9"):
        cluster.start()


def test_a_folder_the_account_cannot_enter_is_noticed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    assert not Account("somebody", 54321, 54321).can_enter(closed / "data")
    assert Account().can_enter(closed / "data")


def test_a_broken_record_is_read_as_none(tmp_path: Path) -> None:
    (tmp_path / "postgres.json").write_text("{not json", encoding="utf-8")
    assert read_record(tmp_path) is None


def test_a_start_that_failed_is_still_wanted(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = Cluster(data, durable=False)
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "all_binaries", lambda: [])
        with pytest.raises(ConfigurationError):
            cluster.start()
    assert cluster.has_ended
    cluster.start()
    assert not cluster.has_ended
    cluster.stop()
    assert not cluster.has_ended
