"""A make-believe district for forms: one square of land, two villages, and a folder for uploads that goes away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from yiwang.engines.directory.api import ANONYMOUS, Actor
from yiwang.engines.forms import lookups

VILLAGES = {"440605001001": "东村", "440605001002": "西村"}


@pytest.fixture(autouse=True)
def district(monkeypatch: pytest.MonkeyPatch) -> None:
    def inside(longitude: float, latitude: float) -> str | None:
        return "440605001001" if 113 < longitude < 113.3 and 22.9 < latitude < 23.2 else None

    found = [lookups.Choosable(code, name, "桂城街道") for code, name in VILLAGES.items()]
    monkeypatch.setattr(lookups, "locate", inside)
    monkeypatch.setattr(lookups, "is_division", VILLAGES.__contains__)
    monkeypatch.setattr(lookups, "division_names", lambda: VILLAGES)
    monkeypatch.setattr(lookups, "choosable", lambda level, within: found)
    monkeypatch.setattr(lookups, "division_title", lambda code: f"桂城街道{VILLAGES.get(code, code)}")


@pytest.fixture
def uploads(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def stored(uploads: Path) -> Any:
    """Names of all files under the upload folder."""
    return lambda: sorted(path.relative_to(uploads).as_posix() for path in uploads.rglob("*") if path.is_file())


@pytest.fixture
def visitor() -> Actor:
    return ANONYMOUS


@pytest.fixture
def clerk() -> Actor:
    return Actor(user_id=None, name="系统", is_system=True)
