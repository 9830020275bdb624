"""A published list of services becomes the draft of the next edition of our book; the report of it is kept."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext

from yiwang.apps.governance.open311.app import DATATYPES, TYPES
from yiwang.apps.governance.open311.models import Import
from yiwang.apps.governance.open311.offer import ATTRIBUTES, OTHER, SERVICES, offered
from yiwang.apps.governance.open311.published import CHECK, UNREAD, Finding, read_published
from yiwang.apps.governance.open311.rights import may_edit_services, require
from yiwang.engines.directory.api import Actor, district_code
from yiwang.engines.rulebooks.api import rows, store_draft
from yiwang.engines.trust import api as trust
from yiwang.kernel.clock import now

PACKAGE, PACKAGED = "civicbot", "data/fixtures.json"
"""An optional package (MIT) that carries the published lists of two cities; only its data file is read."""
MOST_TEXT, MOST_CODE = 1_900, 60
_YES = {"true", "1", "yes"}


@dataclass(slots=True)
class Outcome:
    """Rows of the two books, and what was found."""

    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    attributes: list[dict[str, Any]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def note(self, weight: str, place: str, text: object, reason: str) -> None:
        self.findings.append(Finding(weight, place, str(text), reason))


def packaged() -> tuple[str, bytes] | None:
    """The package's list of services, if it is installed; nothing of the package is run."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        path = Path(folder) / PACKAGED
        if path.is_file():
            return f"{PACKAGE}: {path.name}", path.read_bytes()
    return None


def read_services(files: Sequence[tuple[str, bytes]]) -> Outcome:
    """Rows as they will stand in the books. Pure but for the catalogue in force, by which names are matched."""
    published, outcome = read_published(files), Outcome()
    outcome.findings = published.findings
    named = _names()
    promised = {}
    for place, raw in published.services:
        row = _service(outcome, place, raw, named)
        if row is not None and _flag(raw.get("metadata")):
            promised[row["service_code"]] = place
    for place, raw in published.definitions:
        code = _text(raw.get("service_code"))
        if code not in outcome.services:
            outcome.note(UNREAD, place, code, gettext("清单里没有这项服务，它的问题没有读入。"))
            continue
        promised.pop(code, None)
        _questions(outcome, place, code, raw.get("attributes"))
    for code, place in promised.items():
        outcome.note(CHECK, place, code, gettext("清单说另有问题（metadata），但没有给出定义；读入为没有问题的服务。"))
    return outcome


def _names() -> Mapping[str, tuple[str, str]]:
    """Category and class by every name and word of the catalogue in force; a word of two classes tells nothing."""
    found: dict[str, set[tuple[str, str]]] = {}
    for one in offered().values():
        if not one.class_code and one.code != one.category:
            continue
        for word in (one.name, *(one.keywords if one.class_code else ())):
            found.setdefault(word.casefold(), set()).add((one.category, one.class_code))
    return {word: next(iter(classes)) for word, classes in found.items() if len(classes) == 1}


def _service(
    outcome: Outcome, place: str, raw: Mapping[str, Any], named: Mapping[str, tuple[str, str]]
) -> dict[str, Any] | None:
    code, name = _text(raw.get("service_code")), _text(raw.get("service_name"))
    if not code or not name or len(code) > MOST_CODE:
        outcome.note(UNREAD, place, code or name, gettext("没有服务代码或名称，或代码太长，没有读入。"))
        return None
    if code in outcome.services:
        outcome.note(UNREAD, place, f"{code} {name}", gettext("这个代码在清单里已经有了，后一个没有读入。"))
        return None
    type = _text(raw.get("type")).lower() or "realtime"
    if type not in TYPES:
        outcome.note(CHECK, place, type, gettext("没有这种答复方式，按“当场给编号”读入。"))
        type = "realtime"
    category, class_code = named.get(name.casefold(), (OTHER, ""))
    if category == OTHER and not class_code:
        outcome.note(CHECK, place, f"{code} {name}", gettext("认不出是哪一类，按“其他”受理；请在草稿里选定。"))
    row = {
        "service_code": code, "service_name": name[:MOST_TEXT], "group": _text(raw.get("group")), "type": type,
        "description": _long(outcome, place, raw.get("description")), "keywords": _keywords(raw.get("keywords")),
        "category": category, "class_code": class_code,
    }  # fmt: skip
    outcome.services[code] = {key: value for key, value in row.items() if value != ""}
    return outcome.services[code]


def _text(value: Any) -> str:
    """A text the book can keep: blanks for signs nobody can print."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return "".join(sign if sign.isprintable() or sign in "\n\t" else " " for sign in str(value)).strip()


def _flag(value: Any) -> bool:
    return value is True or _text(value).lower() in _YES


def _long(outcome: Outcome, place: str, value: Any) -> str:
    text = _text(value)
    if len(text) > MOST_TEXT:
        outcome.note(CHECK, place, text, gettext("文字太长，只读入前面的部分。"))
    return text[:MOST_TEXT]


def _keywords(value: Any) -> str:
    words = value if isinstance(value, list) else _text(value).replace("，", ",").replace("、", ",").split(",")
    return ", ".join(dict.fromkeys(word for one in words if (word := _text(one))))[:MOST_TEXT]


def _questions(outcome: Outcome, place: str, code: str, attributes: Any) -> None:
    seen = {row["code"] for row in outcome.attributes if row["service_code"] == code}
    for number, raw in enumerate(attributes if isinstance(attributes, list) else [], 1):
        row = _question(outcome, f"{place} › {number}", number, raw if isinstance(raw, dict) else {})
        if row is None:
            continue
        if row["code"] in seen:
            outcome.note(UNREAD, place, row["code"], gettext("这个问题的代码已经有了，后一个没有读入。"))
            continue
        seen.add(row["code"])
        outcome.attributes.append({"service_code": code, **row})


def _question(outcome: Outcome, place: str, number: int, raw: Mapping[str, Any]) -> dict[str, Any] | None:
    code, datatype = _text(raw.get("code")), _text(raw.get("datatype")).lower()
    if not code or len(code) > MOST_CODE or datatype not in DATATYPES:
        outcome.note(UNREAD, place, f"{code} {datatype}", gettext("问题没有代码，或回答类型不认识，没有读入。"))
        return None
    values = [f"{key}={name}" for key, name in _values(raw.get("values"))]
    if datatype.endswith("list") and not values:
        outcome.note(UNREAD, place, code, gettext("是选择题却没有选项，没有读入。"))
        return None
    place_number = _text(raw.get("order"))
    row: dict[str, Any] = {
        "code": code, "description": _long(outcome, place, raw.get("description")) or code, "datatype": datatype,
        "is_required": _flag(raw.get("required")), "is_notice": _text(raw.get("variable")).lower() == "false",
        "datatype_description": _long(outcome, place, raw.get("datatype_description")),
        "place": int(place_number) if place_number.isdecimal() and len(place_number) < 6 else number,
        "values": "\n".join(values),
    }  # fmt: skip
    if len(row["values"]) > MOST_TEXT:
        outcome.note(UNREAD, place, code, gettext("选项太多，没有读入。"))
        return None
    return {key: value for key, value in row.items() if value != ""}


def _values(values: Any) -> Iterator[tuple[str, str]]:
    """Key and name; an equals sign in a key would split it elsewhere, so it gives way."""
    seen = set()
    for one in values if isinstance(values, list) else []:
        raw = one if isinstance(one, dict) else {"key": one, "name": one}
        key = _text(raw.get("key")).replace("=", "-").replace("\n", " ")
        if key and key not in seen:
            seen.add(key)
            yield key, (_text(raw.get("name")) or key).replace("\n", " ")


@transaction.atomic
def import_services(actor: Actor, files: Sequence[tuple[str, bytes]], *, is_trial: bool) -> Import:
    """Read the files; unless it is a trial, what was read and what is in force beside it become the books' drafts."""
    require(may_edit_services(actor))
    outcome = read_services(files)
    drafts = [] if is_trial or not outcome.services else _drafted(actor, outcome, files)
    weights = [one.weight for one in outcome.findings]
    row = Import.objects.create(
        name="、".join(name for name, _ in files)[:200], is_trial=is_trial, by=actor.name, at=now(),
        facts={
            "language": get_language(), "services": len(outcome.services), "attributes": len(outcome.attributes),
            "matched": sum(1 for one in outcome.services.values() if one.get("class_code") or one["category"] != OTHER),
            "unread": weights.count(UNREAD), "check": weights.count(CHECK), "drafts": drafts,
            "findings": [one.as_json() for one in _ordered(outcome.findings)],
        },
    )  # fmt: skip
    told = {"import": str(row.pk), "files": row.name, "services": len(outcome.services), "drafts": drafts}
    trust.append("open311.services", "open311.services_imported", told, actor=actor, division=district_code())
    return row


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """What was not read comes first, and what is rare before what is said of everything."""
    counts = Counter(one.reason for one in findings)
    return sorted(findings, key=lambda one: (one.weight != UNREAD, counts[one.reason]))


def _drafted(actor: Actor, outcome: Outcome, files: Sequence[tuple[str, bytes]]) -> list[int]:
    """The ids of the drafts. What is in force for other services stays as it is."""
    basis = "、".join(name for name, _ in files)[:200]
    found = []
    for book, fresh in ((SERVICES, list(outcome.services.values())), (ATTRIBUTES, outcome.attributes)):
        kept = [dict(row) for row in rows(book, now()) if row["service_code"] not in outcome.services]
        if kept or fresh:
            found.append(store_draft(actor, book, [*kept, *fresh], basis=basis).pk)
    return found
