"""An engine has doors: `spec` and `scenario` (words), `api` (calls); everything else inside it is its own business."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import tree

ENGINES = "yiwang.engines."
DOORS = {"spec", "api", "scenario"}


def _engine_imports(path: Path) -> Iterator[tuple[str, str, int]]:
    """(engine, module inside it or '', line) of every import of an engine, wherever in the file it stands."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            deep = node.module.count(".") > 2
            names = [node.module] if deep else [f"{node.module}.{name.name}" for name in node.names]
        else:
            continue
        for name in names:
            if name.startswith(ENGINES):
                engine, _, inside = name.removeprefix(ENGINES).partition(".")
                yield engine, inside.split(".")[0], node.lineno


def _home(path: Path, root: Path) -> str:
    """The engine a file belongs to, '' for an app."""
    parts = path.relative_to(root / "yiwang").parts
    return parts[1] if parts[0] == "engines" else ""


def test_nobody_climbs_in_by_the_window(python_files: list[Path], root: Path) -> None:
    rooms = (root / "yiwang" / "engines", root / "yiwang" / "apps", root / "yiwang" / "ui", root / "yiwang" / "kernel")
    wrong = [
        f"{path.relative_to(root)}:{line} imports {engine}.{inside}"
        for path in python_files
        if any(room in path.parents for room in rooms) and "tests" not in path.parts
        for engine, inside, line in _engine_imports(path)
        if engine != _home(path, root) and inside not in DOORS
    ]
    assert not wrong, "Enter an engine by its spec or api:\n" + "\n".join(wrong)
