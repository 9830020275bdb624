"""Which browser the tests install and take: the shell where Debian has it, whatever there is otherwise."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from yiwang.project import browser
from yiwang.project.environment import Unready


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Packages asked of a root account on a Debian with a Chinese font and nothing on its path."""
    found: list[str] = []
    monkeypatch.setattr(browser, "apt_install", lambda *packages, why: found.extend(packages))
    monkeypatch.setattr(browser, "has_chinese_font", lambda: True)
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    return found


def has(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


def test_a_bare_debian_gets_the_shell_and_its_relatives_the_whole_browser(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.ensure_browser()
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: {"ID": "ubuntu"})
    browser.ensure_browser()
    assert asked == [browser.SHELL, "chromium"]


def test_the_shell_is_taken_before_the_whole_browser_and_asked_for_beside_it(asked: list[str], tmp_path: Path) -> None:
    has(tmp_path, "chromium")
    assert browser.browser() == str(tmp_path / "chromium")
    browser.ensure_browser()
    has(tmp_path, browser.SHELL)
    browser.ensure_browser()
    assert asked == [browser.SHELL] and browser.browser() == str(tmp_path / browser.SHELL)


def test_where_the_shell_cannot_be_installed_the_whole_browser_serves(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(*packages: str, why: str) -> None:
        raise Unready("no network")

    monkeypatch.setattr(browser, "apt_install", refused)
    with pytest.raises(Unready):
        browser.ensure_browser()
    has(tmp_path, "chromium")
    browser.ensure_browser()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    browser.ensure_browser()
    assert browser.browser() == str(tmp_path / "chromium")
