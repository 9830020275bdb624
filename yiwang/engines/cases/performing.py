"""One command on a case in hand: the pure step, and what follows for its row and its history. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from yiwang.engines.cases.store.loading import Running
from yiwang.engines.directory.api import organisation_for, user_id, working_calendar
from yiwang.engines.processes.api import Command, Graph, Surroundings, step
from yiwang.engines.processes.spec import Advisor
from yiwang.engines.rules.spec import DecisionTable, decision_table_from_json
from yiwang.engines.trust.api import Entry
from yiwang.kernel.app import registry
from yiwang.kernel.canonical import canonical_json


def decide(graph: Graph, table: str, facts: Mapping[str, Any]) -> Any:
    """The result of one of the bundle's decision tables."""
    return _table(graph, table).evaluate(facts).value


@lru_cache(maxsize=512)
def _table(graph: Graph, key: str) -> DecisionTable:
    return decision_table_from_json(graph.bundle["tables"][key])


def advise(name: str, facts: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
    """What an app's advisor says of a case at the instant of a step."""
    return _advisor(name)(facts, at)


@lru_cache(maxsize=512)
def _advisor(name: str) -> Callable[[Mapping[str, Any], datetime], Mapping[str, Any]]:
    return registry.find(Advisor, name).function


def surroundings() -> Surroundings:
    """The present world: the district's calendar, its organisations and users, its advisors."""
    return Surroundings(working_calendar(), lambda name: None, user_id, decide, advise)


def perform(case: Running, command: Command, around: Surroundings) -> dict[str, Any]:
    """Do the command; the facts it made are appended to what `save` will write. Raises as `step` does."""
    if case.graph.names_organisations:
        around = around._replace(organisation=partial(organisation_for, case.area or case.division))
    outcome = step(case.graph, case.state, command, around)
    case.state = outcome.state
    case.effects.extend(outcome.effects)
    case.changed_at = command.at
    if "data" in command.arguments:
        _read_head(case, command.arguments["data"])
    read_clock(case)
    if case.state.status in ("closed", "cancelled") and case.closed_at is None:
        case.closed_at = command.at
    kind, facts = f"case.{command.verb}", canonical_json(outcome.facts)
    who = command.actor, command.actor_name, command.on_behalf_of
    case.entries.append(Entry(kind, case.division, command.at, *who, facts))
    return outcome.facts


def read_clock(case: Running) -> None:
    """The deadline of the whole case, for lists."""
    for clock in case.state.clocks.values():
        if clock.kind == "case":
            case.due_at = clock.due_at
            return


def _read_head(case: Running, changed: Mapping[str, Any]) -> None:
    """Title, class and place as the data now has them, where what changed matters to them."""
    head, data = case.graph.head, case.state.data
    if "subject" in head and not head["subject"].names.isdisjoint(changed):
        case.title = str(head["subject"].value(data) or case.graph.title)[:200]
    if "category" in head and not head["category"].names.isdisjoint(changed):
        case.category = str(head["category"].value(data) or "")
    place = changed.get(case.graph.bundle.get("place") or "")
    if isinstance(place, Mapping):
        case.longitude, case.latitude = place.get("longitude"), place.get("latitude")
        area = place.get("division") or ""
        if area and area != case.area:
            case.area, case.division = area, area[:9]
