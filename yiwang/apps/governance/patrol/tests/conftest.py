"""The browser of the browser tests, for the phone page."""

from __future__ import annotations

from tests.browser.conftest import chromium, photograph, visitor

__all__ = ["chromium", "photograph", "visitor"]
