"""The demonstration district: its accounts, and a year of history replayed at a scale.

The engines are imported where they are called: their tables are known only after Django has started.
"""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.app import app_modules


@dataclass(frozen=True)
class Account:
    """One card of the log-in page: who, as what, with which user name and password."""

    title: str
    name: str
    username: str
    password: str


def load_district(code: str) -> str:
    """Divisions, organisations and demo accounts of a district; a sentence about it, '' when nothing was new."""
    from yiwang.engines.directory.loading import load_district as load

    return load(code) or ""


def publish_apps() -> None:
    """Store and publish what the apps declare, so that new cases start on it; unchanged apps cost one look."""
    from yiwang.engines.cases.api import register_apps

    register_apps()


def seed_apps(code: str) -> str:
    """What apps lay out before the first day, such as first editions of their books; a sentence of what was new."""
    told = (module.seed(code) for _, _, module in app_modules("seed"))
    return "；".join(sentence for sentence in told if sentence)


def load_history(scale: float) -> str:
    """Replay the scenarios of all apps at `scale` of a year, once; a sentence, '' when it was there already."""
    from yiwang.project.history import replay

    return replay(scale) or ""


def accounts() -> list[Account]:
    """The demo accounts in the order of the log-in page; none outside demo mode."""
    from yiwang.project.history import demo_accounts

    return [Account(*entry) for entry in demo_accounts()]
