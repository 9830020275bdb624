"""The house as text is in the repository: whoever changes a declaration shows it in the same commit."""

from __future__ import annotations

from yiwang.kernel.app import App, registry
from yiwang.project.declarations import printed
from yiwang.project.pages import SNAPSHOT


def test_the_snapshot_is_what_the_apps_declare() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == printed(), "Run make docs, look at the diff and commit it."


def test_every_part_of_every_app_is_printed() -> None:
    lines = {line.strip() for line in printed().splitlines()}
    for app in registry.apps.values():
        for part in (app, *app.parts):
            kind = "App" if isinstance(part, App) else type(part).__name__
            assert any(line.startswith(f"{kind} {part.key} {part.title}") for line in lines), part.key
