"""The browser and the Chinese fonts that browser tests need: found, or installed as Debian packages when root."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path

from yiwang.project.environment import Unready, apt_install
from yiwang.project.terminal import say

SHELL = "chromium-headless-shell"
"""The same engine without windows, toolbars and a process in reserve: a third less work for the same pages."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
_FONTS = Path("/usr/share/fonts")


def browser() -> str | None:
    """Path of the installed Chromium, None without one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    return any(_FONTS.rglob("NotoSansCJK*"))


def _package() -> str:
    """Only Debian itself has the shell as a package; its relatives have the whole browser."""
    try:
        system = platform.freedesktop_os_release()
    except OSError:
        return "chromium"
    return SHELL if system.get("ID") == "debian" else "chromium"


def ensure_browser() -> None:
    """Install what is missing; Unready with the one command to run when this account may not.

    Where the whole browser is there already the shell is installed beside it if that goes without asking anybody.
    """
    missing = [] if browser() else [_package()]
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if missing:
        apt_install(*missing, why="Browser tests need Chromium and a Chinese font.")
    elif shutil.which(SHELL) is None and _package() == SHELL and os.geteuid() == 0:
        try:
            apt_install(SHELL, why="Browser tests take a third less work with it.")
        except Unready:
            say(f"  {SHELL} cannot be installed now; the whole browser does the same, only slower.")
