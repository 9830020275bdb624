"""What no source may hold: places of one machine, addresses of registries, errors swallowed whole."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source import tree

_NAMES = ("registry.npmjs.", "pypi.", "pythonhosted.", "deb.debian.")
HOSTS = (*(name + "org" for name in _NAMES), "npmmirror." + "com")
_TEXT = {".py", ".md", ".toml", ".txt", ".in", ".json", ".html", ".css", ".js", ".sql", ".csv", ".svg", ".po", ""}


def _holding(needles: tuple[str, ...], tracked: list[Path], root: Path) -> list[str]:
    found = []
    for path in tracked:
        if path.suffix not in _TEXT:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(root)}: {needle}" for needle in needles if needle in text]
    return found


def test_no_file_names_a_registry(tracked: list[Path], root: Path) -> None:
    assert not _holding(HOSTS, tracked, root), "Locked files name packages and hashes, not the place they came from."


def test_no_file_names_a_folder_of_one_machine(tracked: list[Path], root: Path) -> None:
    """Whoever runs this: neither the folder of the checkout, nor what lies beside it, nor the home of the account."""
    places = (f"{root}/", *(f"{item}" for item in root.parent.iterdir() if item.is_dir()), f"{Path.home()}/")
    assert not _holding(places, tracked, root)


def _bare(path: Path) -> list[int]:
    return [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler) and node.type is None]


def test_no_bare_except(python_files: list[Path], root: Path) -> None:
    found = [f"{path.relative_to(root)}:{line}" for path in python_files for line in _bare(path)]
    assert not found, f"Say which error is meant: {found}"


def test_every_module_says_what_it_is(python_files: list[Path], root: Path) -> None:
    silent = [
        str(path.relative_to(root))
        for path in python_files
        if "migrations" not in path.parts and path.stat().st_size and ast.get_docstring(tree(path)) is None
        if "tests" not in path.parent.parts or path.name != "__init__.py"
    ]
    assert not silent, f"The first line of a module says what it is for: {silent}"


def test_specs_know_no_framework(root: Path) -> None:
    for path in (root / "yiwang" / "engines").glob("*/spec.py"):
        imported = {name.name for node in ast.walk(tree(path)) if isinstance(node, ast.Import) for name in node.names}
        imported |= {node.module or "" for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)}
        assert not [name for name in imported if name.split(".")[0] == "django"], path
