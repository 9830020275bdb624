"""What one may report: the public's categories, the official classes in force, and services listed of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext, gettext_noop

from yiwang.engines.cases.api import form_of, graph_of, published
from yiwang.engines.rulebooks.api import in_force, rows
from yiwang.kernel.clock import now

INCIDENT = "city_incident.incident"
CLASSES, SERVICES, ATTRIBUTES, SETTINGS = (
    "catalogue.classes", "open311.services", "open311.attributes", "open311.settings",
)  # fmt: skip
OTHER = "other"
EVERYDAY = gettext_noop("市民常报")
DEFAULTS: Mapping[str, int] = {
    "coordinate_digits": 6, "publish_unreviewed": 0, "repeat_minutes": 10, "anonymous_per_minute": 120,
    "posts_per_minute": 60,
}  # fmt: skip
"""Until the book says otherwise: coordinates as given, texts only after acceptance. Proposals."""
_PARTS = re.compile(r"[\s、,，;；]+")
_KEPT = 4


class Attribute(NamedTuple):
    """A question of a service; `values` are (key, name)."""

    code: str
    description: str
    datatype: str
    is_required: bool = False
    is_notice: bool = False
    datatype_description: str = ""
    place: int = 0
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the standard, and as what it opens an incident here."""

    code: str
    name: str
    category: str
    class_code: str = ""
    description: str = ""
    group: str = ""
    keywords: tuple[str, ...] = ()
    type: str = "realtime"
    attributes: tuple[Attribute, ...] = field(default=())
    is_ours: bool = True
    """Its texts are ours, so the catalogue of translations may know them."""


def option(name: str) -> int:
    """A setting in force."""
    found = [row["value"] for row in rows(SETTINGS, now()) if row.get("name") == name]
    return int(found[0]) if found else DEFAULTS[name]


def categories() -> Mapping[str, str]:
    """The public's categories with their Chinese titles, from the form that is asked."""
    return _options("report", "category")


def offices() -> Mapping[str, str]:
    """Kinds of office an incident may be given to."""
    return _options("dispatch", "unit")


def _options(form: str, name: str) -> Mapping[str, str]:
    version = published().get(INCIDENT)
    if version is None:
        return {}
    graph = graph_of(version)
    found = form_of(graph, form).form.by_key.get(name) if form in graph.bundle["forms"] else None
    return {one.key: one.title for one in getattr(found, "options", ())}


def offered(at: datetime | None = None) -> Mapping[str, Service]:
    """Everything that may be reported at an instant, by code, in the order it is listed."""
    on = at or now()
    editions = [in_force(book, on) for book in (CLASSES, SERVICES, ATTRIBUTES)]
    key = (published().get(INCIDENT), *(edition.sha256 if edition else "" for edition in editions))
    found = _kept.get(key)
    if found is None:
        found = _compiled(on)
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = found
    return found


_kept: dict[tuple[Any, ...], Mapping[str, Service]] = {}
"""By what it was made from: published editions never change."""


def _compiled(on: datetime) -> Mapping[str, Service]:
    asked: dict[str, list[Attribute]] = {}
    for row in rows(ATTRIBUTES, on):
        asked.setdefault(str(row["service_code"]), []).append(attribute_of(row))
    questions = {code: tuple(sorted(found, key=lambda one: (one.place, one.code))) for code, found in asked.items()}
    official = _official(rows(CLASSES, on))
    found = {one.code: one for one in (*_everyday(official), *official)}
    for row in rows(SERVICES, on):
        found.pop(str(row["service_code"]), None)
        if not row.get("is_hidden"):
            found[str(row["service_code"])] = _listed(row)
    return {code: _with(one, questions.get(code, ())) for code, one in found.items()}


def _with(one: Service, attributes: tuple[Attribute, ...]) -> Service:
    return replace(one, attributes=attributes) if attributes else one


def _everyday(official: Iterable[Service]) -> Iterable[Service]:
    words: dict[str, list[str]] = {}
    for one in official:
        words.setdefault(one.category, []).extend((one.name, *one.keywords))
    for key, title in categories().items():
        keywords = tuple(dict.fromkeys(words.get(key, [])))[:30] if key != OTHER else ()
        yield Service(key, title, key, group=EVERYDAY, keywords=keywords)


def _official(conditions: Iterable[Mapping[str, Any]]) -> list[Service]:
    """One service a class; its conditions are the description."""
    by_code: dict[str, list[Mapping[str, Any]]] = {}
    for row in conditions:
        by_code.setdefault(str(row["class_code"]), []).append(row)
    known = categories()
    return [
        Service(
            code, str(found[0]["title"]), str(found[0].get("category", "")) if found[0].get("category") in known else
            OTHER, code, "；".join(str(row["condition"]) for row in found if row.get("condition")),
            str(found[0].get("group_title", "")), split(str(found[0].get("words", ""))), is_ours=False,
        )
        for code, found in sorted(by_code.items())
    ]  # fmt: skip


def _listed(row: Mapping[str, Any]) -> Service:
    category = str(row.get("category", OTHER))
    return Service(
        str(row["service_code"]), str(row["service_name"]), category if category in categories() else OTHER,
        str(row.get("class_code", "")), str(row.get("description", "")), str(row.get("group", "")),
        tuple(one.strip() for one in str(row.get("keywords", "")).split(",") if one.strip()),
        str(row.get("type", "realtime")), is_ours=False,
    )  # fmt: skip


def attribute_of(row: Mapping[str, Any]) -> Attribute:
    """A row of the book."""
    pairs = (line.partition("=") for line in str(row.get("values", "")).splitlines() if line.strip())
    return Attribute(
        str(row["code"]), str(row["description"]), str(row["datatype"]), bool(row.get("is_required")),
        bool(row.get("is_notice")), str(row.get("datatype_description", "")), int(row.get("place", 0)),
        tuple((key.strip(), (name or key).strip()) for key, _, name in pairs),
    )  # fmt: skip


def split(text: str) -> tuple[str, ...]:
    """Words a person wrote beside each other."""
    return tuple(dict.fromkeys(word for word in _PARTS.split(text) if word))


def named(one: Service) -> str:
    """Its name for the reader: ours in the reader's language, others as written."""
    return gettext(one.name) if one.is_ours else one.name
