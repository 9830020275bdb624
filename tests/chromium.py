"""One browser for all browser tests of a process: its driver can run only once in a thread, and starting it costs."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from yiwang.project.browser import browser as installed

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--enable-unsafe-swiftshader", "--no-first-run", "--disable-default-apps", "--lang=zh-CN",
    "--js-flags=--no-turbofan --no-maglev",  # A page lives for a second: its scripts never earn back their optimising.
)  # fmt: skip


os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # The driver runs a loop in this thread; Django asks no more.


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without windows where it can be had; each test opens contexts of its own in it and closes them."""
    path = installed()
    if path is None:
        pytest.skip("There is no Chromium; make test installs it when run as root.")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()
