"""What the directory's tests share; see `places`."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.engines.directory import api, loading
from yiwang.engines.directory.tests import places
from yiwang.engines.geography.api import Outline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small code list."""
    return places.write_list(tmp_path)


@pytest.fixture
def district(db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small district, loaded; what the load said."""
    api.forget_cached()
    monkeypatch.setattr(loading, "list_folder", lambda: folder)
    monkeypatch.setattr(loading, "district_outline", lambda code, name: Outline(places.SQUARE, "测试"))
    monkeypatch.setattr(loading, "place_points", lambda box: {"狮山": (113.00875, 23.12385)})
    return loading.load_district("440605") or ""
