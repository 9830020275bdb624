"""What the directory's tests share; see `places`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from yiwang.engines.directory import api, loading
from yiwang.engines.directory.tests import places
from yiwang.engines.geography.api import Outline


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small code list."""
    return places.write_list(tmp_path)


def _find_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Loading looks there, and every district is a square."""
    patch.setattr(loading, "list_folder", lambda: folder)
    patch.setattr(loading, "district_outline", lambda code, name: Outline(places.SQUARE, "测试"))
    patch.setattr(loading, "place_points", lambda box: {"狮山": (113.00875, 23.12385)})


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small district, loaded once for a file and undone at its end; what the load said."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        api.forget_cached()
        _find_in(places.write_list(tmp_path_factory.mktemp("list")), patch)
        yield loading.load_district("440605") or ""
        transaction.set_rollback(True)
    api.forget_cached()


@pytest.fixture
def district(_loaded: str, db: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small district for one test, whose own changes are undone after it; what the load said."""
    api.forget_cached()
    _find_in(folder, monkeypatch)
    return _loaded
