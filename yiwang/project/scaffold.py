"""`make new-app`: the folder, page and glossary rows of a new app that is green before its author wrote a line."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import polib

from yiwang.kernel.app import NETS, check_key
from yiwang.kernel.errors import ConfigurationError, SpecError, did_you_mean
from yiwang.project import pages
from yiwang.project.environment import ROOT
from yiwang.project.messages import CATALOGUE, keep
from yiwang.project.terminal import complain, say

_BLANK = Path(__file__).parent / "blank_app"
_COLUMNS = ("zh", "identifier", "en", "meaning", "never")


def check(root: Path, net: str, key: str, title: str) -> None:
    """Raise a sentence when this app cannot be made."""
    if net not in NETS:
        raise ConfigurationError(f"NET={net} is not a net. {did_you_mean(net, NETS)}")
    check_key("make new-app", key)
    if not title.strip() or title.isascii():
        raise ConfigurationError(f"TITLE={title} is not a Chinese title. Give the official name: TITLE=养犬登记")
    for folder in (root / "yiwang" / "apps").glob(f"*/{key}"):
        raise ConfigurationError(f"There is an app {folder.relative_to(root)} already. Choose another KEY.")


def files(root: Path, net: str, key: str, title: str) -> dict[Path, str]:
    """Path and text of everything the app starts with."""
    folder = root / "yiwang" / "apps" / net / key
    targets = {
        "app.py.txt": folder / "app.py",
        "scenario.py.txt": folder / "scenario.py",
        "test.py.txt": folder / f"test_{key}.py",
        "page.md.txt": root / "docs" / "systems" / net / f"{key}.md",
    }
    words = key.replace("_", " ")
    texts = {
        path: (_BLANK / name).read_text(encoding="utf-8").format(net=net, key=key, title=title, words=words)
        for name, path in targets.items()
    }
    return {folder / "__init__.py": f'"""{title} {words}."""\n'} | texts


def add_terms(root: Path, key: str, title: str) -> None:
    """Glossary rows for the titles of the new app, unless the glossary has them."""
    path = root / "yiwang" / "glossary.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = {row["zh"] for row in csv.DictReader(file)}
    words = key.replace("_", " ")
    terms = [
        (title, key, words, f"The system {words}.", ""),
        (f"{title}经办人", f"{key}.clerk", f"{words} clerk", f"Who reviews and decides in {words}.", ""),
        (f"{title}申请", f"{key}.application", f"{words} application", f"One request in {words}.", ""),
    ]
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(term for term in terms if term[0] not in known)


def add_english(root: Path, key: str, title: str) -> None:
    """English of the new app's texts, into the catalogue; what stands there already stays."""
    path = root / CATALOGUE.relative_to(ROOT)
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile(wrapwidth=120)
    listed = (_BLANK / "english.csv.txt").read_text(encoding="utf-8").format(title=title, words=key.replace("_", " "))
    for row in csv.DictReader(listed.splitlines()):
        entry = catalogue.find(row["zh"])
        if entry is None:
            catalogue.append(polib.POEntry(msgid=row["zh"], msgstr=row["en"]))
        elif not entry.msgstr:
            entry.msgstr = row["en"]
    keep(catalogue, path)


def make(root: Path, net: str, key: str, title: str) -> list[Path]:
    """Write the app; returns the new files. ConfigurationError or SpecError when it cannot be made."""
    check(root, net, key, title)
    written = files(root, net, key, title)
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    add_terms(root, key, title)
    add_english(root, key, title)
    return list(written)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make new-app")
    for name in ("net", "key", "title"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args()
    try:
        written = make(ROOT, asked.net, asked.key, asked.title)
    except (ConfigurationError, SpecError) as problem:
        complain(str(problem))
        return 2
    for path in written:
        say(f"wrote {path.relative_to(ROOT)}")
    pages.main()
    say("Next: make check, then make run. docs/howto/add-an-app.md tells the rest.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
