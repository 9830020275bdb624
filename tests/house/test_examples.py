"""Examples on the pages are true: every Python block with prompts is run, and must print what the page says."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DOCS = Path(__file__).resolve().parents[2] / "docs"


def blocks(page: Path) -> list[str]:
    """The blocks of a page that show a session."""
    return [block for block in _BLOCK.findall(page.read_text(encoding="utf-8")) if ">>> " in block]


PAGES = [page for page in sorted(_DOCS.rglob("*.md")) if blocks(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_examples_of_a_page_are_true(page: Path) -> None:
    whole = "\n".join(blocks(page))
    example = doctest.DocTestParser().get_doctest(whole, {}, page.name, str(page), 0)
    said: list[str] = []
    assert doctest.DocTestRunner(verbose=False).run(example, out=said.append).failed == 0, "".join(said)


def test_there_are_such_pages() -> None:
    assert {"rules.md", "feel.md", "forms.md", "trust.md"} <= {page.name for page in PAGES}
