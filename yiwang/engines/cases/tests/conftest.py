"""What the tests of the case engine share."""

from __future__ import annotations

import pytest

from yiwang.engines.directory.api import forget_cached


@pytest.fixture(autouse=True)
def _fresh_caches() -> None:
    """Tests roll back; what a process remembers of the database must not outlive that."""
    forget_cached()
