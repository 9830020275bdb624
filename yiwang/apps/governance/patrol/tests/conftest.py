"""The browser of the browser tests, for the phone page."""

from __future__ import annotations

from tests.browser.conftest import photograph, visitor

__all__ = ["photograph", "visitor"]
