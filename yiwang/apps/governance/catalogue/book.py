"""The catalogue in force on a day, kept in the process: classes by code, groups, and the words people search by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext

from yiwang.apps.governance.catalogue.classes import ClassCondition
from yiwang.apps.governance.catalogue.vocabulary import folded
from yiwang.engines.directory.spec import Limit
from yiwang.engines.rulebooks.api import Edition, Standing, in_force
from yiwang.kernel.clock import now

BOOK = "catalogue.classes"


class Group(NamedTuple):
    """A 大类 with its classes in order."""

    kind: str
    code: str
    title: str
    classes: tuple[Sequence[ClassCondition], ...]


@dataclass(frozen=True)
class Catalogue:
    """One edition, `number` 0 for none. `conditions` by class code, each with at least one."""

    conditions: Mapping[str, tuple[ClassCondition, ...]]
    number: int = 0
    from_on: date | None = None
    is_proposal: bool = False

    @property
    def label(self) -> str:
        """The edition as people name it, in the language of who asks; '' when none is in force."""
        if not self.number:
            return ""
        return gettext("第{number}版，{day}起").format(number=self.number, day=self.from_on)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """In the order of kind and code."""
        found: dict[tuple[str, str], list[tuple[ClassCondition, ...]]] = {}
        for conditions in self.conditions.values():
            found.setdefault((conditions[0].kind, conditions[0].group), []).append(conditions)
        return tuple(
            Group(kind, code, classes[0][0].group_title, tuple(sorted(classes, key=lambda one: one[0].small)))
            for (kind, code), classes in sorted(found.items())
        )

    @cached_property
    def advice(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        """Facts by class code and number of the condition; under the number '' those of the first condition."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for code, rows in self.conditions.items():
            found |= {(code, str(row.number)): _advice(row) for row in rows}
            found[code, ""] = _advice(rows[0])
        return found

    def title_of(self, class_code: str) -> str:
        """The name of a class; its code when the edition does not know it."""
        found = self.conditions.get(class_code)
        return found[0].title if found else class_code

    @cached_property
    def _texts(self) -> tuple[tuple[str, str, str], ...]:
        """(class code, name and colloquial words, conditions) folded for search."""
        return tuple(
            (code, folded(f"{rows[0].title} {rows[0].words}"), folded(" ".join(row.condition for row in rows)))
            for code, rows in self.conditions.items()
        )

    def search(self, text: str, most: int = 50) -> list[tuple[ClassCondition, ...]]:
        """Classes whose name, colloquial words or conditions hold every word; those found by name come first."""
        asked = [folded(word) for word in text.split()[:8] if folded(word)]
        if not asked:
            return []
        by_name = [code for code, name, _ in self._texts if all(word in name for word in asked)]
        wider = [code for code, name, said in self._texts if all(word in name or word in said for word in asked)]
        return [self.conditions[code] for code in dict.fromkeys([*by_name, *wider])][:most]


def _advice(row: ClassCondition) -> Mapping[str, Any]:
    """What the edition says of a condition; what it does not say is absent."""
    told: dict[str, Any] = {
        "title": row.title, "group": row.group_title, "kind": row.kind, "condition": row.number,
        "handle_limit": _plain(row.handle), "whole_limit": _plain(row.whole), "level": row.level,
        "is_urgent": row.is_urgent, "evidence": row.evidence, "closing": row.closing, "category": row.category,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value not in ("", None)}


def _plain(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {"amount": limit.amount if isinstance(limit.amount, int) else str(limit.amount), "unit": limit.unit}


NONE = Catalogue({})
"""No edition is in force."""


def catalogue_of(rows: Iterable[ClassCondition], **about: object) -> Catalogue:
    """An edition from its rows."""
    found: dict[str, list[ClassCondition]] = {}
    for row in rows:
        found.setdefault(row.class_code, []).append(row)
    sorted_rows = {code: tuple(sorted(found[code], key=lambda row: row.number)) for code in sorted(found)}
    return Catalogue(sorted_rows, **about)  # type: ignore[arg-type]


def catalogue_on(on: date | None = None) -> Catalogue:
    """The edition in force on a day or at an instant (now, unless given); an empty one when none is."""
    edition = in_force(BOOK, on or now())
    if edition is None:
        return NONE
    found = _kept.get(edition.sha256)
    if found is None:
        found = _kept[edition.sha256] = _made(edition)
    return found


_kept: dict[str, Catalogue] = {}
"""Editions by the hash of their rows: published rows never change."""


def _made(edition: Standing) -> Catalogue:
    row = Edition.objects.get(pk=edition.id)
    rows = (condition_of(rule.values) for rule in edition.index.rules)
    return catalogue_of(rows, number=edition.number, from_on=edition.effective_on, is_proposal=row.author_id is None)


def condition_of(values: Mapping[str, Any]) -> ClassCondition:
    """A row of the book."""
    code = str(values["class_code"])
    number = str(values["number"])
    return ClassCondition(
        kind="event" if code[:1] == "E" else "component", group=code[1:3], small=code[3:5],
        group_title=values.get("group_title", ""), title=values["title"],
        number=int(number) if number.isdecimal() else 0, condition=values.get("condition", ""),
        evidence=values.get("evidence", ""), handle=_limit(values.get("handle_limit")),
        whole=_limit(values.get("whole_limit")), closing=values.get("closing", ""),
        is_urgent=bool(values.get("is_urgent")), level=values.get("level", ""), category=values.get("category", ""),
        words=values.get("words", ""),
    )  # fmt: skip


def _limit(value: Mapping[str, Any] | None) -> Limit | None:
    if value is None:
        return None
    amount = Decimal(str(value["amount"]))
    return Limit(int(amount) if amount == int(amount) else amount, str(value["unit"]))


def row_of(entry: ClassCondition) -> dict[str, Any]:
    """The same as a row of the book, blank cells absent."""
    row: dict[str, Any] = {
        "class_code": entry.class_code, "number": str(entry.number), "group_title": entry.group_title,
        "title": entry.title, "condition": entry.condition, "evidence": entry.evidence, "handle_limit": entry.handle,
        "whole_limit": entry.whole, "closing": entry.closing, "is_urgent": entry.is_urgent, "level": entry.level,
        "category": entry.category, "words": entry.words,
    }  # fmt: skip
    return {key: value for key, value in row.items() if value not in ("", None)}
