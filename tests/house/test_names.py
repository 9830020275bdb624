"""One word for one thing: names follow the glossary, and no drawer is called `utils`."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from tests.house.source import defined_names, words
from yiwang.kernel.app import registry

NEVER = "ticket sla hotline dashboard street agent qr stamp promise proxy ddl finish finished"
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
ROMANISED = "shequ jiedao gongdan shixiang banli shouli paiqian chuzhi hecha jiean pingjia wangge zhengwu xiaoqu anjian"


def glossary(root: Path) -> list[dict[str, str]]:
    with (root / "yiwang" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _never(root: Path) -> set[str]:
    listed = {word.strip() for row in glossary(root) for word in (row["never"] or "").split(";")}
    plain = {re.sub(r"[ -]+", "_", word.lower()) for word in listed if re.fullmatch(r"[A-Za-z _-]+", word)}
    return plain | set(NEVER.split()) | set(ROMANISED.split())


def _ours(python_files: list[Path], root: Path) -> list[Path]:
    inside = root / "yiwang"
    return [path for path in python_files if inside in path.parents and "migrations" not in path.parts]


def test_names_use_no_word_the_glossary_forbids(python_files: list[Path], root: Path) -> None:
    never = _never(root)
    wrong = []
    for path in _ours(python_files, root):
        for name, line in defined_names(path):
            spelled = f"_{'_'.join(words(name))}_"
            place = f"{path.relative_to(root)}:{line} {name}"
            wrong += [f"{place}: never '{word}'" for word in never if f"_{word}_" in spelled]
    assert not wrong, "The glossary has another word for these:\n" + "\n".join(sorted(set(wrong)))


def test_identifiers_are_ascii(python_files: list[Path], root: Path) -> None:
    wrong = [name for path in _ours(python_files, root) for name, _ in defined_names(path) if not name.isascii()]
    assert not wrong, f"Identifiers are English, titles are Chinese: {wrong}"


def test_no_drawer_for_odds_and_ends(python_files: list[Path], root: Path) -> None:
    places = [path.relative_to(root) for path in python_files]
    wrong = [str(place) for place in places if DRAWERS & {place.stem, *place.parts}]
    assert not wrong, f"Name these after what they hold: {wrong}"


def test_the_glossary_says_each_thing_once(root: Path) -> None:
    rows = glossary(root)
    for column in ("zh", "identifier"):
        values = [row[column] for row in rows if row[column]]
        twice = sorted({value for value in values if values.count(value) > 1})
        assert not twice, f"Twice in column {column} of yiwang/glossary.csv: {twice}"


def test_every_title_of_a_part_is_in_the_glossary(root: Path) -> None:
    known = {row["zh"] for row in glossary(root)}
    titles = {app.title for app in registry.apps.values()}
    titles |= {part.title for app in registry.apps.values() for part in app.parts}
    assert not titles - known, f"Give these a row in yiwang/glossary.csv: {sorted(titles - known)}"
