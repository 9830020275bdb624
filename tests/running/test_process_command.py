"""`yiwang process …` as a person types it: findings a line, JSON, files out and in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plain_incident import INCIDENT as PLAIN_INCIDENT
from yiwang.engines.bpmn.api import read_bpmn, write_bpmn
from yiwang.engines.bpmn.tests.files import WEB_MODELLER, file_of
from yiwang.engines.cases.models import AppVersion
from yiwang.engines.cases.services.versions import published, register_apps
from yiwang.engines.directory.api import forget_cached
from yiwang.engines.processes import spec
from yiwang.engines.processes.api import VERBS, bundle_of
from yiwang.project.command import _needs, build_parser, main

TYPE = "city_incident.incident"
INCIDENT = bundle_of("city_incident", PLAIN_INCIDENT)


@pytest.fixture
def incident(tmp_path: Path) -> Path:
    file = tmp_path / "incident.bpmn"
    file.write_bytes(write_bpmn(INCIDENT))
    return file


def script(folder: Path, content: Any) -> str:
    file = folder / "script.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(file)


def test_check_and_simulate_need_neither_database_nor_settings() -> None:
    for arguments, needed in ((["check", "f"], False), (["simulate", "f"], False), (["export", "t"], True)):
        args = build_parser().parse_args(["process", *arguments])
        assert _needs(args, "needs_database") is needed and _needs(args, "needs_django") is needed


def test_a_fresh_interpreter_simulates_without_settings(incident: Path) -> None:
    """Here settings are loaded already; only a new process shows that none are asked for."""
    code = f"""
import sys
from yiwang.project.command import main
assert main(["process", "check", {str(incident)!r}]) == 0 and main(["process", "simulate", {str(incident)!r}]) == 0
assert "yiwang.project.settings" not in sys.modules and "yiwang.engines.directory.models" not in sys.modules
"""
    bare = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    subprocess.run([sys.executable, "-c", code], env=bare, capture_output=True, check=True)


def test_a_sound_file_has_no_findings(incident: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "check", str(incident)]) == 0
    assert capsys.readouterr().out == "没有发现问题。\n"


def test_findings_of_a_foreign_file_come_one_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "leave.bpmn"
    file.write_bytes(WEB_MODELLER)
    assert main(["process", "check", str(file)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("错误  ", "提示  ")) for line in lines)
    assert "错误  节点“Ask the head”（Ask），第 12 行：没有指定办理岗位。请选择由哪个岗位办理。" in lines


def test_refused_elements_are_findings_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "script.bpmn"
    file.write_bytes(file_of('<scriptTask id="x" name="算"/>'))
    assert main(["process", "check", str(file)]) == 1
    assert "scriptTask“算”（x），第 3 行：不支持脚本任务。请改用规则任务" in capsys.readouterr().out


def test_a_simulation_is_json(incident: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [{"complete": "受理", "data": {"accepted": "yes"}}, {"advance": "PT4H"}]
    told = script(tmp_path, {"at": "2021-09-30T10:00", "data": {"category": "manhole"}, "steps": steps})
    assert main(["process", "simulate", str(incident), "--script", told]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [task["task"] for task in found["tasks"]] == ["dispatch"]
    assert found["at"] == "2021-09-30T14:00:00+08:00" and found["data"]["accepted"] == "yes"
    assert [event["share"] for event in found["events"] if event["verb"] == "fire"] == [50, 80, 100]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"steps": [{"complete": "受里"}]}, "第 1 步（complete）：流程里没有“受里”"),
        ("{", "不是有效的 JSON：第 1 行第 2 列"),
        ("[" * 100_000, "不是有效的 JSON"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence(
    incident: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, sentence: str
) -> None:
    assert main(["process", "simulate", str(incident), "--script", script(tmp_path, content)]) == 2
    told = capsys.readouterr()
    assert sentence in told.err and not told.out


def test_a_missing_file_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "check", str(tmp_path / "none.bpmn")]) == 2
    assert "无法读取文件" in capsys.readouterr().err


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Tests roll back; what a process remembers of the database must not outlive that."""
    forget_cached()


@pytest.fixture
def district(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "the tests' own")
    register_apps()


def test_export_and_import_give_the_same_version(
    district: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out.bpmn"
    assert main(["process", "export", TYPE, "-o", str(file)]) == 0
    version = AppVersion.objects.get(type=TYPE)
    assert read_bpmn(file.read_bytes()).bundle == version.bundle
    assert main(["process", "import", str(file), "--app", "city_incident", "--key", "incident", "--publish"]) == 0
    assert "已发布 city_incident.incident 第 1 版" in capsys.readouterr().out
    assert AppVersion.objects.count() == 1, "the same content is the same version"


def test_export_writes_to_the_screen(district: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["process", "export", TYPE, "--version", "1"]) == 0
    assert "<bpmn:definitions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["city_incident.incidnt"], "您是不是要写“city_incident.incident”？"), ([TYPE, "--version", "7"], "没有第 7 版。请用 --version 指定，可用的有：1")],
)  # fmt: skip
def test_export_of_what_is_not_there(
    district: None, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert main(["process", "export", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_an_imported_change_is_a_new_version(
    district: None, incident: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    incident.write_bytes(incident.read_bytes().replace('name="处置"'.encode(), 'name="处理"'.encode()))
    arguments = [
        "process",
        "import",
        str(incident),
        "--app",
        "city_incident",
        "--key",
        "incident",
        "--title",
        "部件事件",
    ]
    assert main(arguments) == 0
    assert "已存为 city_incident.incident 第 2 版（草稿）" in capsys.readouterr().out
    before = published()[TYPE]
    assert main([*arguments, "--publish"]) == 0
    after = AppVersion.objects.get(pk=published()[TYPE])
    assert after.pk != before and (after.number, after.title) == (2, "部件事件")


def test_what_the_lint_finds_is_not_published(
    district: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "leave.bpmn"
    file.write_bytes(WEB_MODELLER)
    assert main(["process", "import", str(file), "--app", "city_incident", "--key", "leave", "--publish"]) == 1
    told = capsys.readouterr().out
    assert "没有指定办理岗位" in told and "没有发布" in told
    assert AppVersion.objects.get(type="city_incident.leave").status == "draft"


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def test_the_script_of_the_page_gives_the_tasks_of_the_page(
    root: Path, incident: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told, tasks = _blocks(root / "docs" / "engines" / "bpmn.md", "json")
    assert main(["process", "simulate", str(incident), "--script", script(tmp_path, told)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["tasks"] == json.loads(tasks)
    assert [event["share"] for event in found["events"] if event.get("clock_node") == "dispatch"] == [50, 80, 100]


def test_the_example_of_the_page_of_processes_is_true(root: Path) -> None:
    """Every line with a value behind it has that value."""
    known: dict[str, Any] = {}
    told = 0
    for block in _blocks(root / "docs" / "engines" / "processes.md", "python"):
        exec(block, known)
        for line in block.splitlines():
            expression, mark, value = line.partition("  # ")
            if mark:
                told += 1
                assert repr(eval(expression, known)) == value.partition("：")[0].strip(), line
    assert told == 4


def test_the_page_of_processes_names_every_word_and_verb(root: Path) -> None:
    page = (root / "docs" / "engines" / "processes.md").read_text(encoding="utf-8")
    words = {word.__name__ for word in spec.Node.__subclasses__()} | {"CaseType", "Many", "Handler"}
    assert not [name for name in (*words, *VERBS) if f"`{name}`" not in page]
    for verb in VERBS.values():
        assert verb.title in page, verb
