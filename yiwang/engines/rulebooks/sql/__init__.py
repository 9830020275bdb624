"""SQL beyond the ORM, one named statement per file."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def statement(name: str) -> str:
    """The text of `<name>.sql` in this folder, without its comments."""
    lines = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--"))
