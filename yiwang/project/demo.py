"""The demonstration district: its accounts, and a year of history replayed at a scale.

The parts that know people and cases are called where they exist: `yiwang.engines.directory.demo` makes accounts, and
`yiwang.project.history` replays the scenarios of all apps.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Account:
    """One card of the log-in page: who, as what, with which user name and password."""

    title: str
    name: str
    username: str
    password: str


def optional_function(module: str, name: str) -> Any:
    """A function of a part of the house that may not be there yet; None then."""
    try:
        if importlib.util.find_spec(module) is None:
            return None
    except ModuleNotFoundError:
        return None
    return getattr(importlib.import_module(module), name, None)


def load_district(code: str) -> str:
    """Divisions, organisations and demo accounts of a district; a sentence about it, '' when nothing was new."""
    load = optional_function("yiwang.engines.directory.loading", "load_district")
    return str(load(code) or "") if load else ""


def publish_apps() -> None:
    """Store and publish what the apps declare, so that new cases start on it; unchanged apps cost one look."""
    publish = optional_function("yiwang.engines.cases.services.versions", "register_apps")
    if publish is not None:
        publish()


def load_history(scale: float) -> str:
    """Replay the scenarios of all apps at `scale` of a year, once; a sentence, '' when it was there already."""
    replay = optional_function("yiwang.project.history", "replay")
    return str(replay(scale) or "") if replay else ""


def accounts() -> list[Account]:
    """The demo accounts in the order of the log-in page; none outside demo mode."""
    listed = optional_function("yiwang.project.history", "demo_accounts")
    return [Account(*entry) for entry in listed()] if listed else []
