"""Where the case engine hooks into engines below: stream heads for the journal, roles for the directory."""

from __future__ import annotations

from yiwang.engines.trust.api import register_heads

HEADS = "SELECT id AS stream, sequence, head AS hash FROM cases_case"


def make() -> None:
    """Called once at start."""
    register_heads("cases", HEADS)
