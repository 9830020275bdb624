"""One browser for all browser tests of a process: its driver can run only once in a thread, and starting it costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from yiwang.project.browser import browser as installed

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-default-apps", "--lang=zh-CN",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; each test opens contexts of its own in it and closes them."""
    path = installed()
    if path is None:
        pytest.skip("There is no Chromium; make test installs it when run as root.")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()
