"""What every app keeps, found in the registry and tried with no line from its author."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import polib
import pytest

from yiwang.engines.cases.rebuilding import differences
from yiwang.engines.directory.spec import Role
from yiwang.engines.forms.api import compile_form, form_from_json, form_to_json
from yiwang.engines.processes.api import Graph, bundle_of
from yiwang.engines.processes.lint import check_bundle
from yiwang.engines.processes.spec import CaseType
from yiwang.engines.rules.spec import DecisionTable, decision_table_from_json
from yiwang.engines.stories.api import Sequel
from yiwang.kernel.app import App, registry
from yiwang.kernel.canonical import canonical_json
from yiwang.project.history import scenarios
from yiwang.project.messages import CATALOGUE, declared_texts

APPS = tuple(registry.apps.values())
TYPES = tuple((app, case_type) for app in APPS for case_type in app.of(CaseType))
STORIES = tuple((app, story) for app, scenario in scenarios().items() for story in scenario.mix)
each_app = pytest.mark.parametrize("app", APPS, ids=lambda app: app.key)
each_type = pytest.mark.parametrize(("app", "case_type"), TYPES, ids=lambda part: part.key)
each_story = pytest.mark.parametrize(("app", "story"), STORIES, ids=lambda part: getattr(part, "__name__", part))


def lint(app: App, case_type: CaseType) -> list[Any]:
    types = [f"{one.key}.{part.key}" for one, part in TYPES]
    return check_bundle(bundle_of(app.key, case_type), known_roles=list(registry.parts(Role)), known_types=types)


@each_app
def test_its_folder_declares_it(app: App) -> None:
    assert importlib.import_module(f"yiwang.apps.{app.net}.{app.key}.app").APP is app


@each_app
def test_every_text_people_read_has_english(app: App) -> None:
    english = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE))}
    lacking = sorted({text for text in declared_texts(app) if not english.get(text)})
    assert not lacking, f"Run make messages and translate in {CATALOGUE.name}: {lacking}"


@each_app
def test_it_tells_a_year(app: App) -> None:
    """A system with cases has a scenario: the same stories are its tests, its demo and its load."""
    assert not app.of(CaseType) or app.key in scenarios(), f"Write yiwang/apps/{app.net}/{app.key}/scenario.py"


@each_app
def test_every_role_has_something_to_do(app: App) -> None:
    mine = [bundle_of(app.key, case_type) for case_type in app.of(CaseType)]
    busy = {node.get("by") for bundle in mine for node in bundle["nodes"]}
    busy |= {role for bundle in mine for role in bundle["watchers"]}
    idle = [role.key for role in app.of(Role) if f"{app.key}.{role.key}" not in busy and not role.may]
    assert not idle, f"Nobody needs these roles: {idle}"


@each_type
def test_its_definition_is_clean(app: App, case_type: CaseType) -> None:
    assert [str(finding) for finding in lint(app, case_type)] == []


@each_type
def test_its_bundle_is_plain_json_and_says_the_same_twice(app: App, case_type: CaseType) -> None:
    bundle = bundle_of(app.key, case_type)
    again = orjson.loads(canonical_json(bundle))
    assert again == bundle == bundle_of(app.key, case_type)
    assert [node.key for node in Graph(again).nodes] == [node["key"] for node in bundle["nodes"]]


@each_type
def test_its_forms_and_tables_come_back_from_the_bundle(app: App, case_type: CaseType) -> None:
    bundle = bundle_of(app.key, case_type)
    for data in bundle["forms"].values():
        assert form_to_json(form_from_json(data)) == data
        compile_form(form_from_json(data))
    for data in bundle["tables"].values():
        assert decision_table_from_json(data).to_json() == data
    assert all(isinstance(table, DecisionTable) for table in app.of(DecisionTable))


@each_type
def test_every_task_is_done_in_some_story(app: App, case_type: CaseType) -> None:
    """What no story reaches is neither tested nor shown in the demo."""
    tasks = {node["key"] for node in bundle_of(app.key, case_type)["nodes"] if node["kind"] == "user_task"}
    moves = (move for story in scenarios()[app.key].mix for move in _moves(app, story))
    reached = {move.node for move in moves if not isinstance(move, Sequel)}
    assert tasks <= reached, f"No story of {app.key} reaches {sorted(tasks - reached)}"


def _moves(app: App, story: Callable[..., Iterator[Any]]) -> list[Any]:
    import random

    from yiwang.engines.stories.scenario import Cast, Spot, World

    told = story(World(app.key, Cast({}, [Spot(112.9, 23.0, "4406051240010001")]), random.Random(0)))
    next(told)
    found = list(told)
    return found + [move for one in found if isinstance(one, Sequel) for move in one.moves]


@pytest.mark.parametrize("key", sorted(scenarios()))
def test_the_shares_of_its_year_add_up(key: str) -> None:
    assert sum(scenarios()[key].mix.values()) == pytest.approx(100)


@each_story
def test_every_story_passes_and_its_history_is_the_truth(app: str, story: Any, told: Callable[..., Any]) -> None:
    """By its own people, with forms, rights and clocks; the state can be folded anew from the journal alone."""
    case = told(app, story)
    assert case.state.status in ("open", "closed", "cancelled", "suspended")
    if case.state.status in ("closed", "cancelled"):
        assert not case.state.tokens and not case.state.clocks and case.closed_at is not None
    else:
        assert case.state.tokens, "a case that is open waits for somebody or something"
    assert differences(case.id) == []
