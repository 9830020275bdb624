"""What is in force at an instant: the rules of the day, the threshold, the classes; kept in the process by edition."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.governance.triage.grammar import DATA, Wording, of_catalogue, phrases
from yiwang.apps.governance.triage.judging import Rules, compiled
from yiwang.engines.rulebooks.api import in_force, rows

EMERGENCIES, WORDING, SETTINGS, CLASSES = "triage.emergencies", "triage.wording", "triage.settings", "catalogue.classes"
SURE_FROM = 0.6
"""Share of confidence from which a suggestion counts as sure, until the book says otherwise. A proposal."""
_KEPT = 8


@dataclass(frozen=True)
class ClassFacts:
    """What a suggestion tells of a class besides its code."""

    title: str
    category: str
    wording: Wording


def first_rows(name: str) -> list[dict[str, Any]]:
    """Rows of the first edition that ships, blank cells absent."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = [{key: value for key, value in row.items() if value} for row in csv.DictReader(file)]
    return [row | {"within": int(row["within"])} if "within" in row else row for row in found]


def rules_on(at: datetime) -> Rules:
    """The rules in force at an instant; before the first edition is installed, the one that ships."""
    editions = [in_force(book, at) for book in (EMERGENCIES, WORDING)]
    key = tuple(edition.sha256 if edition else "" for edition in editions)
    found = _rules.get(key)
    if found is None:
        given = [rows(book, at) for book in (EMERGENCIES, WORDING)]
        found = compiled(given[0] or first_rows("emergencies"), given[1] or first_rows("wording"))
        _keep(_rules, key, found)
    return found


def sure_from(at: datetime) -> float:
    """The threshold in force, from 0 to 1."""
    values = [float(row["value"]) for row in rows(SETTINGS, at) if row.get("name") == "sure_from"]
    return min(1.0, max(0.0, values[0])) if values else SURE_FROM


def classes_on(at: datetime) -> Mapping[str, ClassFacts]:
    """The classes of the catalogue in force, by code; empty when there is none."""
    edition = in_force(CLASSES, at)
    if edition is None:
        return {}
    key = (edition.sha256,)
    found = _classes.get(key)
    if found is None:
        found = _read(rows(CLASSES, at))
        _keep(_classes, key, found)
    return found


def _read(conditions: tuple[Mapping[str, Any], ...]) -> Mapping[str, ClassFacts]:
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for row in conditions:
        by_code.setdefault(str(row["class_code"]), []).append(row)
    return {
        code: ClassFacts(
            title=str(found[0].get("title", code)),
            category=str(found[0].get("category", "")),
            wording=_wording(code, found),
        )
        for code, found in by_code.items()
    }


def _wording(code: str, conditions: list[Mapping[str, Any]]) -> Wording:
    """What ships for a class we know, else what the catalogue says of it."""
    first = conditions[0]
    texts = [str(row.get("condition", "")) for row in conditions]
    return phrases().get(code) or of_catalogue(code, str(first.get("title", code)), str(first.get("words", "")), texts)


def _keep(kept: dict[Any, Any], key: Any, value: Any) -> None:
    """Add, and let the oldest go: editions change a few times a year."""
    while len(kept) >= _KEPT:
        kept.pop(next(iter(kept)), None)
    kept[key] = value


_rules: dict[tuple[str, ...], Rules] = {}
_classes: dict[tuple[str, ...], Mapping[str, ClassFacts]] = {}
