"""`make new-app` writes an app that compiles, keeps the budgets and refuses what cannot be an app."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from yiwang.kernel.errors import YiwangError
from yiwang.project import scaffold

HEADER = "zh,identifier,en,meaning,never\n"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "yiwang" / "apps").mkdir(parents=True)
    (tmp_path / "yiwang" / "glossary.csv").write_text(HEADER, encoding="utf-8")
    return tmp_path


def test_a_new_app_has_all_its_files(house: Path) -> None:
    written = scaffold.make(house, "governance", "dog_licence", "养犬登记")
    names = {path.relative_to(house).as_posix() for path in written}
    assert {"yiwang/apps/governance/dog_licence/app.py", "docs/systems/governance/dog_licence.md"} <= names
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert "养犬登记" in text or path.name.startswith("test_") or path.name == "scenario.py"
        if path.suffix == ".py":
            ast.parse(text)
            assert max(map(len, text.splitlines())) <= 120


def test_terms_are_added_once(house: Path) -> None:
    scaffold.make(house, "governance", "dog_licence", "养犬登记")
    scaffold.add_terms(house, "dog_licence", "养犬登记")
    lines = (house / "yiwang" / "glossary.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["dog_licence", "dog_licence.clerk", "dog_licence.application"]


@pytest.mark.parametrize(
    ("net", "key", "title", "sentence"),
    [
        ("goverment", "dog_licence", "养犬登记", "Did you mean 'governance'"),
        ("governance", "DogLicence", "养犬登记", "lower-case words"),
        ("governance", "dog_licence", "", "TITLE=养犬登记"),
    ],
)
def test_what_cannot_be_an_app_is_refused(house: Path, net: str, key: str, title: str, sentence: str) -> None:
    with pytest.raises(YiwangError, match=sentence):
        scaffold.make(house, net, key, title)


def test_an_app_is_not_written_over(house: Path) -> None:
    scaffold.make(house, "governance", "dog_licence", "养犬登记")
    with pytest.raises(YiwangError, match="already"):
        scaffold.make(house, "office", "dog_licence", "养犬登记")
