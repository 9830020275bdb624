"""The locked files agree with what was asked for and with each other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yiwang.project.environment import INCLUDES

_NAMES = ("run", "dev", "node", "postgres", "outline")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pins(path: Path) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {_plain(name): version for name, version in found}


def _asked(path: Path) -> list[str]:
    lines = [line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [_plain(re.split(r"[\[<>=!~; ]", line)[0]) for line in lines if line and not line.startswith("-")]


@pytest.mark.parametrize("name", _NAMES)
def test_everything_asked_for_is_locked(name: str, root: Path) -> None:
    pins = _pins(root / "requirements" / f"{name}.txt")
    missing = [asked for asked in _asked(root / "requirements" / f"{name}.in") if asked not in pins]
    assert not missing, f"Run make lock: {missing}"


def test_a_larger_set_pins_what_the_smaller_pins(root: Path) -> None:
    for larger, smaller_ones in INCLUDES.items():
        outer = _pins(root / "requirements" / f"{larger}.txt")
        for smaller in smaller_ones:
            inner = _pins(root / "requirements" / f"{smaller}.txt")
            assert inner.items() <= outer.items(), f"{larger}.txt and {smaller}.txt differ; run make lock"


@pytest.mark.parametrize("name", _NAMES)
def test_every_pin_has_a_hash(name: str, root: Path) -> None:
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert entries and all("--hash=sha256:" in entry for entry in entries)
