"""The page of trust says what is hashed and what verification can find."""

from __future__ import annotations

from pathlib import Path

from yiwang.engines.trust.chain import COLUMNS
from yiwang.engines.trust.command import _KINDS

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "engines" / "trust.md").read_text(encoding="utf-8")


def test_it_names_every_hashed_column_in_order() -> None:
    shown = next(line for line in PAGE.splitlines() if line.startswith("hash(n) = SM3("))
    inside = shown.removeprefix("hash(n) = SM3(").removesuffix(")").split("‖")
    named = {"n": "sequence", "hash(n-1)": "previous_hash"}
    assert [named.get(part.strip(), part.strip()) for part in inside] == list(COLUMNS[:-1])


def test_every_kind_of_fault_has_a_row() -> None:
    assert not [kind for kind in _KINDS if f"| `{kind}` " not in PAGE]
