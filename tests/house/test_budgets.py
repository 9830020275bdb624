"""No room too big: function, file and engine budgets, without a list of exemptions. Complexity is ruff's (C901)."""

from __future__ import annotations

from pathlib import Path

from tests.house.source import code_lines, functions

FUNCTION, FILE, ENGINE, KERNEL = 40, 400, 3_000, 800
_MEASURED = {".py", ".html", ".css", ".js", ".sql"}


def test_no_function_is_longer_than_a_screen(python_files: list[Path], root: Path) -> None:
    long = [
        f"{path.relative_to(root)}:{node.lineno} {node.name} has {size} lines"
        for path in python_files
        for node in functions(path)
        if (size := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION
    ]
    assert not long, f"Functions above {FUNCTION} lines; make two with two names:\n" + "\n".join(long)


def test_no_file_is_longer_than_its_budget(tracked: list[Path], root: Path) -> None:
    long = [
        f"{path.relative_to(root)} has {size} lines"
        for path in tracked
        if path.suffix in _MEASURED
        if (size := len(path.read_text(encoding="utf-8").splitlines())) > FILE
    ]
    assert not long, f"Files above {FILE} lines; make two rooms with two names:\n" + "\n".join(long)


def _weight(folder: Path, python_files: list[Path]) -> int:
    inside = [path for path in python_files if folder in path.parents]
    return sum(code_lines(path) for path in inside if not {"tests", "migrations"} & set(path.parts))


def test_no_engine_outgrows_its_building(python_files: list[Path], root: Path) -> None:
    engines = [folder for folder in (root / "yiwang" / "engines").iterdir() if folder.is_dir()]
    heavy = {folder.name: size for folder in engines if (size := _weight(folder, python_files)) > ENGINE}
    assert not heavy, f"Engines above {ENGINE} lines of code: {heavy}"


def test_the_kernel_stays_small(python_files: list[Path], root: Path) -> None:
    assert _weight(root / "yiwang" / "kernel", python_files) <= KERNEL


def test_no_check_is_switched_off_for_a_budget(python_files: list[Path], root: Path) -> None:
    mark = "noqa: " + "C901"
    loose = [str(path.relative_to(root)) for path in python_files if mark in path.read_text(encoding="utf-8")]
    assert not loose, f"Complexity is not excused, it is divided: {loose}"
