"""The browser and the Chinese fonts that browser tests need: found, or installed as Debian packages when root."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from yiwang.project.environment import apt_install

NAMES = ("chromium", "chromium-browser", "google-chrome")
_FONTS = Path("/usr/share/fonts")


def browser() -> str | None:
    """Path of the installed Chromium, None without one."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        listed = subprocess.run(["fc-list", ":lang=zh", "file"], capture_output=True, text=True, check=False)
        return bool(listed.stdout.strip())
    return any(_FONTS.rglob("NotoSansCJK*"))


def ensure_browser() -> None:
    """Install what is missing; Unready with the one command to run when this account may not."""
    missing = [] if browser() else ["chromium"]
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if missing:
        apt_install(*missing, why="Browser tests need Chromium and a Chinese font.")
