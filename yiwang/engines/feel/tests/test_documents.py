"""The page of FEEL is true: each row of its tables gives what it says, and no built-in function is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from yiwang.engines.feel.api import compile_expression, from_python, inner_text
from yiwang.engines.feel.builtins import BUILTINS

PAGE = Path(__file__).resolve().parents[4] / "docs" / "engines" / "feel.md"
ROWS = re.findall(r"^\| `(.+?)` \| `(.+?)` \| .+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_each_row_gives_what_it_says(text: str, wanted: str) -> None:
    assert inner_text(from_python(compile_expression(text).value({}))) == wanted


def test_every_built_in_function_has_a_row() -> None:
    shown = {text.split("(")[0] for text, _ in ROWS}
    assert not set(BUILTINS) - shown
