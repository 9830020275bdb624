"""The two trial books stand in the place of all declared ones, on the small district, on a fixed morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from yiwang.engines.rulebooks import books
from yiwang.engines.rulebooks.tests.trial_books import APP
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import Registry
from yiwang.kernel.clock import china, frozen

NOW = china(2026, 3, 2, 9)


@pytest.fixture
def trial(small_district: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kernel_app, "registry", Registry((APP,)))
    with frozen(NOW):
        yield
    books._books_of.cache_clear()
