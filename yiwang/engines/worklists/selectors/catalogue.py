"""What kinds of cases there are: titles, stages and categories for lists, and the roles with a part in each version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from yiwang.engines.cases.api import graph_of, roles_of, versions
from yiwang.engines.directory.api import Cached
from yiwang.engines.processes.api import Graph


class Kind(NamedTuple):
    """A type of case over all its versions: stages, categories and outcomes by key, in the words of the newest."""

    type: str
    title: str
    stages: Mapping[str, str]
    categories: Mapping[str, str]
    outcomes: Mapping[str, str]


class Catalogue(NamedTuple):
    """Kinds by type, in the order of their titles; the roles of every version, by type and id."""

    kinds: Mapping[str, Kind]
    roles: Mapping[str, Mapping[UUID, frozenset[str]]]

    def stage_title(self, type: str, key: str) -> str:
        """The title of a stage; its key when no version knows it any more."""
        kind = self.kinds.get(type)
        return kind.stages.get(key, key) if kind else key

    def outcome_title(self, type: str, key: str) -> str:
        kind = self.kinds.get(type)
        return kind.outcomes.get(key, "") if kind else ""

    def category_title(self, type: str, key: str) -> str:
        kind = self.kinds.get(type)
        return kind.categories.get(key, key) if kind else key


def _categories(graph: Graph) -> dict[str, str]:
    """Options of the form field a type takes its category from; none when it is worked out otherwise."""
    name = graph.bundle.get("category") or ""
    for form in graph.bundle["forms"].values():
        options: list[dict[str, Any]] = form.get("properties", {}).get(name, {}).get("x-field", {}).get("options") or []
        if options:
            return {str(option["key"]): str(option["title"]) for option in options if "key" in option}
    return {}


def _stages(graph: Graph) -> dict[str, str]:
    return {node.key: node.title for node in graph.nodes if node.kind == "user_task"}


def _outcomes(graph: Graph) -> dict[str, str]:
    return {node.raw["outcome"]: node.title for node in graph.nodes if node.raw.get("outcome")}


def _load() -> Catalogue:
    """Oldest version first, so that later words replace earlier ones."""
    kinds: dict[str, Kind] = {}
    roles: dict[str, dict[UUID, frozenset[str]]] = {}
    for type, version in versions():
        graph, known = graph_of(version), kinds.get(type, Kind(type, "", {}, {}, {}))
        stages, categories = {**known.stages, **_stages(graph)}, {**known.categories, **_categories(graph)}
        outcomes = {**known.outcomes, **_outcomes(graph)}
        kinds[type] = Kind(type, graph.title, stages, categories, outcomes)
        roles.setdefault(type, {})[version] = roles_of(graph)
    return Catalogue(dict(sorted(kinds.items(), key=lambda pair: pair[1].title)), roles)


_catalogue: Cached[Catalogue] = Cached("definitions", _load)


def catalogue() -> Catalogue:
    """The kinds of cases of this deployment; no rows of cases, so no actor is asked for."""
    return _catalogue.get()
