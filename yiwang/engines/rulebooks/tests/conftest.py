"""The two trial books stand in the place of all declared ones, in a district of two divisions, on a fixed morning."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.small_district import DISTRICT, HERE
from yiwang.engines.directory.api import bump, forget_cached
from yiwang.engines.directory.models import Division, Organisation
from yiwang.engines.rulebooks import books
from yiwang.engines.rulebooks.tests.trial_books import APP
from yiwang.kernel import app as kernel_app
from yiwang.kernel.app import Registry
from yiwang.kernel.clock import china, frozen

NOW = china(2026, 3, 2, 9)


@pytest.fixture
def trial(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    Division.objects.create(code=DISTRICT, name="南海区", level="district")
    Division.objects.create(code=HERE, name="狮山镇", level="town", parent_id=DISTRICT)
    bump("divisions")
    for code in (DISTRICT, HERE):
        Organisation.objects.create(name=f"{code}政府", kind="government", division_id=code)
    monkeypatch.setattr(kernel_app, "registry", Registry((APP,)))
    with frozen(NOW):
        yield
    books._books_of.cache_clear()
    forget_cached()
