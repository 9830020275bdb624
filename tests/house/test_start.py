"""What the start decides before it starts anything: folders, ports, Python, tables of the terminal."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from yiwang.kernel.errors import ConfigurationError
from yiwang.project import command, data_folder, environment, launcher, terminal


def test_each_district_has_its_own_folder(root: Path, tmp_path: Path) -> None:
    first = data_folder.data_folder("", "")
    assert first == root / "var" == data_folder.data_folder("", data_folder.FIRST_DISTRICT)
    assert data_folder.data_folder("", "440606").parent == first
    assert data_folder.data_folder(str(tmp_path), "440606") == tmp_path


def test_a_folder_keeps_its_district(tmp_path: Path) -> None:
    assert data_folder.claim(tmp_path, "440606") == "440606"
    assert data_folder.claim(tmp_path, "") == "440606"
    with pytest.raises(ConfigurationError, match="holds district 440606"):
        data_folder.claim(tmp_path, "440605")


def test_a_district_that_does_not_exist_leaves_the_folder_free(tmp_path: Path) -> None:
    lists = tmp_path / "frontend" / "divisions"
    lists.mkdir(parents=True)
    (lists / "areas.json").write_text('[{"code": "440605", "name": "南海区"}]', encoding="utf-8")
    data_folder.claim(tmp_path, "440699")
    start = launcher.Launcher(launcher.Options(), tmp_path, "440699")
    with pytest.raises(ConfigurationError, match=r"no such district\. Did you mean 440605 南海区"):
        start.check_district()
    assert data_folder.claim(tmp_path, "440605") == "440605"


@pytest.mark.parametrize("code", ["44060", "4406055", "南海", "040605"])
def test_a_district_is_six_digits(code: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="six-digit"):
        data_folder.claim(tmp_path, code)


def test_only_one_launcher_works_in_a_folder(tmp_path: Path) -> None:
    with data_folder.occupied(tmp_path, "http://127.0.0.1:8000/"):
        other = data_folder.running(tmp_path)
        assert other is not None and other.address == "http://127.0.0.1:8000/"
        with pytest.raises(ConfigurationError, match="already works"):
            data_folder.check_idle(tmp_path)
        with pytest.raises(ConfigurationError, match="already works"):
            data_folder.wipe(tmp_path)
    assert data_folder.running(tmp_path) is None


def test_wiping_leaves_other_districts_alone(tmp_path: Path) -> None:
    data_folder.claim(tmp_path, "440605")
    data_folder.claim(tmp_path / "district-440606", "440606")
    for folder in ("uploads", "frontend"):
        (tmp_path / folder).mkdir()
    data_folder.wipe(tmp_path)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["district-440606", "frontend"]


def test_reset_deletes_nothing_but_our_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.doc").write_text("mine", encoding="utf-8")
    assert command.main(["reset", "--data", str(tmp_path), "--yes"]) == 0
    assert (tmp_path / "thesis.doc").exists()
    assert "nothing to wipe" in capsys.readouterr().out


def test_reset_without_an_answer_deletes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data_folder.claim(tmp_path, "440605")
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    assert command.main(["reset", "--data", str(tmp_path)]) == 1
    assert (tmp_path / "district").exists()


def test_a_taken_port_names_a_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"Port {port} is taken.*make run PORT=\d+"):
            launcher.check_port(port)


@pytest.mark.parametrize("port", [80, 70_000])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(ConfigurationError, match="1024 to 65535"):
        launcher.check_port(port)


def test_an_old_python_is_told_what_to_do() -> None:
    with pytest.raises(environment.Unready, match=r"3\.11 or newer.*3\.9.*PYTHON="):
        environment.check_python((3, 9))


def test_a_missing_package_without_root_names_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(environment.Unready, match=r"sudo sh -c 'apt-get update && apt-get install .*chromium'"):
        environment.apt_install("chromium", why="Tests need a browser.")


def test_tables_line_up_with_chinese_words() -> None:
    lines = terminal.table(["身份", "user"], [["派遣员", "a"], ["x", "bb"]]).splitlines()
    assert [terminal.width(text.rstrip("abuser─")) for text in lines] == [8, 8, 8, 8]


def test_a_mistyped_command_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        command.main(["verfy"])
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err
