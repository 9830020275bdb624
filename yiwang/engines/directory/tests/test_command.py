"""`yiwang district` and `yiwang calendar` as a person at a terminal meets them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from yiwang.engines.directory import command
from yiwang.engines.directory.models import Division
from yiwang.engines.directory.tests.test_boundaries import THIRDS, collection
from yiwang.kernel.errors import InvalidInput

pytestmark = pytest.mark.usefixtures("district")
NOTICE = {
    "year": 2027,
    "papers": ["国办发明电〔2026〕1号（测试）"],
    "days": [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": True},
        {"name": "春节", "date": "2027-02-06", "isOffDay": True},
        {"name": "春节", "date": "2027-02-14", "isOffDay": False},
    ],
}


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.register(parser.add_subparsers(required=True))
    args = parser.parse_args(arguments)
    code: int = args.run(args)
    return code


@pytest.fixture
def towns(tmp_path: Path) -> str:
    path = tmp_path / "towns.geojson"
    path.write_bytes(collection(THIRDS))
    return str(path)


def test_a_dry_run_writes_nothing(towns: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("district", "import-boundaries", towns, "--dry-run") == 0
    told = capsys.readouterr().out
    assert "440605124" in told and "km²" in told and "试运行" in told
    assert not Division.objects.filter(is_schematic=False, outline__isnull=False).exists()


def test_an_import_says_the_coordinates_it_used(towns: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("district", "import-boundaries", towns, "--coordinates", "gcj02") == 0
    assert "坐标系：GCJ-02，已转换为 WGS-84。" in capsys.readouterr().out
    assert Division.objects.filter(level="town", is_schematic=False).count() == 3


def test_all_faults_are_listed_with_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.geojson"
    path.write_bytes(collection({**THIRDS, "440605999": THIRDS["440605124"]}))
    for more in ([], ["--dry-run"]):
        assert run("district", "import-boundaries", str(path), *more) == 1
        told = capsys.readouterr().out
        assert "没有代码为440605999的区划" in told and "   1. " in told


def test_a_notice_makes_the_year_certain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("calendar", "explain", "2027-01-01T10:00", "1statutory_day")
    told = capsys.readouterr().out
    assert "暂定" in told and "计入1个工作日" in told
    path = tmp_path / "2027.json"
    path.write_text(json.dumps(NOTICE, ensure_ascii=False), encoding="utf-8")
    assert run("calendar", "import", str(path)) == 0
    assert "放假3天，调休上班1天" in capsys.readouterr().out
    run("calendar", "explain", "2027-02-12T10:00", "1法定工作日")
    told = capsys.readouterr().out
    assert "春节调休上班日（周日）" in told and "截止 2027-02-14 17:30:00" in told and "暂定" not in told


def test_d6_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Vector D6: two working days from 2021-09-30 10:00 end on the make-up Saturday 2021-10-09 at 10:00."""
    assert run("calendar", "explain", "2021-09-30T10:00", "2个工作日") == 0
    told = capsys.readouterr().out
    assert told.endswith("2个工作日，计入13小时（46,800秒）。\n截止 2021-10-09 10:00:00\n")
    assert "国庆节放假" in told and "午休" in told and "调休上班日（周六）办公时间" in told


@pytest.mark.parametrize("limit", ["", "two days", "0working_day", "1.5statutory_day", "3 fortnights", "１工作日"])
def test_a_limit_nobody_understands_names_the_units(limit: str) -> None:
    with pytest.raises(InvalidInput, match="working_day"):
        run("calendar", "explain", "2021-09-30T10:00", limit)


def test_a_start_that_is_no_time_says_how_to_write_it() -> None:
    with pytest.raises(InvalidInput, match="2021-09-30 10:00"):
        run("calendar", "explain", "30.9.2021", "2工作日")


def test_a_faulty_notice_lists_its_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,name,is_off_day\n2027-01-01,元旦,1\n2027-02-31,春节,1\n2027-03-01,,1\n", encoding="utf-8")
    assert run("calendar", "import", str(path)) == 1
    told = capsys.readouterr().out
    assert "第2行" in told and "第3行" in told
