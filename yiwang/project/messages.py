"""`make messages`: gathers every Chinese text people see and keeps the English catalogue beside it.

Texts come from templates, from what apps declare (titles, hints, options), and from Python: gettext calls everywhere,
and every Chinese literal of the rooms that show pages or refuse people, since what they hold is translated where it is
shown (a table of titles, a refusal, a field's error). Sentences with values are no literals: they are written
`gettext("…{name}…").format(name=…)`. Translations already there are kept; titles of glossary rows take the glossary's
English. What is still without English is counted; `--check` fails when something is missing or the catalogue is old.
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
_SPEAKING = frozenset(
    {"access", "cases", "cockpit", "desk", "directory", "evidence", "exchange", "forms", "gathering", "processes",
        "registry", "rulebooks", "working_time", "worklists",}
)
"""Engines whose literals reach people; the others speak to authors of definitions and to operators."""
_SILENT = re.compile(
    r"(^|/)(lint/.*|migrations/.*|(.*_)?command|apps|seed|calendar_seed|scenario|figures)\.py$|^apps/.*/(app|test_.*|tests/.*)\.py$"
)
"""Their modules that speak to a terminal or an author, or invent people and places for a demonstration."""
_TEMPLATE_CALL = re.compile(r"(?:gettext|\b_)\(u?(['\"])((?:\\.|(?!\1).)*)\1\)", re.DOTALL)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CHINESE_SIGN = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e]")
"""Also a comma or a bracket of Chinese writing, where a call asks for it."""


def python_texts(source: str, *, speaks: bool) -> Iterator[str]:
    """Literal arguments of gettext calls; where a module speaks to people, every Chinese literal of it."""
    tree = ast.parse(source)
    if speaks:
        yield from (text for text in _literals(tree) if _CHINESE.search(text))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in _CALLS:
            yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def speaks(place: str) -> bool:
    """Whether literals of this module (its path inside the package) reach people."""
    floor, _, rest = place.partition("/")
    in_room = floor in ("apps", "kernel", "ui") or (floor == "engines" and rest.partition("/")[0] in _SPEAKING)
    return in_room and _SILENT.search(place) is None


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _literals(node: ast.AST) -> Iterator[str]:
    """Texts below a node, but no docstring, no piece of an f-string, no pattern, and no word to developers."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\\" not in node.value:
        yield node.value
    if isinstance(node, ast.Call) and _called(node) == "SpecError":
        return
    for inner in ast.iter_child_nodes(node):
        is_docstring = isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant)
        if not is_docstring and not (isinstance(node, ast.JoinedStr) and isinstance(inner, ast.Constant)):
            yield from _literals(inner)


def template_texts(source: str) -> Iterator[str]:
    """Texts of translate and blocktranslate tags, and of `_("…")` inside other tags."""
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


def sources() -> Iterator[Path]:
    """Every file with texts, tests and files of others left out."""
    for path in sorted(PACKAGE.rglob("*")):
        is_ours = not {"tests", "frontend"} & set(path.parts) and not path.name.startswith("test_")
        if is_ours and path.suffix in (".py", ".html", ".txt"):
            yield path


def gather() -> dict[str, set[str]]:
    """Every text with the files it comes from."""
    from yiwang.engines.working_time.seed import seed_days
    from yiwang.kernel.app import NETS, registry

    found: dict[str, set[str]] = {title: {"kernel/app.py"} for title in NETS.values()}
    found |= {day.name: {"engines/working_time/seed.py"} for day in seed_days().values()}
    for path in sources():
        place, source = path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")
        is_code = path.suffix == ".py"
        for text in python_texts(source, speaks=speaks(place)) if is_code else template_texts(source):
            if _CHINESE_SIGN.search(text):
                found.setdefault(text, set()).add(place)
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
