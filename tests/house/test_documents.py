"""Pages that cannot rot: each setting, engine and app has its place in docs/, and generated parts are as generated."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.kernel.app import registry
from yiwang.kernel.settings_table import SETTINGS
from yiwang.project import pages

HEADINGS = ("为什么", "谁用", "怎么走", "数据", "看板", "试一试")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: object, root: Path) -> None:
    assert f"`{setting.name}`" in (root / "docs" / "settings.md").read_text(encoding="utf-8")


def test_generated_parts_are_fresh(root: Path) -> None:
    stale = [str(path.relative_to(root)) for path, text in pages.generated().items() if path.read_text("utf-8") != text]
    assert not stale, f"Run make docs and commit: {stale}"


def test_every_engine_has_a_page(root: Path) -> None:
    engines = [folder.parent.name for folder in (root / "yiwang" / "engines").glob("*/api.py")]
    missing = [name for name in engines if not (root / "docs" / "engines" / f"{name}.md").is_file()]
    assert not missing, f"docs/engines/ lacks {missing}"


def test_every_app_has_a_page_with_the_fixed_headings(root: Path) -> None:
    for app in registry.apps.values():
        page = root / "docs" / "systems" / app.net / f"{app.key}.md"
        assert page.is_file(), f"Write {page.relative_to(root)}"
        text = page.read_text(encoding="utf-8")
        assert not [heading for heading in HEADINGS if f"## {heading}" not in text], page


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    broken = []
    for page in (*root.glob("*.md"), *(root / "docs").rglob("*.md")):
        for target in pages.local_links(page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(root)} → {target}")
    assert not broken, broken
