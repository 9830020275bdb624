"""The command line as a person meets it: help, wrong use, and commands that need neither web nor database."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.project import command


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        command.main(["--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for name in ("run", "worker", "reset", "verify", "seal", "rules", "district"):
        assert f"\n    {name} " in printed


def test_a_missing_file_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = tmp_path / "missing.dmn"
    assert command.main(["rules", "evaluate", str(missing), "--decision", "x", "--input", "{}"]) == 2
    told = capsys.readouterr()
    assert "missing.dmn" in told.err + told.out
    assert "Traceback" not in told.err


def test_rules_need_no_database_and_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    args = command.build_parser().parse_args(["rules", "evaluate", "x.dmn", "--decision", "y", "--input", "{}"])
    assert not command._needs(args, "needs_database")
    assert not command._needs(args, "needs_django")


def test_the_journal_needs_its_database() -> None:
    args = command.build_parser().parse_args(["verify"])
    assert command._needs(args, "needs_database")


def test_a_folder_without_a_database_is_told_to_start_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("YIWANG_DATA", str(tmp_path))
    assert command.main(["verify"]) == 2
    assert "make run" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
