"""`make messages`: gathers every Chinese text people see and keeps the English catalogue beside it.

Texts come from Python (gettext calls, and the words of errors), templates, and what apps declare (titles, hints,
options). Translations already there are kept; titles of glossary rows take the glossary's English. What is still
without English is counted, and `--check` fails when something is missing or the compiled catalogue is old.
"""

from __future__ import annotations

import argparse
import ast
import csv
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import polib

PACKAGE = Path(__file__).resolve().parents[1]
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
_CALLS = frozenset({"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "_"})
_ERROR_WORDS = frozenset({"message", "next_step"})
_TEMPLATE_CALL = re.compile(r"gettext\(u?(['\"])((?:\\.|(?!\1).)*)\1\)", re.DOTALL)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def python_texts(source: str) -> Iterator[str]:
    """Literal arguments of gettext calls, and Chinese class attributes `message` and `next_step`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) in _CALLS:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        elif isinstance(node, ast.Assign):
            yield from _error_texts(node)


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _error_texts(node: ast.Assign) -> Iterator[str]:
    pairs: list[tuple[ast.expr, ast.expr]] = [(target, node.value) for target in node.targets]
    for target, value in pairs:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs += list(zip(target.elts, value.elts, strict=False))
        elif isinstance(target, ast.Name) and target.id in _ERROR_WORDS and isinstance(value, ast.Constant):
            yield str(value.value)


def template_texts(source: str) -> Iterator[str]:
    """Texts of translate and blocktranslate tags."""
    from django.utils.translation.template import templatize

    for match in _TEMPLATE_CALL.finditer(templatize(source)):
        yield str(ast.literal_eval(f"{match[1]}{match[2]}{match[1]}"))


def declared_texts(value: Any) -> Iterator[str]:
    """Chinese texts in a declared part: titles, hints, options, sentences; FEEL and keys are not Chinese."""
    if isinstance(value, str) and _CHINESE.search(value):
        yield value
    for inner in _inside(value):
        yield from declared_texts(inner)


def _inside(value: Any) -> list[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, item.name) for item in fields(value)]
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (tuple, list)) else []


def gather() -> dict[str, set[str]]:
    """Every text with the files it comes from."""
    from yiwang.kernel.app import NETS, registry

    found: dict[str, set[str]] = {title: {"kernel/app.py"} for title in NETS.values()}
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or "frontend" in path.parts or path.suffix not in (".py", ".html", ".txt"):
            continue
        source = path.read_text(encoding="utf-8")
        texts = python_texts(source) if path.suffix == ".py" else template_texts(source)
        for text in texts:
            if _CHINESE.search(text):
                found.setdefault(text, set()).add(str(path.relative_to(PACKAGE)))
    for app in registry.apps.values():
        for text in declared_texts(app):
            found.setdefault(text, set()).add(f"apps/{app.net}/{app.key}/app.py")
    return found


def glossary_english() -> dict[str, str]:
    """English of the glossary by Chinese word."""
    with (PACKAGE / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return {row["zh"]: row["en"] for row in csv.DictReader(file) if row["en"]}


def updated(old: polib.POFile | None) -> polib.POFile:
    """The catalogue as it should be: texts of today, English as known."""
    known = {entry.msgid: entry.msgstr for entry in old or ()} if old is not None else {}
    known = glossary_english() | {text: english for text, english in known.items() if english}
    catalogue = polib.POFile(wrapwidth=120)
    catalogue.metadata = {"Language": "en", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8"}
    for text, places in sorted(gather().items()):
        occurrences = [(place, "") for place in sorted(places)]
        catalogue.append(polib.POEntry(msgid=text, msgstr=known.get(text, ""), occurrences=occurrences))
    return catalogue


def missing(catalogue: polib.POFile) -> list[str]:
    """Texts without English."""
    return [entry.msgid for entry in catalogue if not entry.msgstr]


def keep(catalogue: polib.POFile, path: Path) -> None:
    """Write a catalogue and its compiled form beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))


def main() -> int:
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when the catalogue is not complete")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.project.settings")
    django.setup()
    old = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else None
    catalogue = updated(old)
    lacking = missing(catalogue)
    if arguments.check:
        fresh = old is not None and {e.msgid: e.msgstr for e in old} == {e.msgid: e.msgstr for e in catalogue}
        print(f"{len(lacking)} without English; catalogue {'fresh' if fresh else 'old: run make messages'}")
        return 0 if fresh and not lacking else 1
    keep(catalogue, CATALOGUE)
    print(f"{len(catalogue)} texts, {len(lacking)} without English: {CATALOGUE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
